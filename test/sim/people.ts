import { ApiError, type User } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { Chance, Mischief } from './mischief.ts';
import type { Trace } from './trace.ts';
import type { Universe } from './universe.ts';

/** What people need: the world, and the time that they take. */
export interface PeopleOptions {
  readonly universe: Universe;
  readonly chance: Chance;
  readonly mischief: Mischief;
  readonly trace: Trace;
  readonly world: World;
  readonly spotCode: string;
  readonly otherSpotCode: string;
  /** Elapsed milliseconds after which nobody does anything any more. */
  readonly until: number;
}

/** Does something now and then, until the evening is over. */
export function nowAndThen(
  { universe, chance, until }: Pick<PeopleOptions, 'universe' | 'chance' | 'until'>,
  who: string,
  pause: readonly [least: number, most: number],
  act: () => void,
): void {
  const next = () => {
    universe.after(chance.between(`pause of ${who}`, ...pause), () => {
      if (universe.elapsed > until) return;
      act();
      next();
    });
  };
  next();
}

/** The app may refuse what a person tries. */
function tries(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

/** Customers: they check in, dawdle, pay, refuse, walk away, check out, move to another table. */
export function customers(options: PeopleOptions): void {
  for (const user of options.world.users) customer(options, user);
}

function customer(options: PeopleOptions, user: User): void {
  const { world, mischief, chance, trace, spotCode, otherSpotCode } = options;
  const who = user.name;
  const does = (what: string, probability: number, act: () => void) => {
    if (!mischief.happens(`${who} ${what}`, probability)) return false;
    trace.tell(who, what);
    tries(act);
    return true;
  };
  nowAndThen(options, who, [1500, 20_000], () => {
    const here = world.spotByCode(spotCode);
    if (user.spotId !== here.id) {
      does('checks in', 0.35, () => world.checkIn(user, here.id));
      return;
    }
    const payable = world.ordersOf(here.id).filter(({ status }) => status === 'pending');
    const done =
      (payable.length > 0 &&
        (does('pays', 0.5, () => world.reserve(user, chance.one(`order of ${who}`, payable).transactionKey)) ||
          does('refuses', 0.06, () => world.reject(chance.one(`order of ${who}`, payable).transactionKey)))) ||
      does('checks out', 0.12, () => world.checkOut(user, here.id)) ||
      does('moves to another table', 0.05, () => world.checkIn(user, world.spotByCode(otherSpotCode).id));
    if (!done && payable.length > 1)
      does('pays two bills at once', 0.2, () => payable.forEach((order) => world.reserve(user, order.transactionKey)));
  });
}

/** Other merchant software at the same spot: makes orders, settles them, closes the spot, changes what is ours. */
export function otherSoftware(options: PeopleOptions, meddles: boolean): void {
  const { world, mischief, trace, chance, spotCode } = options;
  const made = new Set<string>();
  const does = (what: string, probability: number, act: () => void) => {
    if (!mischief.happens(`other software ${what}`, probability)) return;
    trace.tell('other', what);
    tries(act);
  };
  nowAndThen(options, 'other software', [8000, 40_000], () => {
    const spot = world.spotByCode(spotCode);
    does('makes an order', 0.1, () => {
      const payment = {
        description: 'Parking',
        price: chance.between('foreign price', 100, 900),
        currency: 'EUR',
        parameters: null,
      };
      const { key } = world.createTransaction({ payments: [payment], reserveForMs: 900_000, projectId: null });
      made.add(key);
      world.createOrder(spot.id, key);
    });
    for (const key of made) {
      if (world.transactions.get(key)?.status === 'reserved') does('confirms its order', 0.6, () => world.confirm(key));
    }
    if (!meddles) return;
    const others = world
      .ordersOf(spot.id)
      .filter(({ transactionKey, status }) => !made.has(transactionKey) && status === 'pending');
    const [first] = others;
    does('closes the spot', 0.05, () => world.closeSpot(spot.id));
    if (!first) return;
    does('deletes an order', 0.05, () => world.deleteOrder(first.id));
    does('changes an amount', 0.1, () =>
      world.changeAmount(first.transactionKey, chance.between('changed price', 1, 2000)),
    );
    does('deletes a transaction', 0.03, () => world.deleteTransaction(first.transactionKey));
  });
}
