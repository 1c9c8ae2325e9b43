import { ApiError, type User } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import { settings } from '../main/core/bill/world.ts';
import type { Chance } from '../sim/mischief.ts';
import type { Universe } from '../sim/universe.ts';

/** Where bills are put in, and taken back when the customer has walked away. */
export interface Desk {
  putIn(number: string, total: number): unknown;
  takeBack(number: string): unknown;
  /** The last customer left and took the spot with them: it is offered once more. */
  offerAgain(number: string): unknown;
}

interface VisitorsOptions {
  readonly universe: Universe;
  readonly chance: Chance;
  readonly world: World;
  readonly salesAnHour: number;
  /** Milliseconds since the beginning. */
  readonly opens: number;
  readonly closes: number;
}

/**
 * Customers as they are, for the bench:
 * - sales come at random (exponential pauses) while the shop is open;
 * - in 7 of 10 the bill is there first, and the customer scans and checks in after 15 s in the middle (log-normal, 0.5);
 *   else the customer checks in first and the bill comes after 2 minutes in the middle (log-normal, 0.7);
 * - from then to accepting in the app it takes 12 s in the middle (log-normal, 0.6);
 * - 1 in 10 has two bills, accepted one after the other; 1 in 20 walks away, and staff take the bill back after 3 minutes;
 * - the customer checks out 20 s after paying.
 */
export class Visitors {
  readonly #options: VisitorsOptions;
  readonly #reservedAt = new Map<string, number>();
  readonly #free: User[];
  readonly waits: number[] = [];
  sales = 0;

  constructor(options: VisitorsOptions) {
    this.#options = options;
    this.#free = [...options.world.users];
    for (const user of this.#free) user.balance = 1e9;
  }

  begin(desk: Desk): void {
    const { universe, chance, opens, closes, salesAnHour } = this.#options;
    const next = () => {
      const pause = -Math.log(1 - chance.draw('sales')) * (3_600_000 / salesAnHour);
      universe.after(pause, () => {
        if (universe.elapsed >= closes - 600_000) return;
        void this.#sale(desk);
        next();
      });
    };
    universe.after(opens - universe.elapsed, next);
  }

  /** A bill is on the screen as paid. */
  seenPaid(number: string): void {
    const since = this.#reservedAt.get(number);
    if (since === undefined) return;
    this.#reservedAt.delete(number);
    this.waits.push(this.#options.universe.elapsed - since);
  }

  async #sale(desk: Desk): Promise<void> {
    const { chance, universe } = this.#options;
    const user = this.#free.pop();
    if (!user) return;
    const numbers = [`B${(this.sales += 1)}`];
    if (chance.draw('two bills') < 0.1) numbers.push(`B${(this.sales += 1)}`);
    const putIn = () => {
      for (const number of numbers) desk.putIn(number, chance.between('total', 200, 5000));
    };
    if (chance.draw('bill first') < 0.7) {
      putIn();
      await universe.wait(this.#logNormal('scan', 15_000, 0.5));
      this.#checkIn(user);
    } else {
      this.#checkIn(user);
      await universe.wait(this.#logNormal('bill comes', 120_000, 0.7));
      putIn();
    }
    await this.#settle(desk, user, numbers);
    this.#free.push(user);
  }

  async #settle(desk: Desk, user: User, numbers: readonly string[]): Promise<void> {
    const { chance, universe, world } = this.#options;
    if (chance.draw('walks away') < 0.05) {
      await universe.wait(180_000);
      for (const number of numbers) desk.takeBack(number);
      this.#tries(() => world.checkOut(user, this.#spotId));
      this.sales -= numbers.length;
      return;
    }
    for (const number of numbers) {
      await universe.wait(this.#logNormal('accept', 12_000, 0.6));
      await this.#accept(desk, user, number);
    }
    await universe.wait(20_000);
    this.#tries(() => world.checkOut(user, this.#spotId));
  }

  /** The bill may be slow to reach the app: the customer looks again every two seconds, and gives up after three minutes. */
  async #accept(desk: Desk, user: User, number: string): Promise<void> {
    const { universe, world } = this.#options;
    for (let tries = 0; tries < 90; tries += 1) {
      const found = [...world.transactions.values()].findLast(({ payments, status }) => {
        const [payment] = payments;
        return status === 'new' && payment !== undefined && payment.description.split(':')[0] === number;
      });
      const order = [...world.orders.values()].find(
        ({ transactionKey, status }) => transactionKey === found?.key && status === 'pending',
      );
      if (found && order) {
        if (user.spotId !== this.#spotId) this.#checkIn(user);
        this.#reservedAt.set(number, universe.elapsed);
        this.#tries(() => world.reserve(user, found.key));
        return;
      }
      await universe.wait(2000);
      // Staff see within a few seconds that it is not offered any more.
      if (tries % 3 === 2) desk.offerAgain(number);
    }
  }

  get #spotId(): number {
    return this.#options.world.spotByCode(`PAYSERA*${settings.locationId}:${settings.identifier}`).id;
  }

  #checkIn(user: User): void {
    this.#tries(() => this.#options.world.checkIn(user, this.#spotId));
  }

  #tries(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }

  /** Log-normal with that median, in milliseconds. */
  #logNormal(name: string, median: number, sigma: number): number {
    const { chance } = this.#options;
    const radius = Math.sqrt(-2 * Math.log(1 - chance.draw(name)));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * chance.draw(name)));
  }
}
