import type { Failure } from '../../shared/failure.ts';
import {
  blocked,
  freshBudget,
  mayLeaveAt,
  spend,
  spent,
  unblocked,
  type Budget,
  type Limits,
  type Priority,
} from '../core/polling/budget.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Outcome } from '../ports/wallet.ts';

interface Waiting {
  readonly priority: Priority;
  readonly order: number;
  readonly go: () => void;
}

/**
 * Grants every call to the API, the most urgent first, within the request budget (design.md 6). A 429 answer stops
 * everything for as long as the API asks.
 */
export class Scheduler {
  readonly #limits: Limits;
  readonly #clock: Clock;
  #budget: Budget = freshBudget;
  #waiting: Waiting[] = [];
  #order = 0;
  #timer: Stop | undefined;
  #stopped = false;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Requests of the last minute and hour. */
  get spent(): { lastMinute: number; lastHour: number } {
    return spent(this.#budget, this.#clock.monotonic());
  }

  /** Carries a call out when the budget lets it. After `stop` it never does, and the promise stays pending no longer. */
  run<Value>(priority: Priority, call: () => Promise<Outcome<Value>>): Promise<Outcome<Value> | null> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) {
        resolve(null);
        return;
      }
      const go = () => {
        if (this.#stopped) resolve(null);
        else this.#call(call).then(resolve, reject);
      };
      this.#waiting.push({ priority, order: (this.#order += 1), go });
      this.#waiting.sort((left, right) => left.priority - right.priority || left.order - right.order);
      this.#pump();
    });
  }

  async #call<Value>(call: () => Promise<Outcome<Value>>): Promise<Outcome<Value>> {
    const outcome = await call();
    this.#learn(outcome.ok ? null : outcome.failure);
    return outcome;
  }

  #learn(failure: Failure | null): void {
    const refused = failure?.status === 429 || failure?.code === 'rate_limit_exceeded';
    this.#budget = refused
      ? blocked(this.#budget, this.#clock.monotonic(), failure.retryAfterMs)
      : unblocked(this.#budget);
  }

  #pump(): void {
    this.#timer?.();
    this.#timer = undefined;
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const now = this.#clock.monotonic();
      const at = mayLeaveAt(this.#budget, this.#limits, next.priority, now);
      if (at > now && !this.#stopped) {
        this.#timer = this.#clock.after(at - now, () => {
          this.#pump();
        });
        return;
      }
      this.#waiting.shift();
      if (!this.#stopped) this.#budget = spend(this.#budget, now);
      next.go();
    }
  }

  /** Lets go of everything that waits; nothing leaves any more. Idempotent. */
  stop(): void {
    this.#stopped = true;
    this.#pump();
  }
}
