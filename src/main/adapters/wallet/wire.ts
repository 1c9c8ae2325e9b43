import { z } from 'zod';

/**
 * What goes over the wire (api.md 6 and 8), read as tolerantly as its sources disagree (api.md 4 and 16): optional
 * elements may be missing or null, unknown fields are dropped, statuses are any text, and an empty object may come
 * as `[]`. What is wrong in a way that matters fails here; what a value means is settled in map.ts.
 */

/** An optional object: missing, null, or the empty array that some JSON encoders make of an empty object. */
function optionalObject<Shape extends z.ZodType>(shape: Shape) {
  return z
    .preprocess((value) => (Array.isArray(value) && value.length === 0 ? undefined : value), shape.nullish())
    .nullish();
}

const text = z.string().nullish();
const seconds = z.int().nullish();

/** GET /server: UNIX seconds. */
export const serverTimeSchema = z.object({ time: z.int() });

/** One payment. Amounts: an integer of cents, or a decimal text, or both (api.md 14). */
export const paymentSchema = z.object({
  id: z.int().nullish(),
  description: text,
  price: z.unknown().optional(),
  price_decimal: z.unknown().optional(),
  currency: text,
  parameters: z.unknown().optional(),
});
export type WirePayment = z.infer<typeof paymentSchema>;

/** A transaction as the API gives it. Payments may be bare ids. */
export const transactionSchema = z.object({
  transaction_key: z.string().min(1),
  status: z.string().min(1),
  created_at: seconds,
  confirmed_at: seconds,
  payments: z.array(z.union([paymentSchema, z.int()])).nullish(),
});
export type WireTransaction = z.infer<typeof transactionSchema>;

/**
 * An order. An embedded transaction that cannot be read counts as not embedded: the order's key leads to it.
 */
export const orderSchema = z.object({
  id: z.int(),
  transaction_key: z.string().min(1),
  status: z.string().min(1),
  transaction: optionalObject(transactionSchema).catch(undefined),
});
export type WireOrder = z.infer<typeof orderSchema>;

const placeInfoSchema = z.object({ title: text, description: text, address: text, location_id: z.int().nullish() });

/** A spot. `orders` is missing from lists, and may be when there are none (api.md 6.1). */
export const spotSchema = z.object({
  id: z.int(),
  status: z.string().min(1),
  identifier: text,
  place_info: optionalObject(placeInfoSchema),
  orders: z.array(orderSchema).nullish(),
});
export type WireSpot = z.infer<typeof spotSchema>;

/** Where in a list an answer stands. */
const metadataSchema = optionalObject(
  z.object({
    total: z.int().nullish(),
    offset: z.int().nullish(),
    limit: z.int().nullish(),
    has_next: z.boolean().nullish(),
  }),
);
export type WireMetadata = z.infer<typeof metadataSchema>;

export const spotListSchema = z.object({ spots: z.array(spotSchema), _metadata: metadataSchema });
export const transactionListSchema = z.object({ transactions: z.array(transactionSchema), _metadata: metadataSchema });

/** GET /code: what a scanned text means. */
export const codeSchema = z.object({
  type: z.string().min(1),
  parameters: optionalObject(z.record(z.string(), z.unknown())),
});

/** An error body (api.md 11.1). Everything may be missing: the HTTP status decides first. */
export const errorSchema = z.object({
  error: text,
  error_description: text,
  error_properties: z.unknown().optional(),
  correlation_id: text,
});
export type WireError = z.infer<typeof errorSchema>;

const paymentRequestSchema = z
  .object({
    description: z.string().min(1),
    price: z.int().optional(),
    price_decimal: z.string().optional(),
    currency: z.string().length(3),
    parameters: z.unknown().optional(),
  })
  .refine((payment) => (payment.price === undefined) !== (payment.price_decimal === undefined), {
    message: 'Give either price or price_decimal, not both and not neither.',
  });

/** POST /transaction: what is sent to make a transaction (api.md 6.4). `reserve.for` is in seconds. */
export const transactionRequestSchema = z.object({
  payments: z.array(paymentRequestSchema).min(1),
  reserve: z.object({ for: z.int().min(1) }).optional(),
  callback_uri: z.string().min(1).optional(),
});

/** POST /spot/:id/order and PUT /order/:id: a transaction's key or a transaction, never both (api.md 6.3). */
export const orderRequestSchema = z.union([
  z.object({ transaction_key: z.string().min(1), transaction: z.undefined().optional() }),
  z.object({ transaction_key: z.undefined().optional(), transaction: transactionRequestSchema }),
]);
