import type { Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Shutdown } from './shutdown.ts';

/** The part of Node's process that is listened to; a test gives an emitter of its own. */
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

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
type Signal = keyof typeof signals;

/**
 * Stops the terminal when the process is asked to end, and exits: 0 when everything ended well, 1 when not. A second
 * signal exits at once, which is safe, because the journal is written before anything is done. A mistake that nobody
 * caught exits with 1 at once too: a payment terminal does not go on in a state that nobody knows (hardware.md 4.5).
 */
export function watchProcess({ events, shutdown, log, exit }: WatchOptions): Stop {
  const asked = (signal: Signal): void => {
    if (shutdown.stopping) {
      exit(128 + signals[signal]);
      return;
    }
    void shutdown.stop(signal).then((failures) => {
      exit(failures.length === 0 ? 0 : 1);
    });
  };
  const uncaught = (error: unknown): void => {
    const stack = error instanceof Error ? error.stack : String(error);
    log.error('A mistake in the program stopped the terminal; it is safe to start it again.', { stack });
    exit(1);
  };

  const listeners: [string, (...values: unknown[]) => void][] = [
    ...(Object.keys(signals) as Signal[]).map((signal): [string, () => void] => [
      signal,
      () => {
        asked(signal);
      },
    ]),
    ['uncaughtException', uncaught],
    ['unhandledRejection', uncaught],
  ];
  for (const [event, listener] of listeners) events.on(event, listener);
  return () => {
    for (const [event, listener] of listeners) events.off(event, listener);
  };
}
