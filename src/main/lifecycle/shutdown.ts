import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createScope, type End, type Scope, type StopFailure } from './scope.ts';

/**
 * The order in which the terminal ends (style.md 24): nothing new comes in, waits are aborted, effects are finished or
 * recorded as unfinished, devices are closed, then the journal, and the log last, so that all of it can be told.
 */
export const phases = ['intake', 'waits', 'effects', 'devices', 'journal', 'log'] as const;
export type Phase = (typeof phases)[number];

/** Who takes part in the end of the process, and the end itself. */
export interface Shutdown {
  /** True from the first call of `stop`. */
  readonly stopping: boolean;
  /** Has `end` called in its phase. Within a phase the last to join ends first. Joining late ends at once. */
  join(phase: Phase, name: string, end: End, deadlineMs?: number): void;
  /** Ends everything, once; each call gives the same promise. It never rejects. `reason` is for the log. */
  stop(reason: string): Promise<readonly StopFailure[]>;
}

/** A shutdown that nobody has joined yet. */
export function createShutdown({ clock, log }: { readonly clock: Clock; readonly log: Log }): Shutdown {
  const scopes = new Map<Phase, Scope>(phases.map((phase) => [phase, createScope({ clock, log })]));
  let ending: Promise<readonly StopFailure[]> | undefined;

  async function endAll(reason: string): Promise<readonly StopFailure[]> {
    log.info('The terminal is stopping.', { reason });
    const startedAt = clock.monotonic();
    const failures: StopFailure[] = [];
    for (const [phase, scope] of scopes) {
      if (phase === 'log') tellTheEnd(failures.length, clock.monotonic() - startedAt);
      failures.push(...(await scope.stop()));
    }
    return failures;
  }

  function tellTheEnd(failed: number, tookMs: number): void {
    const fields = { failed, tookMs: Math.round(tookMs) };
    if (failed === 0) log.info('The terminal has stopped.', fields);
    else log.warn('The terminal has stopped, but not everything ended as it should.', fields);
  }

  return {
    get stopping() {
      return ending !== undefined;
    },
    join(phase, name, end, deadlineMs) {
      scopes.get(phase)?.add(name, end, deadlineMs);
    },
    stop(reason) {
      ending ??= endAll(reason);
      return ending;
    },
  };
}
