import { describe, expect, it } from 'vitest';
import type { OrderStatus, Transaction } from '../../../sandbox/world/types.ts';
import { outcomeOf, reserveMs, smallWorld, type SmallWorld } from './small-world.ts';

type Step = (small: SmallWorld, transaction: Transaction) => unknown;

const reserve: Step = ({ world, ona }, { key }) => world.reserve(ona, key);
const confirm: Step = ({ world }, { key }) => world.confirm(key);
const reject: Step = ({ world }, { key }) => world.reject(key);
const remove: Step = ({ world }, { key }) => world.deleteTransaction(key);
const expire: Step = ({ later }) => {
  later(reserveMs);
};
const hold: Step = ({ world, ona }, { key }) => world.hold(ona, key, 'waiting_password');
const resume: Step = ({ world }, { key }) => world.resume(key);
const close: Step = ({ world, spot }) => world.closeSpot(spot);
const comeAndGo: Step = ({ world, jonas, spot }) => {
  world.checkIn(jonas, spot);
  world.checkOut(jonas, spot);
};

const table: readonly (readonly [OrderStatus, string, readonly Step[]])[] = [
  ['pending', 'made', []],
  ['reserved', 'its transaction is reserved', [reserve]],
  ['confirmed', 'its transaction is confirmed', [reserve, confirm]],
  ['closed', 'its transaction is rejected', [reject]],
  ['closed', 'its transaction is deleted', [remove]],
  ['closed', 'its transaction is revoked', [reserve, remove]],
  ['closed', 'its reservation runs out', [reserve, expire]],
  ['pending', 'a password is missing', [hold]],
  ['reserved', 'the password has come', [hold, resume]],
  ['closed', 'the merchant closes the spot', [close]],
  ['reserved', 'the merchant closes the spot too early', [reserve, close]],
  ['confirmed', 'the merchant closes the spot after payment', [reserve, confirm, close]],
  ['closed', 'the last customer leaves', [comeAndGo]],
  ['reserved', 'the last customer leaves before the merchant has confirmed', [reserve, comeAndGo]],
  ['closed', 'its transaction is reserved after the spot was closed', [close, reserve]],
  ['closed', 'its transaction is paid after the spot was closed', [close, reserve, confirm]],
];

describe('an order', () => {
  it.each(table)('is %s when %s', (status, _name, steps) => {
    const small = smallWorld();
    const transaction = small.sell();
    const order = small.order(transaction);
    for (const step of steps) step(small, transaction);
    expect(small.world.order(order.id).status).toBe(status);
  });

  const given: readonly (readonly [string, readonly Step[], string])[] = [
    ['a new transaction', [], 'pending'],
    ['a reserved one', [reserve], 'reserved'],
    ['a paid one', [reserve, confirm], 'confirmed'],
    ['one that waits for a password', [hold], 'pending'],
    ['a rejected one', [reject], 'invalid_state'],
    ['a deleted one', [remove], 'invalid_state'],
    ['one that ran out', [reserve, expire], 'invalid_state'],
  ];

  it.each(given)('made for %s', (_name, steps, outcome) => {
    const small = smallWorld();
    const transaction = small.sell();
    for (const step of steps) step(small, transaction);
    const refused = outcomeOf(() => small.order(transaction));
    const [order] = small.world.orders.values();
    expect(refused === 'done' ? order?.status : refused).toBe(outcome);
  });

  it.each(given)('pointed to %s', (_name, steps, outcome) => {
    const small = smallWorld();
    const order = small.order();
    const transaction = small.sell();
    for (const step of steps) step(small, transaction);
    const refused = outcomeOf(() => small.world.editOrder(order.id, transaction.key));
    expect(refused === 'done' ? order.status : refused).toBe(outcome);
    expect(order.transactionKey === transaction.key).toBe(refused === 'done');
  });

  it('that is pointed elsewhere leaves its old transaction alone, and follows it no more', () => {
    const small = smallWorld();
    const first = small.sell();
    const order = small.order(first);
    const second = small.sell(2000);
    small.world.editOrder(order.id, second.key);
    reserve(small, first);
    expect(first.status).toBe('reserved');
    expect(order).toMatchObject({ transactionKey: second.key, status: 'pending' });
  });

  it('that is paid cannot be pointed elsewhere', () => {
    const small = smallWorld();
    const transaction = small.sell();
    const order = small.order(transaction);
    for (const step of [reserve, confirm]) step(small, transaction);
    expect(outcomeOf(() => small.world.editOrder(order.id, small.sell().key))).toBe('invalid_state');
  });

  it('whose transaction is dead can be pointed to its renewal', () => {
    const small = smallWorld();
    const old = small.sell();
    const order = small.order(old);
    reject(small, old);
    const renewed = small.world.renew(old.key);
    expect(small.world.editOrder(order.id, renewed.key)).toMatchObject({ status: 'pending', atSpot: true });
  });

  it('that is removed is gone, its transaction is not', () => {
    const small = smallWorld();
    const transaction = small.sell();
    const order = small.order(transaction);
    small.world.deleteOrder(order.id);
    expect(outcomeOf(() => small.world.order(order.id))).toBe('not_found');
    expect(small.world.ordersOf(small.spot)).toEqual([]);
    expect(transaction.status).toBe('new');
  });

  it('or a transaction that is not there is not found', () => {
    const { world, order, spot } = smallWorld();
    const { id } = order();
    for (const work of [
      () => world.order(999),
      () => world.editOrder(999, 'abc'),
      () => world.deleteOrder(999),
      () => world.createOrder(spot, 'abc'),
      () => world.editOrder(id, 'abc'),
    ]) {
      expect(outcomeOf(work)).toBe('not_found');
    }
  });
});
