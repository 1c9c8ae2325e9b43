import type { Clock, Stop } from '../../src/main/ports/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Time that only moves when told to: three minutes pass in a millisecond (style.md 20). */
export class VirtualClock implements Clock {
  #elapsed = 0;
  #order = 0;
  #startedAt: number;
  readonly #timers = new Set<Timer>();

  constructor(startedAt = 1_790_000_000_000) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#startedAt + this.#elapsed;
  }

  /** Somebody sets the clock: nothing that waits is due any earlier. */
  jump(milliseconds: number): void {
    this.#startedAt += milliseconds;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(milliseconds: number, callback: () => void): Stop {
    const timer = { at: this.#elapsed + Math.max(0, milliseconds), order: (this.#order += 1), callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that are set: none when everything has been stopped. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, each timer at its moment, and everything that follows from it before the next. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#elapsed + milliseconds;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.callback();
      await settle();
    }
    this.#elapsed = end;
  }

  #next(end: number): Timer | undefined {
    return [...this.#timers]
      .filter((timer) => timer.at <= end)
      .sort((left, right) => left.at - right.at || left.order - right.order)[0];
  }
}

/** Lets promises that are ready go on, as far as they go without waiting for time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
