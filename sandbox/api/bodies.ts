import { z } from 'zod';
import { priceOf, totalOfItems } from './prices.ts';
import type { Switches } from '../switches.ts';
import { ApiError, type NewTransaction } from '../world/types.ts';

/** What clients send, checked as strictly as a server would (api.md 6.4, 6.5, 6.6). */

const cents = z.int().min(0);
const decimal = z.string().max(20);

const item = z.looseObject({
  title: z.string().min(1),
  price: cents.optional(),
  price_decimal: decimal.optional(),
  currency: z.string().optional(),
  quantity: z.number().positive().optional(),
  total_price: cents.optional(),
  total_price_decimal: decimal.optional(),
});

const payment = z.looseObject({
  description: z.string().min(1).optional(),
  price: cents.optional(),
  price_decimal: decimal.optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  parameters: z.unknown().optional(),
  items: z.array(item).min(1).optional(),
});
type PaymentBody = z.infer<typeof payment>;

const transaction = z.looseObject({
  payments: z.array(payment).min(1),
  reserve: z.union([z.strictObject({ for: z.int().min(1) }), z.strictObject({ until: z.int() })]).optional(),
  /** Deprecated: in hours. */
  reserve_for: z.int().min(1).optional(),
  /** Deprecated. */
  reserve_until: z.int().optional(),
  auto_confirm: z.boolean().optional(),
  callback_uri: z.union([z.url({ protocol: /^https?$/ }).max(2000), z.literal(false)]).optional(),
});
type TransactionBody = z.infer<typeof transaction>;

const orderBody = z.looseObject({ transaction_key: z.string().optional(), transaction: transaction.optional() });

const price = z.looseObject({
  price: cents.optional(),
  price_decimal: decimal.optional(),
  currency: z.string().optional(),
});
const prices = z.record(z.string().regex(/^\d+$/), price);

/** What a body is read with, besides itself. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly switches: Switches;
  readonly projectId: number | null;
  readonly locationId: number | null;
}

function jsonOf(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown;
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

function missing(path: string, what: string): ApiError {
  return new ApiError('invalid_parameters', `${what} is required`, { [path]: ['Value is missing'] });
}

function asNew(value: TransactionBody, moment: Moment): NewTransaction {
  return {
    payments: value.payments.map((each, index) => paymentFrom(each, `payments.${index}`, moment.switches)),
    ...reservationFrom(value, moment),
    autoConfirm: value.auto_confirm ?? false,
    callbackUri: value.callback_uri === false ? null : (value.callback_uri ?? null),
    projectId: moment.projectId,
    locationId: moment.locationId,
  };
}

function paymentFrom(body: PaymentBody, path: string, switches: Switches): NewTransaction['payments'][number] {
  const description = body.description ?? body.items?.map(({ title }) => title).join(', ');
  const currency = body.currency ?? body.items?.[0]?.currency;
  if (description === undefined) throw missing(`${path}.description`, 'Description');
  if (currency === undefined) throw missing(`${path}.currency`, 'Currency');
  if (description.length > switches.longestDescription) {
    throw new ApiError('invalid_parameters', 'Description is too long', { [`${path}.description`]: ['Too long'] });
  }
  const total = totalFrom(body, path);
  if (total < 1 || total > switches.largestPrice) {
    throw new ApiError('invalid_parameters', 'Price is out of range', { [`${path}.price`]: ['Out of range'] });
  }
  return { description, price: total, currency, parameters: body.parameters ?? null, items: body.items };
}

/** The total that was given, or that the items make; both must agree (api.md 6.5). */
function totalFrom(body: PaymentBody, path: string): number {
  const given = priceOf(body, `${path}.price`);
  if (!body.items) {
    if (given === undefined) throw missing(`${path}.price`, 'Price');
    return given;
  }
  const total = totalOfItems(body.items, `${path}.items`);
  if (given !== undefined && given !== total) {
    throw new ApiError('invalid_parameters', 'Items do not make the price', { [`${path}.items`]: ['Wrong total'] });
  }
  return total;
}

function reservationFrom(
  value: TransactionBody,
  { now, switches }: Moment,
): { reserveForMs: number; reserveUntil: number | null } {
  const { reserve, reserve_for: hours, reserve_until: old } = value;
  if ([reserve, hours, old].filter((each) => each !== undefined).length > 1) {
    throw new ApiError('invalid_parameters', 'Give only one of reserve, reserve_for and reserve_until');
  }
  const until = reserve && 'until' in reserve ? reserve.until : old;
  if (until !== undefined && until * 1000 <= now) {
    throw new ApiError('invalid_parameters', 'Reservation would end before it began');
  }
  const seconds = reserve && 'for' in reserve ? reserve.for : hours && hours * 3600;
  return {
    reserveForMs: (seconds ?? switches.defaultReserveSeconds) * 1000,
    reserveUntil: until === undefined ? null : until * 1000,
  };
}

/** POST /transaction. @throws ApiError */
export function newTransactionFrom(body: Uint8Array, moment: Moment): NewTransaction {
  return asNew(checked(transaction, jsonOf(body)), moment);
}

/** Body of an order: exactly one of a key and a transaction (api.md 6.3). @throws ApiError */
export function orderFrom(body: Uint8Array, moment: Moment): { key: string } | { asked: NewTransaction } {
  const { transaction_key: key, transaction: inline } = checked(orderBody, jsonOf(body));
  if (key !== undefined && inline === undefined) return { key };
  if (inline === undefined || key !== undefined) {
    throw new ApiError('invalid_parameters', 'Give exactly one of transaction_key and transaction');
  }
  const { inlineFields } = moment.switches;
  return { asked: asNew(inlineFields === 'all' ? inline : { payments: inline.payments }, moment) };
}

/** A lowered price of a confirmation. */
export interface LoweredPrice {
  readonly price: number;
  readonly currency: string | undefined;
}

/** Body of a confirmation: nothing, an empty array, or lowered prices by payment id (api.md 8.4). @throws ApiError */
export function pricesFrom(body: Uint8Array): ReadonlyMap<number, LoweredPrice> {
  const value = jsonOf(body);
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return new Map();
  return new Map(
    Object.entries(checked(prices, value)).map(([id, each]) => {
      const lowered = priceOf(each, id, { bothAllowed: true });
      if (lowered === undefined) throw missing(`${id}.price`, 'Price');
      return [Number(id), { price: lowered, currency: each.currency }];
    }),
  );
}
