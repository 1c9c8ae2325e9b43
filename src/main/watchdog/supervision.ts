import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { createNotifier, type Notifier } from './notify.ts';
import { writeScreenAddress, writeState } from './state-file.ts';
import { usualPatience, verdictOf, type Patience, type Verdict } from './verdict.ts';

/** The terminal, as far as it is looked at. */
export interface Supervised {
  snapshot(): { readonly customer: { readonly view: string; readonly reason?: string | undefined } };
  isAtRest(): boolean;
}

export interface SupervisionOptions {
  readonly terminal: Supervised;
  /** Monotonic milliseconds of the last round trip through a screen; null when there was none. */
  readonly lastRoundTrip: () => number | null;
  /** Where the screens are, with the token; left out where no browser comes for them. */
  readonly screenUrl?: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * `NOTIFY_SOCKET` and `WATCHDOG_USEC` of systemd; `RUNTIME_DIRECTORY`, where the state is written;
   * `SPOT_TERMINAL_WATCH`: `core` where there is no screen whose silence should restart the terminal.
   */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly patience?: Patience;
}

/** Between two looks, milliseconds; shorter when the service manager wants to hear more often. */
const usualLookMs = 5_000;

/**
 * Tells the service manager that the terminal is ready, and from then on that it lives, as long as it does; and writes
 * for other programs how it is. Does nothing where the environment names neither.
 */
export function startSupervision(options: SupervisionOptions): () => Promise<void> {
  const { NOTIFY_SOCKET: socket, RUNTIME_DIRECTORY: folder } = options.environment;
  if (socket === undefined && folder === undefined) return () => Promise.resolve();
  const notifier = socket === undefined ? undefined : createNotifier({ socket, log: options.log });
  const supervision = new Supervision(options, notifier, folder);
  supervision.start();
  return () => supervision.stop();
}

class Supervision {
  readonly #options: SupervisionOptions;
  readonly #notifier: Notifier | undefined;
  readonly #folder: string | undefined;
  readonly #startedAt: number;
  #timer: Stop = () => undefined;
  #telling: Promise<unknown> = Promise.resolve();
  #isTelling = false;
  /** Something was to be told while the message before was still on its way. */
  #hasMore = false;
  #toldReady = false;
  #problem = '';
  #stopped = false;

  constructor(options: SupervisionOptions, notifier: Notifier | undefined, folder: string | undefined) {
    this.#options = options;
    this.#notifier = notifier;
    this.#folder = folder;
    this.#startedAt = options.clock.monotonic();
  }

  start(): void {
    const { screenUrl } = this.#options;
    if (this.#folder !== undefined && screenUrl !== undefined) {
      this.#write(this.#folder, (folder) => {
        writeScreenAddress(folder, screenUrl);
      });
    }
    this.#look();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#timer();
    await this.#telling;
    await this.#notifier?.tell('STOPPING=1');
  }

  /** Looks at everything, says so, and looks again later. */
  #look(): void {
    if (this.#stopped) return;
    const { core, verdict } = this.#examine();
    this.#note(verdict);
    if (this.#folder !== undefined && core) {
      this.#write(this.#folder, (folder) => {
        writeState(folder, this.#state(core, verdict));
      });
    }
    this.#tell(verdict);
    this.#timer = this.#options.clock.after(this.#lookEveryMs(), () => {
      this.#look();
    });
  }

  #examine(): { core: Core | undefined; verdict: Verdict } {
    const { clock, lastRoundTrip, environment, patience = usualPatience } = this.#options;
    const asked = this.#askCore();
    const signs = {
      now: clock.monotonic(),
      startedAt: this.#startedAt,
      screenAt: lastRoundTrip(),
      coreProblem: 'problem' in asked ? asked.problem : null,
    };
    const verdict = verdictOf(signs, environment['SPOT_TERMINAL_WATCH'] === 'core' ? null : patience);
    return { core: 'problem' in asked ? undefined : asked, verdict };
  }

  #askCore(): Core | { readonly problem: string } {
    const { terminal } = this.#options;
    try {
      const { view, reason = '' } = terminal.snapshot().customer;
      return { view, reason, rest: terminal.isAtRest() };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  }

  #state({ view, reason, rest }: Core, verdict: Verdict): Parameters<typeof writeState>[1] {
    return {
      version: this.#options.version,
      pid: process.pid,
      well: verdict.well ? 'yes' : 'no',
      problem: verdict.well ? '' : verdict.code,
      screen: this.#secondsSinceScreen(),
      rest: rest ? 'yes' : 'no',
      view,
      reason,
    };
  }

  #secondsSinceScreen(): number | 'never' {
    const at = this.#options.lastRoundTrip();
    return at === null ? 'never' : Math.round((this.#options.clock.monotonic() - at) / 1_000);
  }

  /** Tells the log once when something is wrong, and once when it is over. */
  #note(verdict: Verdict): void {
    const { log } = this.#options;
    const problem = verdict.well ? '' : verdict.code;
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (verdict.well) log.info('The terminal is well again.');
    else log.error(`${verdict.sentence} The service manager restarts the terminal unless that ends soon.`, { problem });
  }

  /** One message at a time: a service manager that is slow is not flooded. What is told later is how it is then. */
  #tell(verdict: Verdict): void {
    const news = [...(this.#toldReady ? [] : ['READY=1']), ...(verdict.well ? ['WATCHDOG=1'] : [])];
    if (!this.#notifier || news.length === 0) return;
    if (this.#isTelling) {
      this.#hasMore = true;
      return;
    }
    this.#isTelling = true;
    this.#telling = this.#notifier.tell(...news).then((told) => {
      this.#toldReady ||= told;
      this.#isTelling = false;
      if (!this.#hasMore || this.#stopped) return;
      this.#hasMore = false;
      this.#tell(this.#examine().verdict);
    });
  }

  /** A quarter of what the service manager waits for, so that one lost message does no harm. */
  #lookEveryMs(): number {
    const watchdogMs = Number(this.#options.environment['WATCHDOG_USEC'] ?? 0) / 1_000;
    return watchdogMs > 0 ? Math.min(usualLookMs, watchdogMs / 4) : usualLookMs;
  }

  /** What others read is not worth a payment: a full disk there stops nothing. */
  #write(folder: string, act: (folder: string) => void): void {
    try {
      act(folder);
    } catch (error) {
      this.#options.log.warn('The state of the terminal could not be written for other programs.', {
        folder,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

/** What the core said of itself. */
interface Core {
  readonly view: string;
  readonly reason: string;
  readonly rest: boolean;
}
