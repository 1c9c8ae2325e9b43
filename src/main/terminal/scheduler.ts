import type { Failure } from '../../shared/failure.ts';
import {
  blocked,
  freshBudget,
  mayLeaveAt,
  remembered,
  restored,
  spend,
  spent,
  unblocked,
  type Budget,
  type Limits,
  type Priority,
  type Purpose,
  type Spent,
} from '../core/polling/budget.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { RequestMemory } from '../ports/requests.ts';
import type { Outcome } from '../ports/wallet.ts';

/** Idle reads wait at most this long behind those of offered bills, in milliseconds. */
const patienceMs = 15_000;

interface Waiting {
  readonly priority: Priority;
  readonly purpose: Purpose;
  readonly order: number;
  /** Monotonic milliseconds. */
  readonly since: number;
  readonly go: () => void;
}

/** How urgent a call is, and what it is for. */
export interface Errand {
  readonly priority: Priority;
  readonly purpose: Purpose;
  /** Nothing else leaves while this is under way. */
  readonly alone?: boolean;
}

/**
 * Grants every call to the API, the most urgent first, within the request budget (design.md 6). A 429 answer stops
 * everything for as long as the API asks.
 */
export class Scheduler {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #memory: RequestMemory | undefined;
  #budget: Budget = freshBudget;
  #waiting: Waiting[] = [];
  #order = 0;
  #timer: Stop | undefined;
  #stopped = false;
  /** One that must be alone is under way. */
  #held = false;

  constructor(limits: Limits, clock: Clock, memory?: RequestMemory) {
    this.#limits = limits;
    this.#clock = clock;
    this.#memory = memory;
    const earlier = memory?.load();
    if (earlier) this.#budget = restored(earlier, clock.monotonic());
  }

  /** Requests of the last hour. */
  get lastHour(): number {
    const since = this.#clock.monotonic() - 3_600_000;
    return this.#budget.sent.length - this.#budget.sent.findIndex(({ at }) => at > since);
  }

  /** Requests of the last minute and hour, and what they were for. */
  get spent(): Spent {
    return spent(this.#budget, this.#clock.monotonic());
  }

  /** Carries a call out when the budget lets it. After `stop` it never does, and the promise stays pending no longer. */
  run<Value>(
    { priority, purpose, alone = false }: Errand,
    call: () => Promise<Outcome<Value>>,
  ): Promise<Outcome<Value> | null> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) {
        resolve(null);
        return;
      }
      const go = () => {
        if (this.#stopped) resolve(null);
        else this.#call(call, alone).then(resolve, reject);
      };
      this.#waiting.push({ priority, purpose, order: (this.#order += 1), since: this.#clock.monotonic(), go });
      this.#pump();
    });
  }

  async #call<Value>(call: () => Promise<Outcome<Value>>, alone: boolean): Promise<Outcome<Value>> {
    this.#held ||= alone;
    try {
      const outcome = await call();
      this.#learn(outcome.ok ? null : outcome.failure);
      return outcome;
    } finally {
      if (alone) {
        this.#held = false;
        this.#pump();
      }
    }
  }

  #learn(failure: Failure | null): void {
    const refused = failure?.status === 429 || failure?.code === 'rate_limit_exceeded';
    this.#keep(
      refused ? blocked(this.#budget, this.#clock.monotonic(), failure.retryAfterMs) : unblocked(this.#budget),
    );
  }

  /**
   * Whether a request may leave now that a granted call needs besides its first: another page, the API's clock, the
   * repeat after it. Counted if so.
   */
  mayLeaveBesides(purpose: Purpose): boolean {
    const now = this.#clock.monotonic();
    if (this.#stopped || mayLeaveAt(this.#budget, this.#limits, 0, now) > now) return false;
    this.#keep(spend(this.#budget, now, purpose));
    return true;
  }

  #keep(budget: Budget): void {
    if (budget === this.#budget) return;
    this.#budget = budget;
    this.#memory?.save(remembered(budget, this.#clock.monotonic()));
  }

  #pump(): void {
    this.#timer?.();
    this.#timer = undefined;
    for (let next = this.#next(); next && (!this.#held || this.#stopped); next = this.#next()) {
      const now = this.#clock.monotonic();
      const at = mayLeaveAt(this.#budget, this.#limits, this.#urgency(next), now);
      if (at > now && !this.#stopped) {
        this.#timer = this.#clock.after(at - now, () => {
          this.#pump();
        });
        return;
      }
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      if (!this.#stopped) this.#keep(spend(this.#budget, now, next.purpose));
      next.go();
    }
  }

  #next(): Waiting | undefined {
    const urgency = (each: Waiting) => this.#urgency(each);
    return this.#waiting.toSorted((left, right) => urgency(left) - urgency(right) || left.order - right.order)[0];
  }

  /** What only looks around is not put off for ever by bills that are looked at all the time: it moves up by waiting. */
  #urgency({ priority, since }: Waiting): Priority {
    return priority === 3 && this.#clock.monotonic() - since >= patienceMs ? 2 : priority;
  }

  /** Lets go of everything that waits; nothing leaves any more. Idempotent. */
  stop(): void {
    this.#stopped = true;
    this.#pump();
  }
}
