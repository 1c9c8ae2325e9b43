import type { Clock } from '../../src/main/ports/clock.ts';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/** A clock that is moved by hand. `pending` is how many timers wait: none may be left when a test is over. */
export interface HandClock extends Clock {
  readonly pending: number;
  /** Moves on by that many milliseconds and calls back what falls due, in order. */
  advance(milliseconds: number): void;
}

/** A clock that stands at an ordinary day in 2026. */
export function handClock(startedAt = Date.UTC(2026, 10, 23, 12)): HandClock {
  const timers = new Set<Timer>();
  let elapsed = 0;

  function nextDue(until: number): Timer | undefined {
    const due = [...timers].filter((timer) => timer.due <= until);
    return due.sort((left, right) => left.due - right.due)[0];
  }

  return {
    get pending() {
      return timers.size;
    },
    now: () => startedAt + elapsed,
    monotonic: () => elapsed,
    after(milliseconds, callback) {
      const timer = { due: elapsed + milliseconds, callback };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance(milliseconds) {
      const until = elapsed + milliseconds;
      for (let timer = nextDue(until); timer; timer = nextDue(until)) {
        timers.delete(timer);
        elapsed = timer.due;
        timer.callback();
      }
      elapsed = until;
    },
  };
}
