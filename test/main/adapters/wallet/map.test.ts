import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  descriptionOf,
  orderOf,
  spotOf,
  spotStatus,
  transactionBody,
  transactionOf,
} from '../../../../src/main/adapters/wallet/map.ts';
import {
  orderSchema,
  spotSchema,
  transactionRequestSchema,
  transactionSchema,
} from '../../../../src/main/adapters/wallet/wire.ts';
import { transactionStatuses, type TransactionRequest } from '../../../../src/main/core/remote.ts';
import { decimalFromMinorUnits, minorUnits, money } from '../../../../src/shared/money.ts';

const request: TransactionRequest = {
  price: money(4512, 'EUR'),
  description: 'Bill 7',
  parameters: { terminal: 'K1', spot: '3:TABLE1', bill: 'bill_1', offer: 'offer_1' },
  reserveForSeconds: 900,
};

function priceOf(payment: Record<string, unknown>) {
  const wire = transactionSchema.parse({ transaction_key: 'k', status: 'new', payments: [payment] });
  return transactionOf(wire).payments[0]?.price;
}

describe('prices', () => {
  it('any amount is the same as an integer, as a decimal, as a trimmed decimal, and as both', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (cents) => {
        const decimal = decimalFromMinorUnits(minorUnits(cents));
        const trimmed = decimal.replace(/\.?0+$/, '') || '0';
        const expected = money(cents, 'EUR');
        expect(priceOf({ price: cents, currency: 'EUR' })).toEqual(expected);
        expect(priceOf({ price_decimal: decimal, currency: 'EUR' })).toEqual(expected);
        expect(priceOf({ price_decimal: decimal.includes('.') ? trimmed : decimal, currency: 'EUR' })).toEqual(
          expected,
        );
        expect(priceOf({ price: cents, price_decimal: decimal, currency: 'EUR' })).toEqual(expected);
      }),
    );
  });

  it.each<[payment: Record<string, unknown>, why: string]>([
    [{ price_decimal: '45.12' }, 'no currency'],
    [{ price: 4512, currency: 'eur' }, 'a currency that is none'],
    [{ currency: 'EUR' }, 'no amount'],
    [{ price: null, price_decimal: null, currency: 'EUR' }, 'null amounts'],
    [{ price: 45.12, currency: 'EUR' }, 'a fraction of a cent'],
    [{ price: '4512', currency: 'EUR' }, 'a text instead of an integer'],
    [{ price: 2 ** 60, currency: 'EUR' }, 'more than can be counted'],
    [{ price_decimal: 45.12, currency: 'EUR' }, 'a decimal that came as a float'],
    [{ price_decimal: '45.125', currency: 'EUR' }, 'three decimal places'],
    [{ price_decimal: '45,12', currency: 'EUR' }, 'a comma'],
    [{ price_decimal: '1e3', currency: 'EUR' }, 'an exponent'],
    [{ price: 4512, price_decimal: '45.13', currency: 'EUR' }, 'two amounts that contradict each other'],
  ])('%j has no price: %s', (payment) => {
    expect(priceOf(payment)).toBeNull();
  });

  it('an integer counts when the decimal beside it cannot be read', () => {
    expect(priceOf({ price: 4512, price_decimal: '45,12', currency: 'EUR' })).toEqual(money(4512, 'EUR'));
  });

  it('a bare payment id has no price', () => {
    const wire = transactionSchema.parse({ transaction_key: 'k', status: 'new', payments: [77] });
    expect(transactionOf(wire).payments).toEqual([{ id: 77, description: '', price: null, parameters: null }]);
  });
});

describe('statuses', () => {
  it('both spellings of open are one state; an unknown one is null', () => {
    expect(['closed', 'waiting', 'open', 'opened', 'active', 'OPEN'].map(spotStatus)).toEqual([
      'closed',
      'waiting',
      'open',
      'open',
      null,
      null,
    ]);
  });

  it('known transaction statuses stay, any other is unknown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...transactionStatuses), fc.string({ minLength: 1 })), (status) => {
        const known = (transactionStatuses as readonly string[]).includes(status);
        const { status: mapped } = transactionOf(transactionSchema.parse({ transaction_key: 'k', status }));
        expect(mapped).toBe(known ? status : 'unknown');
      }),
    );
  });

  it('an unknown order status is unknown', () => {
    expect(orderOf(orderSchema.parse({ id: 1, transaction_key: 'k', status: 'split' })).status).toBe('unknown');
  });
});

describe('spots', () => {
  it('missing orders are null, no orders are none', () => {
    expect(spotOf(spotSchema.parse({ id: 1, status: 'closed' })).orders).toBeNull();
    expect(spotOf(spotSchema.parse({ id: 1, status: 'closed', orders: null })).orders).toBeNull();
    expect(spotOf(spotSchema.parse({ id: 1, status: 'closed', orders: [] })).orders).toEqual([]);
  });

  it('a missing place leaves title and location empty', () => {
    expect(spotOf(spotSchema.parse({ id: 1, status: 'closed', identifier: 'table1' }))).toEqual({
      id: 1,
      identifier: 'table1',
      status: 'closed',
      title: '',
      locationId: null,
      orders: null,
    });
  });

  it('embedded transactions come along, times in milliseconds', () => {
    const transaction = { transaction_key: 'k', status: 'confirmed', created_at: 10, confirmed_at: 12 };
    const orders = [{ id: 2, transaction_key: 'k', status: 'confirmed', transaction }];
    expect(spotOf(spotSchema.parse({ id: 1, status: 'opened', orders })).orders).toEqual([
      {
        id: 2,
        transactionKey: 'k',
        status: 'confirmed',
        transaction: { key: 'k', status: 'confirmed', createdAt: 10_000, confirmedAt: 12_000, payments: [] },
      },
    ]);
  });
});

describe('what is sent', () => {
  it('an integer price, our parameters and the reservation time in seconds', () => {
    expect(transactionBody(request)).toEqual({
      payments: [{ description: 'Bill 7', price: 4512, currency: 'EUR', parameters: request.parameters }],
      reserve: { for: 900 },
    });
  });

  it('the address for callbacks, only where there is one', () => {
    const callbackUri = 'https://pay.example.lt/callbacks/T1';
    const body = transactionBody({ ...request, callbackUri });
    expect(body).toMatchObject({ callback_uri: callbackUri, reserve: { for: 900 } });
    expect(transactionRequestSchema.parse(body)).toEqual(body);
    expect(transactionBody(request)).not.toHaveProperty('callback_uri');
  });

  it('any description goes out as one line of 1 to 90 characters without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (description) => {
        const sent = descriptionOf({ ...request, description });
        const { length } = Array.from(sent);
        expect(length).toBeGreaterThan(0);
        expect(length).toBeLessThanOrEqual(90);
        expect(sent).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(transactionRequestSchema.safeParse(transactionBody({ ...request, description })).success).toBe(true);
      }),
    );
  });

  it('a short description is not changed, a long one says that it was cut', () => {
    expect(descriptionOf({ ...request, description: 'Kava ąčę 🍰' })).toBe('Kava ąčę 🍰');
    expect(descriptionOf({ ...request, description: 'x'.repeat(91) })).toBe(`${'x'.repeat(89)}…`);
  });
});
