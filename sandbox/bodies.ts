import { z } from 'zod';
import { minorUnitsFromDecimal } from '../src/shared/money.ts';
import { ApiError } from './world/types.ts';
import { defaultReserveMs, type NewTransaction } from './world/world.ts';

/** What clients send, checked as strictly as a server would (api.md 6.4, 6.5). */

const item = z.looseObject({ title: z.string(), quantity: z.number().optional() });

const payment = z.looseObject({
  description: z.string().min(1).max(255),
  price: z.int().min(1).optional(),
  price_decimal: z.string().optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  parameters: z.unknown().optional(),
  items: z.array(item).optional(),
});

const transaction = z.looseObject({
  payments: z.array(payment).min(1),
  reserve: z.union([z.strictObject({ for: z.int().min(1) }), z.strictObject({ until: z.int() })]).optional(),
});

const orderBody = z.looseObject({ transaction_key: z.string().optional(), transaction: transaction.optional() });

const prices = z.record(z.string(), z.looseObject({ price: z.int().optional(), price_decimal: z.string().optional() }));

/** JSON of a body. @throws ApiError `invalid_request` */
export function jsonOf(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
  } catch {
    throw new ApiError('invalid_request', 'Request body is not valid JSON');
  }
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const properties = Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), [issue.message]]));
  throw new ApiError('invalid_parameters', 'Some parameters are missing or wrong', properties);
}

function asNew(value: z.infer<typeof transaction>, now: number, projectId: number | null): NewTransaction {
  return {
    payments: value.payments.map((each, index) => ({
      description: each.description,
      price: priceOf(each, `payments.${index}.price`),
      currency: each.currency,
      parameters: each.parameters ?? null,
    })),
    reserveForMs: reserveMs(value.reserve, now),
    projectId,
  };
}

function reserveMs(reserve: z.infer<typeof transaction>['reserve'], now: number): number {
  if (!reserve) return defaultReserveMs;
  return 'for' in reserve ? reserve.for * 1000 : Math.max(0, reserve.until * 1000 - now);
}

function priceOf(
  { price, price_decimal }: { price?: number | undefined; price_decimal?: string | undefined },
  path: string,
): number {
  const decimal = price_decimal === undefined ? undefined : minorUnitsFromDecimal(price_decimal);
  const value = price ?? decimal;
  if (value === undefined || value < 1 || (price !== undefined && price_decimal !== undefined)) {
    throw new ApiError('invalid_parameters', 'Price is required', { [path]: ['Give either price or price_decimal'] });
  }
  return value;
}

/** What a caller knows besides the body. */
interface Moment {
  readonly now: number;
  readonly projectId: number | null;
}

/** POST /transaction. @throws ApiError */
export function newTransactionFrom(body: Uint8Array, { now, projectId }: Moment): NewTransaction {
  return asNew(checked(transaction, jsonOf(body)), now, projectId);
}

/** Body of an order: exactly one of a key and a transaction (api.md 6.3). @throws ApiError */
export function orderFrom(body: Uint8Array, { now, projectId }: Moment): { key: string } | { asked: NewTransaction } {
  const value = checked(orderBody, jsonOf(body));
  if (value.transaction_key !== undefined && value.transaction === undefined) return { key: value.transaction_key };
  if (value.transaction !== undefined && value.transaction_key === undefined) {
    return { asked: asNew(value.transaction, now, projectId) };
  }
  throw new ApiError('invalid_parameters', 'Give exactly one of transaction_key and transaction');
}

/** Body of a confirmation: nothing, an empty array, or lowered prices by payment id (api.md 8.4). @throws ApiError */
export function pricesFrom(body: Uint8Array): ReadonlyMap<number, number> {
  const value = jsonOf(body);
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return new Map();
  return new Map(Object.entries(checked(prices, value)).map(([id, each]) => [Number(id), priceOf(each, id)]));
}
