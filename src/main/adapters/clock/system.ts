import type { Clock, Stop } from '../../ports/clock.ts';

/** The machine's clock, which can be corrected by the API's. */
export interface SystemClock extends Clock {
  /**
   * Moves `now()` by that many milliseconds from what it says at present. Forward, and backward by more than
   * `largestHoldMs`, it moves at once; a smaller step backward is made by standing still until time has caught up.
   * So `now()` runs backwards only here, and only when it was badly wrong.
   */
  correct(offsetMs: number): void;
}

/** The largest step backward, in milliseconds, that is made by standing still: nobody notices five seconds. */
export const largestHoldMs = 5000;

/** Node's timers hold a signed 32-bit number of milliseconds and fire at once for more: about 24.8 days. */
const longestTimer = 2 ** 31 - 1;

/** Where time comes from: the machine, or a simulation. */
export interface TimeSource {
  /** The machine's wall clock, milliseconds since 1970. */
  readonly wall: () => number;
  /** Milliseconds from some fixed point. */
  readonly monotonic: () => number;
  /** Calls back once, after any number of milliseconds. */
  readonly after: (milliseconds: number, callback: () => void) => Stop;
}

interface SystemClockOptions {
  /** True when waiting timers alone should not keep the process alive. */
  readonly unref?: boolean;
  readonly source?: TimeSource;
}

/**
 * Wall time at the start, counted on by the monotonic clock: setting the machine's clock meanwhile changes nothing,
 * only `correct` does.
 */
export function createSystemClock({
  unref = false,
  source = machineTime(unref),
}: SystemClockOptions = {}): SystemClock {
  const { monotonic, after } = source;
  const startedAt = source.wall();
  const startedMonotonic = monotonic();
  let correction = 0;
  let latest = startedAt;

  const corrected = (): number => Math.floor(startedAt + (monotonic() - startedMonotonic) + correction);

  function now(): number {
    latest = Math.max(latest, corrected());
    return latest;
  }

  function correct(offsetMs: number): void {
    if (!Number.isFinite(offsetMs)) throw new RangeError(`Not a correction in milliseconds: ${offsetMs}`);
    correction += now() - corrected() + offsetMs;
    if (offsetMs < -largestHoldMs) latest = corrected();
  }

  return { now, monotonic, after, correct };
}

function machineTime(unref: boolean): TimeSource {
  const monotonic = (): number => performance.now();
  function after(milliseconds: number, callback: () => void): Stop {
    const due = monotonic() + Math.max(0, milliseconds);
    let timer: NodeJS.Timeout | undefined;
    const wait = (): void => {
      const left = due - monotonic();
      timer = setTimeout(left > longestTimer ? wait : callback, Math.min(left, longestTimer));
      if (unref) timer.unref();
    };
    wait();
    return () => {
      clearTimeout(timer);
    };
  }
  return { wall: () => Date.now(), monotonic, after };
}
