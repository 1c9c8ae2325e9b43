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
export class Scope {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #usualDeadlineMs: number;
  readonly #entries: Entry[] = [];
  readonly #late = new Set<Promise<void>>();
  readonly #failures: StopFailure[] = [];
  #ending: Promise<readonly StopFailure[]> | undefined;

  constructor({ clock, log, deadlineMs = usualDeadlineMs }: ScopeOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#usualDeadlineMs = deadlineMs;
  }

  /** True from the first call of `stop`. */
  get stopping(): boolean {
    return this.#ending !== undefined;
  }

  /** What is added after `stop` began is ended at once, so that nothing slips through. */
  add(name: string, end: End, deadlineMs = this.#usualDeadlineMs): void {
    const entry = { name, end, deadlineMs };
    if (!this.#ending) {
      this.#entries.push(entry);
      return;
    }
    const done = this.#endOne(entry).finally(() => this.#late.delete(done));
    this.#late.add(done);
  }

  /** Ends everything, last first. Each call gives the same promise; it never rejects, and failures stop nobody else. */
  stop(): Promise<readonly StopFailure[]> {
    this.#ending ??= this.#endAll();
    return this.#ending;
  }

  async #endAll(): Promise<readonly StopFailure[]> {
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) await this.#endOne(entry);
    while (this.#late.size > 0) await Promise.all(this.#late);
    return this.#failures;
  }

  async #endOne(entry: Entry): Promise<void> {
    const failure = await endWithin(entry, this.#clock);
    if (!failure) return;
    this.#failures.push(failure);
    this.#log.error(failure.message, { joiner: failure.name, code: failure.code });
  }
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
