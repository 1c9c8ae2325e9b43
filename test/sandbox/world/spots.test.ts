import { describe, expect, it } from 'vitest';
import type { SpotStatus } from '../../../sandbox/world/types.ts';
import { outcomeOf, smallWorld, start, type SmallWorld } from './small-world.ts';

type Step = (small: SmallWorld) => unknown;

const checkIn: Step = ({ world, ona, spot }) => world.checkIn(ona, spot);
const secondCheckIn: Step = ({ world, jonas, spot }) => world.checkIn(jonas, spot);
const checkOut: Step = ({ world, ona, spot }) => world.checkOut(ona, spot);
const secondCheckOut: Step = ({ world, jonas, spot }) => world.checkOut(jonas, spot);
const goElsewhere: Step = ({ world, ona }) => world.checkIn(ona, world.spotByCode('PAYSERA*3:TABLE2').id);
const order: Step = (small) => small.order();
const close: Step = ({ world, spot }) => world.closeSpot(spot);
const pay: Step = ({ world, ona }) => {
  for (const { key } of [...world.transactions.values()]) world.confirm(world.reserve(ona, key).key);
};
const removeOrders: Step = ({ world, spot }) => {
  for (const { id } of world.ordersOf(spot)) world.deleteOrder(id);
};

const table: readonly (readonly [SpotStatus, string, readonly Step[]])[] = [
  ['closed', 'registered', []],
  ['waiting', 'somebody checks in', [checkIn]],
  ['waiting', 'a second one checks in', [checkIn, secondCheckIn]],
  ['waiting', 'somebody checks in twice', [checkIn, checkIn]],
  ['waiting', 'one of two checks out', [checkIn, secondCheckIn, checkOut]],
  ['closed', 'the last of two checks out', [checkIn, secondCheckIn, checkOut, secondCheckOut]],
  ['closed', 'the only one checks in elsewhere', [checkIn, goElsewhere]],
  ['waiting', 'one of two checks in elsewhere', [checkIn, secondCheckIn, goElsewhere]],
  ['open', 'the first order is made', [checkIn, order]],
  ['open', 'a second order is made', [checkIn, order, order]],
  ['open', 'somebody checks in later', [checkIn, order, secondCheckIn]],
  ['open', 'an order is made though nobody is there', [order]],
  ['open', 'all orders are paid', [checkIn, order, pay]],
  ['open', 'the last order is removed', [checkIn, order, removeOrders]],
  ['closed', 'the last one leaves without paying', [checkIn, order, checkOut]],
  ['closed', 'the merchant closes it waiting', [checkIn, close]],
  ['closed', 'the merchant closes it open', [checkIn, order, close]],
  ['closed', 'the merchant closes it closed', [close]],
  ['waiting', 'somebody comes after it was closed', [checkIn, order, close, secondCheckIn]],
];

describe('a spot', () => {
  it.each(table)('is %s when it is %s', (status, _name, steps) => {
    const small = smallWorld();
    for (const step of steps) step(small);
    expect(small.world.spot(small.spot).status).toBe(status);
  });

  it('is registered by the first request with its code, and given back in lower case', () => {
    const { world } = smallWorld();
    const made = world.spotByCode('PAYSERA*3:BAR 7');
    expect(made).toMatchObject({ identifier: 'bar 7', locationId: 3, status: 'closed', code: 'PAYSERA*3:BAR 7' });
    expect(world.spotByCode('PAYSERA*3:bar 7')).toBe(made);
    expect(world.spots.size).toBe(2);
  });

  it.each([
    ['PAYSERA*4:TABLE1', 'not_found'],
    ['PAYSERA%abc', 'not_found'],
    ['PAYSERA*3:', 'not_found'],
    ['PAYSERA*:TABLE1', 'not_found'],
    ['TABLE1', 'not_found'],
    ['PAYSERA*3:TAB\nLE', 'invalid_parameters'],
    [`PAYSERA*3:${'A'.repeat(65)}`, 'invalid_parameters'],
    [`PAYSERA*3:${'A'.repeat(64)}`, 'done'],
    ['PAYSERA*3:STALAS Ž', 'done'],
    ['PAYSERA*3:A:B', 'done'],
  ])('with the code %j: %s', (code, outcome) => {
    const { world } = smallWorld();
    expect(outcomeOf(() => world.spotByCode(code))).toBe(outcome);
  });

  it('of another location of the merchant is another spot', () => {
    const { world, spot } = smallWorld();
    world.locations.add(4);
    expect(world.spotByCode('PAYSERA*4:TABLE1')).toMatchObject({ locationId: 4, identifier: 'table1' });
    expect(world.spotByCode('PAYSERA*4:TABLE1').id).not.toBe(spot);
  });

  it('keeps a user who checks out of it at no other', () => {
    const { world, ona, spot } = smallWorld();
    expect(outcomeOf(() => world.checkOut(ona, spot))).toBe('invalid_state');
    goElsewhere({ world, ona } as SmallWorld);
    expect(outcomeOf(() => world.checkOut(ona, spot))).toBe('invalid_state');
    expect(ona.spotId).not.toBeNull();
  });

  it('that is closed has nobody checked in', () => {
    const small = smallWorld();
    for (const step of [checkIn, secondCheckIn, close]) step(small);
    expect(small.world.checkedIn(small.spot)).toEqual([]);
    expect(small.ona).toMatchObject({ spotId: null, checkedInAt: null });
  });

  it('knows since when somebody is there', () => {
    const small = smallWorld();
    small.later(5000);
    checkIn(small);
    expect(small.ona).toMatchObject({ spotId: small.spot, checkedInAt: start + 5000 });
  });

  it('that is not there is not found', () => {
    const { world, ona } = smallWorld();
    for (const work of [
      () => world.spot(999),
      () => world.checkIn(ona, 999),
      () => world.checkOut(ona, 999),
      () => world.closeSpot(999),
      () => world.createOrder(999, 'abc'),
    ]) {
      expect(outcomeOf(work)).toBe('not_found');
    }
  });
});

describe('what is at a spot', () => {
  it('is cleared away when the next customer comes, reserved orders excepted', () => {
    const { world, ona, jonas, spot, sell, order: make } = smallWorld();
    world.checkIn(ona, spot);
    const paid = sell();
    const waiting = sell();
    const orders = [make(), make(paid), make(waiting)];
    world.confirm(world.reserve(ona, paid.key).key);
    world.reserve(ona, waiting.key);
    world.closeSpot(spot);
    expect(world.ordersOf(spot).map(({ status }) => status)).toEqual(['closed', 'confirmed', 'reserved']);
    world.checkIn(jonas, spot);
    expect(world.ordersOf(spot).map(({ status }) => status)).toEqual(['reserved']);
    expect(orders.map(({ id }) => world.order(id).status)).toEqual(['closed', 'confirmed', 'reserved']);
  });

  it('stays while the same visit lasts', () => {
    const { world, ona, jonas, spot, sell, order: make } = smallWorld();
    world.checkIn(ona, spot);
    const paid = sell();
    make(paid);
    world.confirm(world.reserve(ona, paid.key).key);
    world.checkIn(jonas, spot);
    make();
    expect(world.ordersOf(spot).map(({ status }) => status)).toEqual(['confirmed', 'pending']);
  });
});

describe('a world', () => {
  it('begins afresh with the same credentials, and uses no id or key twice', () => {
    const small = smallWorld();
    const { world, ona } = small;
    const { accessToken, macKey } = ona;
    const before = { transaction: small.sell(), spot: small.spot };
    for (const step of [checkIn, order]) step(small);
    world.reserve(ona, before.transaction.key);
    world.addUser();
    world.locations.add(4);
    world.switches.openSpelling = 'opened';
    world.reset();
    expect([world.spots.size, world.orders.size, world.transactions.size, world.users.length]).toEqual([0, 0, 0, 3]);
    expect(ona).toMatchObject({ accessToken, macKey, balance: 100_000, locked: 0, spotId: null });
    expect(world.switches.openSpelling).toBe('open');
    expect([...world.locations]).toEqual([3]);
    expect(world.spotByCode('PAYSERA*3:TABLE1').id).toBeGreaterThan(before.spot);
    expect(small.sell().key).not.toBe(before.transaction.key);
    small.later(1_000_000_000_000);
    world.advance();
    expect(ona.locked).toBe(0);
  });

  it('is the same for the same seed', () => {
    const keys = [smallWorld(), smallWorld()].map(({ world, sell }) => [world.users, sell().key]);
    expect(keys[0]).toEqual(keys[1]);
  });
});
