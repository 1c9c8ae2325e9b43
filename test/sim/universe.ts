import type { Stop } from '../../src/main/ports/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Milliseconds since 1970 at which every simulated evening begins. */
export const evening = Date.UTC(2026, 10, 23, 17);

/**
 * The one time that everything in a simulation lives in. It stands still while anything is done and jumps to the next
 * timer when nothing is left to do; the order of timers at one moment is the order in which they were set.
 */
export class Universe {
  #elapsed = 0;
  #order = 0;
  #timers: Timer[] = [];
  /** Timers that have gone off: how much happened. */
  steps = 0;

  /** Milliseconds since the beginning. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** True time, in milliseconds since 1970. */
  now(): number {
    return evening + this.#elapsed;
  }

  /** Calls back once after that many milliseconds. */
  after(milliseconds: number, callback: () => void): Stop {
    const timer = { at: this.#elapsed + Math.max(0, milliseconds), order: (this.#order += 1), callback };
    this.#insert(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  /** Resolves after that many milliseconds. */
  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(milliseconds, resolve);
    });
  }

  /** Lets time pass until that moment (milliseconds since the beginning), or until `enough` says so. */
  async runUntil(moment: number, enough: () => boolean = () => false): Promise<void> {
    await settled();
    for (let next = this.#timers[0]; next && next.at <= moment && !enough(); next = this.#timers[0]) {
      this.#timers.shift();
      this.#elapsed = Math.max(this.#elapsed, next.at);
      this.steps += 1;
      next.callback();
      await settled();
    }
    if (!enough()) this.#elapsed = Math.max(this.#elapsed, moment);
  }

  /** Kept in the order of going off: binary search for the place. */
  #insert(timer: Timer): void {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#timers[middle];
      if (other && (other.at < timer.at || (other.at === timer.at && other.order < timer.order))) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, timer);
  }
}

/** Everything that can go on without time passing has gone on: nothing in a simulation waits for anything but time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
