import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** Ends what was started. A promise is waited for, until the deadline. */
export type End = () => void | Promise<void>;

/** Something that did not end as it should. It was logged, and nothing else waited for it any longer. */
export interface StopFailure {
  readonly name: string;
  /** `late`: it was still ending when its deadline came. `failed`: it threw. */
  readonly code: 'late' | 'failed';
  readonly message: string;
}

interface ScopeOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** For ends that name none, milliseconds: long enough for a printer to take its last bytes (hardware.md 2.5). */
  readonly deadlineMs?: number;
}

interface Entry {
  readonly name: string;
  readonly end: End;
  readonly deadlineMs: number;
}

const usualDeadlineMs = 5_000;

/**
 * Owns what was started together and ends it in reverse (style.md 23). Register an end on the line after the start.
 * The order in which a terminal is composed is therefore, read backwards, the order in which it ends (style.md 24):
 * what takes orders ends first, then what carries them out, then the devices, then the journal.
 */
export interface Scope {
  /** True from the first call of `stop`. */
  readonly stopping: boolean;
  /**
   * Has `end` called when the scope ends, and waited for until its deadline, milliseconds. What is added after `stop`
   * began is ended at once, so that nothing slips through.
   */
  add(name: string, end: End, deadlineMs?: number): void;
  /** Ends everything, last first. Each call gives the same promise; it never rejects, and failures stop nobody else. */
  stop(): Promise<readonly StopFailure[]>;
}

/** A scope without anything in it. */
export function createScope({ clock, log, deadlineMs: usual = usualDeadlineMs }: ScopeOptions): Scope {
  const entries: Entry[] = [];
  const late = new Set<Promise<void>>();
  const failures: StopFailure[] = [];
  let ending: Promise<readonly StopFailure[]> | undefined;

  async function endOne(entry: Entry): Promise<void> {
    const failure = await endWithin(entry, clock);
    if (!failure) return;
    failures.push(failure);
    log.error(failure.message, { joiner: failure.name, code: failure.code });
  }

  async function endAll(): Promise<readonly StopFailure[]> {
    for (let entry = entries.pop(); entry; entry = entries.pop()) await endOne(entry);
    while (late.size > 0) await Promise.all(late);
    return failures;
  }

  return {
    get stopping() {
      return ending !== undefined;
    },
    add(name, end, deadlineMs = usual) {
      const entry = { name, end, deadlineMs };
      if (!ending) {
        entries.push(entry);
        return;
      }
      const done = endOne(entry).finally(() => late.delete(done));
      late.add(done);
    },
    stop() {
      ending ??= endAll();
      return ending;
    },
  };
}

async function endWithin({ name, end, deadlineMs }: Entry, clock: Clock): Promise<StopFailure | undefined> {
  let cancel = (): void => undefined;
  const deadline = new Promise<StopFailure>((resolve) => {
    cancel = clock.after(deadlineMs, () => {
      resolve({ name, code: 'late', message: `${name} did not end within ${deadlineMs} ms; going on without it.` });
    });
  });
  // The async wrapper turns a throw into a rejection, which is caught here even when the deadline came first.
  const ended = (async () => end())().then(
    () => undefined,
    (error: unknown): StopFailure => ({ name, code: 'failed', message: `${name} failed to end: ${sentenceOf(error)}` }),
  );
  try {
    return await Promise.race([ended, deadline]);
  } finally {
    cancel();
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
