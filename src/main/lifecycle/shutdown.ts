import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Scope } from './scope.ts';

/** The end of the whole process. */
export interface Shutdown {
  /** True from the first call of `stop`. */
  readonly stopping: boolean;
  /**
   * Ends everything in the scope, once, and gives the exit code: 0 when all ended well, 1 when something did not. Each
   * call gives the same promise; it never rejects. `reason` is for the log.
   */
  stop(reason: string): Promise<number>;
}

interface ShutdownOptions {
  readonly scope: Scope;
  readonly clock: Clock;
  readonly log: Log;
}

/** The shutdown of what the scope owns, told to the log, which is therefore last (style.md 24). */
export function createShutdown({ scope, clock, log }: ShutdownOptions): Shutdown {
  let ending: Promise<number> | undefined;

  async function end(reason: string): Promise<number> {
    const startedAt = clock.monotonic();
    log.info('The terminal is stopping.', { reason });
    const failures = await scope.stop();
    const fields = { failed: failures.length, tookMs: Math.round(clock.monotonic() - startedAt) };
    if (failures.length === 0) log.info('The terminal has stopped.', fields);
    else log.warn('The terminal has stopped, but not everything ended as it should.', fields);
    return failures.length === 0 ? 0 : 1;
  }

  return {
    get stopping() {
      return ending !== undefined;
    },
    stop(reason) {
      ending ??= end(reason);
      return ending;
    },
  };
}

/** The part of Node's process that is listened to. */
export interface ProcessEvents {
  on(event: string, listener: (...values: unknown[]) => void): unknown;
  off(event: string, listener: (...values: unknown[]) => void): unknown;
}

interface WatchOptions {
  readonly events: ProcessEvents;
  readonly shutdown: Shutdown;
  readonly log: Log;
  readonly exit: (code: number) => void;
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Stops the terminal when the process is asked to end, and exits with the shutdown's code. A second signal exits at
 * once, which is safe, because everything is journaled before it is done. A mistake that nobody caught exits with 1 at
 * once too: a payment terminal does not go on in a state that nobody knows (hardware.md 4.5).
 */
export function watchProcess({ events, shutdown, log, exit }: WatchOptions): Stop {
  const asked = (signal: string, code: number): void => {
    if (shutdown.stopping) exit(code);
    else void shutdown.stop(signal).then(exit);
  };
  const uncaught = (error: unknown): void => {
    const stack = error instanceof Error ? error.stack : String(error);
    log.error('A mistake in the program stopped the terminal; it is safe to start it again.', { stack });
    exit(1);
  };

  const listeners: [string, (...values: unknown[]) => void][] = [
    ['uncaughtException', uncaught],
    ['unhandledRejection', uncaught],
  ];
  for (const [signal, number] of Object.entries(signals)) {
    listeners.push([
      signal,
      () => {
        asked(signal, 128 + number);
      },
    ]);
  }
  for (const [event, listener] of listeners) events.on(event, listener);
  return () => {
    for (const [event, listener] of listeners) events.off(event, listener);
  };
}
