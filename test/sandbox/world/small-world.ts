/** A world without network, with a clock that the test turns. */
import type { Switches } from '../../../sandbox/switches.ts';
import { chanceFrom } from '../../../sandbox/world/chance.ts';
import { ApiError, type Order, type Transaction, type User } from '../../../sandbox/world/types.ts';
import { World } from '../../../sandbox/world/world.ts';

export interface SmallWorld {
  readonly world: World;
  readonly ona: User;
  readonly jonas: User;
  /** Id of the spot TABLE1. */
  readonly spot: number;
  later(milliseconds: number): void;
  /** A new transaction. */
  sell(price?: number, more?: { autoConfirm?: boolean; currency?: string; reserveUntil?: number }): Transaction;
  /** An order for a new transaction, or this one. */
  order(transaction?: Transaction): Order;
}

export const start = 1_767_225_600_000;
export const reserveMs = 900_000;

export function smallWorld(switches: Partial<Switches> = {}): SmallWorld {
  let time = start;
  const world = new World({ now: () => time, chance: chanceFrom(1), switches });
  const [ona, jonas] = world.users;
  if (!ona || !jonas) throw new Error('The world is empty.');
  const spot = world.spotByCode('PAYSERA*3:TABLE1').id;
  const sell: SmallWorld['sell'] = (price = 1000, { currency = 'EUR', ...more } = {}) =>
    world.createTransaction({
      payments: [{ description: 'Tea', price, currency, parameters: null }],
      reserveForMs: reserveMs,
      projectId: null,
      ...more,
    });
  return {
    world,
    ona,
    jonas,
    spot,
    sell,
    later: (milliseconds) => {
      time += milliseconds;
    },
    order: (transaction = sell()) => world.createOrder(spot, transaction.key),
  };
}

/** The code that the work is refused with; `done` when it is not. */
export function outcomeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
  return 'done';
}
