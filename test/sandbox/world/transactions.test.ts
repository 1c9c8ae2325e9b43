import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDead, totalOf } from '../../../sandbox/world/ledger.ts';
import { heldStatuses, type Transaction, type TransactionStatus } from '../../../sandbox/world/types.ts';
import { outcomeOf, reserveMs, smallWorld, start, type SmallWorld } from './small-world.ts';

type Step = (small: SmallWorld, transaction: Transaction) => unknown;

const acts = {
  reserve: ({ world, ona }, { key }) => world.reserve(ona, key),
  confirm: ({ world }, { key }) => world.confirm(key),
  reject: ({ world }, { key }) => world.reject(key),
  delete: ({ world }, { key }) => world.deleteTransaction(key),
  renew: ({ world }, { key }) => world.renew(key),
  expire: ({ world }, { key }) => world.expire(key),
  resume: ({ world }, { key }) => world.resume(key),
  change: ({ world }, { key }) => world.changeAmount(key, 900),
} satisfies Record<string, Step>;

/** How each status is reached. */
const ways: Readonly<Record<TransactionStatus, readonly Step[]>> = {
  new: [],
  waiting: [({ world, ona }, { key }) => world.hold(ona, key, 'waiting')],
  waiting_funds: [
    ({ world, ona }, { key }) => {
      ona.balance = 0;
      world.hold(ona, key, 'waiting_funds');
    },
  ],
  waiting_registration: [({ world, ona }, { key }) => world.hold(ona, key, 'waiting_registration')],
  waiting_password: [({ world, ona }, { key }) => world.hold(ona, key, 'waiting_password')],
  reserved: [acts.reserve],
  confirmed: [acts.reserve, acts.confirm],
  rejected: [acts.reject],
  revoked: [acts.reserve, acts.delete],
  deleted: [acts.delete],
  failed: [
    (small, transaction) => {
      small.world.switches.expiredStatus = 'failed';
      acts.reserve(small, transaction);
      acts.expire(small, transaction);
    },
  ],
};

const no = 'invalid_state';
/** From a status, by an act: the status after it, or the refusal. Renewing leaves the old one as it is. */
const table: Readonly<Record<TransactionStatus, Readonly<Record<keyof typeof acts, string>>>> = {
  // prettier-ignore
  new: { reserve: 'reserved', confirm: no, reject: 'rejected', delete: 'deleted', renew: no, expire: no, resume: no, change: 'new' },
  // prettier-ignore
  waiting: { reserve: 'reserved', confirm: no, reject: 'rejected', delete: 'revoked', renew: no, expire: 'revoked', resume: 'reserved', change: 'waiting' },
  // prettier-ignore
  waiting_funds: { reserve: no, confirm: no, reject: 'rejected', delete: 'revoked', renew: no, expire: 'revoked', resume: 'not_enough_funds', change: 'waiting_funds' },
  // prettier-ignore
  waiting_registration: { reserve: no, confirm: no, reject: 'rejected', delete: 'revoked', renew: no, expire: 'revoked', resume: 'reserved', change: 'waiting_registration' },
  // prettier-ignore
  waiting_password: { reserve: no, confirm: no, reject: 'rejected', delete: 'revoked', renew: no, expire: 'revoked', resume: 'reserved', change: 'waiting_password' },
  // prettier-ignore
  reserved: { reserve: no, confirm: 'confirmed', reject: no, delete: 'revoked', renew: no, expire: 'revoked', resume: no, change: 'reserved' },
  // prettier-ignore
  confirmed: { reserve: no, confirm: no, reject: no, delete: no, renew: no, expire: no, resume: no, change: no },
  // prettier-ignore
  rejected: { reserve: no, confirm: no, reject: no, delete: no, renew: 'rejected', expire: no, resume: no, change: no },
  // prettier-ignore
  revoked: { reserve: no, confirm: no, reject: no, delete: no, renew: 'revoked', expire: no, resume: no, change: no },
  // prettier-ignore
  deleted: { reserve: no, confirm: no, reject: no, delete: no, renew: 'deleted', expire: no, resume: no, change: no },
  // prettier-ignore
  failed: { reserve: no, confirm: no, reject: no, delete: no, renew: 'failed', expire: no, resume: no, change: no },
};

const rows = Object.entries(table).flatMap(([from, outcomes]) =>
  Object.entries(outcomes).map(([act, outcome]) => [from, act, outcome] as const),
) as readonly (readonly [TransactionStatus, keyof typeof acts, string])[];

describe('a transaction', () => {
  it.each(rows)('that is %s, by %s: %s', (from, act, outcome) => {
    const small = smallWorld();
    const transaction = small.sell();
    for (const step of ways[from]) step(small, transaction);
    expect(transaction.status).toBe(from);
    const refused = outcomeOf(() => acts[act](small, transaction));
    expect(refused === 'done' ? transaction.status : refused).toBe(outcome);
    if (refused !== 'done') expect(transaction.status).toBe(from);
  });

  it.each(heldStatuses)('can be held as %s only while it is new', (status) => {
    const small = smallWorld();
    const transaction = small.sell();
    acts.reserve(small, transaction);
    expect(outcomeOf(() => small.world.hold(small.ona, transaction.key, status))).toBe('invalid_state');
  });

  it('locks money when it is reserved, and takes it when it is confirmed', () => {
    const small = smallWorld();
    const transaction = small.sell(1250);
    acts.reserve(small, transaction);
    expect(small.ona).toMatchObject({ balance: 100_000, locked: 1250 });
    expect(transaction).toMatchObject({ payer: small.ona.walletId, locked: 1250, reservedUntil: start + reserveMs });
    small.later(1000);
    acts.confirm(small, transaction);
    expect(small.ona).toMatchObject({ balance: 98_750, locked: 0 });
    expect(transaction).toMatchObject({ locked: 0, reservedUntil: null, confirmedAt: start + 1000 });
  });

  it('gives the money back when its time is over, to the millisecond', () => {
    const small = smallWorld();
    const transaction = small.sell(1250);
    acts.reserve(small, transaction);
    small.later(reserveMs - 1);
    expect(small.world.transaction(transaction.key).status).toBe('reserved');
    small.later(1);
    small.world.advance();
    expect(transaction.status).toBe('revoked');
    expect(small.ona).toMatchObject({ balance: 100_000, locked: 0 });
    expect(outcomeOf(() => acts.confirm(small, transaction))).toBe('invalid_state');
  });

  it('may have a moment instead of a time', () => {
    const small = smallWorld();
    const transaction = small.sell(1250, { reserveUntil: start + 5000 });
    small.later(4000);
    acts.reserve(small, transaction);
    small.later(1000);
    expect(small.world.transaction(transaction.key).status).toBe('revoked');
  });

  it('that nobody accepts is deleted after a month', () => {
    const small = smallWorld();
    const { key } = small.sell();
    small.later(30 * 86_400_000 - 1);
    expect(small.world.transaction(key).status).toBe('new');
    small.later(1);
    expect(small.world.transaction(key).status).toBe('deleted');
  });

  it('that confirms by itself is confirmed when it is accepted', () => {
    const small = smallWorld();
    const transaction = small.sell(1250, { autoConfirm: true });
    const order = small.order(transaction);
    acts.reserve(small, transaction);
    expect([transaction.status, order.status]).toEqual(['confirmed', 'confirmed']);
    expect(small.ona).toMatchObject({ balance: 98_750, locked: 0 });
  });

  it('is refused to who has too little, another currency, or no right', () => {
    const small = smallWorld();
    const { world, ona } = small;
    world.reserve(ona, small.sell(60_000).key);
    expect(outcomeOf(() => world.reserve(ona, small.sell(40_001).key))).toBe('not_enough_funds');
    expect(outcomeOf(() => world.reserve(ona, small.sell(1, { currency: 'USD' }).key))).toBe('not_enough_funds');
    ona.refusedWith = 'payer_account_inactive';
    expect(outcomeOf(() => world.reserve(ona, small.sell(1).key))).toBe('payer_account_inactive');
    ona.refusedWith = null;
    expect(outcomeOf(() => world.reserve(ona, small.sell(40_000).key))).toBe('done');
    expect(ona.locked).toBe(100_000);
  });

  it('locks while a password or a registration is missing, not while money is', () => {
    const locked = heldStatuses.map((status) => {
      const small = smallWorld();
      small.world.hold(small.ona, small.sell(1250).key, status);
      return [status, small.ona.locked];
    });
    expect(locked).toEqual([
      ['waiting', 0],
      ['waiting_funds', 0],
      ['waiting_registration', 1250],
      ['waiting_password', 1250],
    ]);
  });

  it('that waits for funds is reserved when they come', () => {
    const small = smallWorld({ shortOfFunds: 'waiting_funds' });
    const transaction = small.sell(150_000);
    acts.reserve(small, transaction);
    expect([transaction.status, small.ona.locked]).toEqual(['waiting_funds', 0]);
    small.ona.balance = 150_000;
    small.world.advance();
    expect([transaction.status, small.ona.locked]).toEqual(['reserved', 150_000]);
  });

  it('can be confirmed for less, never for more, and then all or nothing', () => {
    const small = smallWorld();
    const { world, ona } = small;
    const payments = [1000, 500].map((price) => ({ description: 'x', price, currency: 'EUR', parameters: null }));
    const { key } = world.createTransaction({ payments, reserveForMs: reserveMs, projectId: null });
    const [first = 0, second = 0] = world.reserve(ona, key).payments.map(({ id }) => id);
    const prices = (...entries: readonly (readonly [number, number])[]) => new Map(entries);
    expect(outcomeOf(() => world.confirm(key, prices([first, 900], [second, 501])))).toBe('invalid_parameters');
    expect(outcomeOf(() => world.confirm(key, prices([first, 900], [7, 1])))).toBe('invalid_parameters');
    expect(totalOf(world.transaction(key))).toBe(1500);
    expect(totalOf(world.confirm(key, prices([first, 900])))).toBe(1400);
    expect(ona).toMatchObject({ balance: 98_600, locked: 0 });
  });

  it('that is changed while it is reserved changes what is locked', () => {
    const small = smallWorld();
    const transaction = small.sell(1250);
    acts.reserve(small, transaction);
    small.world.changeTransaction(transaction.key, { price: 2000, currency: 'USD' });
    expect(transaction.payments).toMatchObject([{ price: 2000, currency: 'USD' }]);
    expect(small.ona.locked).toBe(2000);
    acts.confirm(small, transaction);
    expect(small.ona).toMatchObject({ balance: 98_000, locked: 0 });
  });

  it('that is renewed is a new one with the same contents', () => {
    const small = smallWorld();
    const old = small.sell(1250);
    acts.delete(small, old);
    const renewed = small.world.renew(old.key);
    expect(renewed.key).not.toBe(old.key);
    expect(renewed).toMatchObject({ status: 'new', payments: [{ price: 1250, description: 'Tea' }], payer: null });
    expect(renewed.payments[0]?.id).not.toBe(old.payments[0]?.id);
  });
});

describe('the money of users', () => {
  const names = Object.keys(acts) as (keyof typeof acts)[];
  const step = fc.record({
    act: fc.constantFrom<string>(...names, 'sell', 'hold', 'wait', 'checkIn', 'close', 'order'),
    which: fc.nat(5),
    held: fc.constantFrom(...heldStatuses),
  });

  function take(
    small: SmallWorld,
    { act, which, held }: { act: string; which: number; held: (typeof heldStatuses)[number] },
  ) {
    const transactions = [...small.world.transactions.values()];
    const transaction = transactions[which % Math.max(1, transactions.length)];
    if (act === 'sell' || !transaction) small.sell(1000 * (which + 1));
    else if (act === 'hold') small.world.hold(small.jonas, transaction.key, held);
    else if (act === 'wait') small.later(which * 200_000);
    else if (act === 'checkIn') small.world.checkIn(small.ona, small.spot);
    else if (act === 'close') small.world.closeSpot(small.spot);
    else if (act === 'order') small.order(transaction);
    else acts[act as keyof typeof acts](small, transaction);
  }

  it('always adds up, whatever happens in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const small = smallWorld({ shortOfFunds: 'waiting_funds' });
        for (const each of steps) outcomeOf(() => take(small, each));
        small.world.advance();
        const all = [...small.world.transactions.values()];
        for (const user of small.world.users) {
          const own = all.filter(({ payer }) => payer === user.walletId);
          const paid = own.filter(({ status }) => status === 'confirmed').reduce((sum, each) => sum + totalOf(each), 0);
          expect(user.balance).toBe(100_000 - paid);
          expect(user.locked).toBe(own.reduce((sum, { locked }) => sum + locked, 0));
          expect(user.locked).toBeGreaterThanOrEqual(0);
          expect(user.balance).toBeGreaterThanOrEqual(0);
        }
        for (const each of all) {
          const free = each.status === 'new' || each.status === 'confirmed' || isDead(each);
          if (free) expect(each.locked).toBe(0);
          if (each.status === 'reserved') expect(each.locked).toBe(totalOf(each));
        }
        for (const order of small.world.orders.values()) {
          const { status } = small.world.transaction(order.transactionKey);
          if (order.status === 'confirmed') expect(status).toBe('confirmed');
          if (order.status === 'reserved') expect(status).toBe('reserved');
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
