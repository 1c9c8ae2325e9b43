import type { SystemClock } from './adapters/clock/system.ts';
import { createServerClock, type ServerClock } from './adapters/wallet/clock-offset.ts';

/** The API's clock for signatures, and how far the machine's is from it. */
export interface ApiTime {
  readonly serverClock: ServerClock;
  /** Milliseconds by which the machine's own clock was found to be behind the API's, corrections included. */
  readonly machineOffsetMs: () => number;
}

/** Smaller differences are the reading's own grain: the API tells whole seconds. Milliseconds. */
const grainMs = 1500;

/** Lets the terminal's clock follow the API's (api.md 2): a machine whose clock is days off works all the same. */
export function followApiTime(clock: SystemClock): ApiTime {
  let offset = 0;
  const serverClock = createServerClock({
    clock,
    onOffset: (offsetMs) => {
      if (Math.abs(offsetMs) < grainMs) return;
      offset += offsetMs;
      clock.correct(offsetMs);
    },
  });
  return { serverClock, machineOffsetMs: () => offset };
}
