import { minorUnitsFromDecimal } from '../../src/shared/money.ts';
import { ApiError } from '../world/types.ts';

/** An amount as it comes: cents, or a decimal text (api.md 14). */
interface PriceFields {
  readonly price?: number | undefined;
  readonly price_decimal?: string | undefined;
}

/** A line of a payment, as it comes (api.md 6.6). */
export interface ItemFields extends PriceFields {
  readonly quantity?: number | undefined;
  readonly total_price?: number | undefined;
  readonly total_price_decimal?: string | undefined;
}

/**
 * Minor units of an amount; undefined when there is none. Both notations together are not allowed in requests
 * (api.md 6.5), except where `bothAllowed` says so: then they must agree.
 * @throws ApiError `invalid_parameters`
 */
export function priceOf(
  { price, price_decimal: decimal }: PriceFields,
  path: string,
  { bothAllowed = false } = {},
): number | undefined {
  const read = decimal === undefined ? undefined : minorUnitsFromDecimal(decimal);
  const unreadable = decimal !== undefined && (read === undefined || read < 0);
  const both = price !== undefined && decimal !== undefined;
  if (unreadable || (both && (!bothAllowed || price !== read))) {
    throw new ApiError('invalid_parameters', 'Price is wrong', { [path]: ['Give either price or price_decimal'] });
  }
  return price ?? read;
}

/** What the lines of a payment make together. @throws ApiError `invalid_parameters` */
export function totalOfItems(items: readonly ItemFields[], path: string): number {
  return items.reduce((sum, item, index) => sum + totalOfItem(item, `${path}.${index}`), 0);
}

function totalOfItem(item: ItemFields, path: string): number {
  const total = priceOf({ price: item.total_price, price_decimal: item.total_price_decimal }, `${path}.total_price`);
  if (total !== undefined) return total;
  const single = priceOf(item, `${path}.price`);
  if (single === undefined) {
    throw new ApiError('invalid_parameters', 'Price of an item is required', { [`${path}.price`]: ['Missing'] });
  }
  return Math.round(single * (item.quantity ?? 1));
}
