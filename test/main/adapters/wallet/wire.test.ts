import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  codeSchema,
  errorSchema,
  orderRequestSchema,
  orderSchema,
  serverTimeSchema,
  spotListSchema,
  spotSchema,
  transactionListSchema,
  transactionRequestSchema,
  transactionSchema,
} from '../../../../src/main/adapters/wallet/wire.ts';

const payment = {
  id: 5150,
  transaction_key: 'Qm4xT0aZr7LkW2vN',
  status: 'reserved',
  price: 4512,
  price_decimal: '45.12',
  currency: 'EUR',
  description: 'Lane 2',
  parameters: { kiosk: 'K1' },
  beneficiary: 5,
};
const transaction = {
  transaction_key: 'Qm4xT0aZr7LkW2vN',
  created_at: 1767225600,
  status: 'reserved',
  reserve: { for: 900 },
  payments: [payment],
};
const order = { id: 880, transaction_key: 'Qm4xT0aZr7LkW2vN', status: 'pending', transaction };
const place = { title: 'Station North', description: 'Fuel', address: 'Ring Rd 5', location_id: 9001 };
const spot = { id: 4711, status: 'open', identifier: 'lane2', place_info: place, orders: [order] };

const samples: readonly (readonly [name: string, schema: z.ZodType, value: Record<string, unknown>])[] = [
  ['server time', serverTimeSchema, { time: 1383116734 }],
  ['transaction', transactionSchema, transaction],
  ['order', orderSchema, order],
  ['spot', spotSchema, spot],
  ['spot list', spotListSchema, { spots: [spot], _metadata: { total: 1, offset: 0, limit: 20 } }],
  ['transaction list', transactionListSchema, { transactions: [transaction], _metadata: { total: 1 } }],
  ['code', codeSchema, { type: 'spot', parameters: { spot_id: 4711 } }],
  ['error', errorSchema, { error: 'not_found', error_description: 'Gone' }],
];

/** The value with one more field on every object in it. */
function withUnknownFields(value: unknown, name: string, extra: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withUnknownFields(item, name, extra));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, withUnknownFields(item, name, extra)]);
  return { [`x_${name}`]: extra, ...Object.fromEntries(entries) };
}

describe('wire schemas', () => {
  for (const [name, schema, value] of samples) {
    it(`${name}: the documented sample is read`, () => {
      expect(schema.safeParse(value).success).toBe(true);
    });

    it(`${name}: unknown fields anywhere change nothing`, () => {
      const plain = schema.parse(value);
      fc.assert(
        fc.property(fc.string(), fc.jsonValue(), (field, extra) => {
          const read = schema.parse(withUnknownFields(value, field, extra));
          // Free-form parts come back as they are; everything else has lost the unknown field.
          expect(
            JSON.parse(JSON.stringify(read, (key, item: unknown) => (key.startsWith('x_') ? undefined : item))),
          ).toEqual(JSON.parse(JSON.stringify(plain)));
        }),
      );
    });
  }

  const optionals: readonly (readonly [z.ZodType, Record<string, unknown>, readonly string[]])[] = [
    [transactionSchema, transaction, ['created_at', 'confirmed_at', 'payments']],
    [orderSchema, order, ['transaction']],
    [spotSchema, spot, ['identifier', 'place_info', 'orders']],
    [spotListSchema, { spots: [], _metadata: {} }, ['_metadata']],
    [errorSchema, { error: 'x' }, ['error', 'error_description', 'error_properties', 'correlation_id']],
  ];

  it('any optional element may be missing, null or an empty object', () => {
    for (const [schema, value, names] of optionals) {
      fc.assert(
        fc.property(fc.dictionary(fc.constantFrom(...names), fc.constantFrom(null, undefined)), (absent) => {
          expect(schema.safeParse({ ...value, ...absent }).success).toBe(true);
        }),
      );
    }
  });

  it('an empty object may come as an empty array', () => {
    expect(spotSchema.parse({ ...spot, place_info: [] }).place_info).toBeUndefined();
    expect(spotListSchema.safeParse({ spots: [], _metadata: [] }).success).toBe(true);
    expect(codeSchema.safeParse({ type: 'spot', parameters: [] }).success).toBe(true);
  });

  it('statuses are any text', () => {
    expect(spotSchema.parse({ ...spot, status: 'active' }).status).toBe('active');
    expect(transactionSchema.parse({ ...transaction, status: 'frozen' }).status).toBe('frozen');
    expect(orderSchema.parse({ ...order, status: 'split' }).status).toBe('split');
  });

  it('payments may have no amounts, no texts, or be bare ids', () => {
    expect(transactionSchema.safeParse({ ...transaction, payments: [{}, { price: null }, 77] }).success).toBe(true);
  });

  it.each([{}, [], 'soon', null, { transaction_key: 1 }])(
    'an embedded transaction %j that cannot be read counts as not embedded',
    (embedded) => {
      expect(orderSchema.parse({ ...order, transaction: embedded }).transaction ?? null).toBeNull();
    },
  );

  it.each([
    [spotSchema, {}],
    [spotSchema, []],
    [spotSchema, 'ok'],
    [spotSchema, { ...spot, id: 2 ** 60 }],
    [transactionSchema, {}],
    [transactionSchema, { ...transaction, transaction_key: '' }],
    [orderSchema, { ...order, id: null }],
    [spotListSchema, {}],
    [serverTimeSchema, { time: '1383116734' }],
  ])('what matters may not be missing or wrong (%#)', (schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

describe('request schemas', () => {
  const request = { payments: [{ description: 'Coffee', price: 250, currency: 'EUR' }], reserve: { for: 900 } };

  it('a price is given once', () => {
    const [first] = request.payments;
    expect(transactionRequestSchema.safeParse(request).success).toBe(true);
    expect(transactionRequestSchema.safeParse({ payments: [{ ...first, price_decimal: '2.5' }] }).success).toBe(false);
    expect(transactionRequestSchema.safeParse({ payments: [{ ...first, price: undefined }] }).success).toBe(false);
  });

  it('an order names a transaction or holds one, never both', () => {
    expect(orderRequestSchema.safeParse({ transaction_key: 'k' }).success).toBe(true);
    expect(orderRequestSchema.safeParse({ transaction: request }).success).toBe(true);
    expect(orderRequestSchema.safeParse({ transaction_key: 'k', transaction: request }).success).toBe(false);
    expect(orderRequestSchema.safeParse({}).success).toBe(false);
  });
});
