import { describe, expect, it } from 'vitest';
import { newTransactionFrom, orderFrom, pricesFrom, type Moment } from '../../../sandbox/api/bodies.ts';
import { likeliest } from '../../../sandbox/switches.ts';
import { ApiError } from '../../../sandbox/world/types.ts';

const now = 1_767_225_600_000;
const moment: Moment = { now, switches: likeliest, projectId: 77, locationId: 3 };
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const read = (value: unknown) => newTransactionFrom(bytes(value), moment);
const tea = { description: 'Tea', price: 250, currency: 'EUR' };

function refusalOf(work: () => unknown): readonly [code: string, fields: readonly string[]] {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return [error.code, Object.keys(error.properties ?? {})];
    throw error;
  }
  return ['done', []];
}

describe('a new transaction', () => {
  it('is read with everything that counts, and unknown fields ignored', () => {
    const body = {
      payments: [{ ...tea, parameters: { sale: '7' }, cashback: 3 }],
      reserve: { for: 60 },
      callback_uri: false,
      auto_confirm: true,
    };
    expect(read(body)).toEqual({
      payments: [{ ...tea, parameters: { sale: '7' }, items: undefined }],
      reserveForMs: 60_000,
      reserveUntil: null,
      autoConfirm: true,
      callbackUri: null,
      projectId: 77,
      locationId: 3,
    });
  });

  it.each([
    [{ price: 1 }, 1],
    [{ price_decimal: '12.5' }, 1250],
    [{ price_decimal: '12.50' }, 1250],
    [{ price_decimal: '3' }, 300],
    [
      {
        items: [
          { title: 'a', price: 100 },
          { title: 'b', price_decimal: '0.5', quantity: 3 },
        ],
      },
      250,
    ],
    [{ items: [{ title: 'a', price: 199, quantity: 1.5 }] }, 299],
    [{ items: [{ title: 'a', price: 199, quantity: 1.5, total_price: 298 }] }, 298],
    [{ items: [{ title: 'a', total_price_decimal: '2.50' }], price: 250 }, 250],
  ])('with the amount %j asks for %d', (amount, price) => {
    expect(read({ payments: [{ description: 'x', currency: 'EUR', ...amount }] }).payments[0]?.price).toBe(price);
  });

  it('takes description and currency from its items when it has none', () => {
    const items = [
      { title: 'Tea', price: 100, currency: 'EUR' },
      { title: 'Cake', price: 200 },
    ];
    expect(read({ payments: [{ items }] }).payments).toEqual([
      { description: 'Tea, Cake', currency: 'EUR', price: 300, parameters: null, items },
    ]);
  });

  it.each([
    ['nothing said', {}, { reserveForMs: 86_400_000, reserveUntil: null }],
    ['seconds', { reserve: { for: 900 } }, { reserveForMs: 900_000, reserveUntil: null }],
    ['a moment', { reserve: { until: now / 1000 + 60 } }, { reserveUntil: now + 60_000 }],
    ['the old hours', { reserve_for: 2 }, { reserveForMs: 7_200_000, reserveUntil: null }],
    ['the old moment', { reserve_until: now / 1000 + 60 }, { reserveUntil: now + 60_000 }],
  ])('is reserved for %s', (_name, reserve, expected) => {
    expect(read({ payments: [tea], ...reserve })).toMatchObject(expected);
  });

  const wrong: readonly (readonly [string, unknown, string, readonly string[]])[] = [
    ['no body', '', 'invalid_parameters', ['']],
    ['no JSON', '{', 'invalid_request', []],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'invalid_request', []],
    ['a list', [], 'invalid_parameters', ['']],
    ['no payments', {}, 'invalid_parameters', ['payments']],
    ['an empty list of payments', { payments: [] }, 'invalid_parameters', ['payments']],
    ['payments by id', { payments: [7] }, 'invalid_parameters', ['payments.0']],
    ['no price', { payments: [{ ...tea, price: undefined }] }, 'invalid_parameters', ['payments.0.price']],
    ['a price of zero', { payments: [{ ...tea, price: 0 }] }, 'invalid_parameters', ['payments.0.price']],
    ['a negative price', { payments: [{ ...tea, price: -1 }] }, 'invalid_parameters', ['payments.0.price']],
    ['half a cent', { payments: [{ ...tea, price: 0.5 }] }, 'invalid_parameters', ['payments.0.price']],
    ['a price as text', { payments: [{ ...tea, price: '250' }] }, 'invalid_parameters', ['payments.0.price']],
    ['both notations', { payments: [{ ...tea, price_decimal: '2.5' }] }, 'invalid_parameters', ['payments.0.price']],
    ['too much', { payments: [{ ...tea, price: 1_000_000_001 }] }, 'invalid_parameters', ['payments.0.price']],
    ['no description', { payments: [{ price: 1, currency: 'EUR' }] }, 'invalid_parameters', ['payments.0.description']],
    ['no currency', { payments: [{ price: 1, description: 'x' }] }, 'invalid_parameters', ['payments.0.currency']],
    ['a small currency', { payments: [{ ...tea, currency: 'eur' }] }, 'invalid_parameters', ['payments.0.currency']],
    [
      'a long text',
      { payments: [{ ...tea, description: 'x'.repeat(256) }] },
      'invalid_parameters',
      ['payments.0.description'],
    ],
    [
      'items of another sum',
      { payments: [{ ...tea, items: [{ title: 'a', price: 1 }] }] },
      'invalid_parameters',
      ['payments.0.items'],
    ],
    [
      'items without price',
      { payments: [{ ...tea, items: [{ title: 'a' }] }] },
      'invalid_parameters',
      ['payments.0.items.0.price'],
    ],
    [
      'an unreadable decimal',
      { payments: [{ ...tea, price: undefined, price_decimal: '1,5' }] },
      'invalid_parameters',
      ['payments.0.price'],
    ],
    ['two reservations', { payments: [tea], reserve: { for: 1, until: 2 } }, 'invalid_parameters', ['reserve']],
    ['old and new reservations', { payments: [tea], reserve: { for: 1 }, reserve_for: 1 }, 'invalid_parameters', []],
    ['a reservation in the past', { payments: [tea], reserve: { until: now / 1000 } }, 'invalid_parameters', []],
  ];
  it.each(wrong)('is refused with %s', (_name, body, code, fields) => {
    const work = () => newTransactionFrom(Buffer.isBuffer(body) ? body : bytes(body), moment);
    expect(refusalOf(work)).toEqual([code, fields]);
  });
});

describe('an order’s body', () => {
  it('holds a key or a transaction', () => {
    expect(orderFrom(bytes({ transaction_key: 'abc' }), moment)).toEqual({ key: 'abc' });
    expect(orderFrom(bytes({ transaction: { payments: [tea] } }), moment)).toMatchObject({
      asked: { payments: [{ price: 250 }], projectId: 77 },
    });
  });
});

describe('the prices of a confirmation', () => {
  it.each([
    ['', []],
    ['[]', []],
    ['{}', []],
    ['{"7":{"price":40,"currency":"EUR"}}', [[7, { price: 40, currency: 'EUR' }]]],
    ['{"7":{"price_decimal":"0.4"}}', [[7, { price: 40, currency: undefined }]]],
    ['{"7":{"price":0}}', [[7, { price: 0, currency: undefined }]]],
  ])('%s', (body, expected) => {
    expect([...pricesFrom(Buffer.from(body))]).toEqual(expected);
  });

  it.each(['7', '"x"', '[1]', '{"a":{"price":1}}', '{"7":{}}', '{"7":{"price":-1}}', '{"7":1}'])(
    'refuse %s',
    (body) => {
      expect(refusalOf(() => pricesFrom(Buffer.from(body)))[0]).toBe('invalid_parameters');
    },
  );
});
