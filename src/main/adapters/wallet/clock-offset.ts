import type { Clock } from '../../ports/clock.ts';

/** What GET /server brought, and when it was asked and answered by the monotonic clock. */
export interface ServerReading {
  /** UNIX seconds, rounded down by the server. */
  readonly seconds: number;
  readonly askedAt: number;
  readonly answeredAt: number;
}

/**
 * The API's clock as far as we know it; shared by all clients of one API (api.md 2). It counts on from the last
 * reading by the monotonic clock, so that setting the machine's clock, or correcting ours, never moves it.
 */
export interface ServerClock {
  /** UNIX seconds for a signature: at most a second and a round trip behind the API, never ahead of it. */
  seconds(): number;
  /** Grows with each successful reading. */
  readings(): number;
  /** Resolves when the first reading has ended, if one is under way: nothing that is signed before need be refused. */
  settled(): Promise<void>;
  /**
   * Reads the API's clock, or waits for the reading that is under way; gives the offset in milliseconds between the
   * API's clock and `clock.now()`, good to about half a second.
   */
  synchronise(read: () => Promise<ServerReading>): Promise<{ readonly offsetMs: number }>;
}

interface ServerClockOptions {
  readonly clock: Clock;
  /** Told each new offset, for instance to correct the clock of the whole terminal. */
  readonly onOffset?: ((offsetMs: number) => void) | undefined;
}

/** The API's clock, unknown at first: until the first reading signatures carry the machine's own time. */
export function createServerClock({ clock, onOffset }: ServerClockOptions): ServerClock {
  let reference: { readonly milliseconds: number; readonly monotonic: number } | undefined;
  let readings = 0;
  let running: Promise<{ readonly offsetMs: number }> | undefined;
  let asked = false;

  async function take(read: () => Promise<ServerReading>): Promise<{ readonly offsetMs: number }> {
    const { seconds, askedAt, answeredAt } = await read();
    // The server rounds down, so what it said is not ahead of it; a signature from the future would be refused.
    reference = { milliseconds: seconds * 1000, monotonic: answeredAt };
    readings += 1;
    // The likeliest true time: half a second into that second, at the middle of the round trip.
    const middleAgo = clock.monotonic() - (askedAt + answeredAt) / 2;
    const offsetMs = Math.round(seconds * 1000 + 500 + middleAgo - clock.now());
    onOffset?.(offsetMs);
    return { offsetMs };
  }

  return {
    seconds() {
      const now = reference ? reference.milliseconds + (clock.monotonic() - reference.monotonic) : clock.now();
      return Math.floor(now / 1000);
    },
    readings: () => readings,
    async settled() {
      if (asked) return;
      try {
        await running;
      } catch {
        // Whoever asked for the reading hears of its failure; others go on with the time they have.
      }
    },
    synchronise(read) {
      running ??= take(read).finally(() => {
        asked = true;
        running = undefined;
      });
      return running;
    },
  };
}
