import { sameShowing, type Showing } from '../core/display/showing.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import { DisplayError, type DisplayPort, type DisplaySession } from '../ports/display.ts';
import type { Log } from '../ports/log.ts';

/** What is wrong with a display, or null when it shows what it should. */
export type DisplayProblem = { readonly code: string; readonly message: string } | null;

interface KeeperOptions {
  readonly display: DisplayPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly onProblem: (problem: DisplayProblem) => void;
  /** It has answered that it shows what it should. */
  readonly onHeard?: () => void;
}

/** A display that answers is looked at this often, milliseconds: what restarts unheard is set right within two. */
const checkEveryMs = 1_000;
/**
 * One that never answers is told the same again this long after a change, in milliseconds, and then for ever: of several
 * tellings on a bad line one arrives, and what one has spoilt the next puts right.
 */
const tellAgainAfterMs = [250, 300, 350, 400, 450] as const;
const tellAgainEveryMs = 1_000;
/** Pauses before a display is connected again, milliseconds; it is at once when it appears. */
const reconnectAfterMs = [100, 250, 500, 1_000, 2_000, 5_000] as const;
/** Failures in a row that nobody hears of, and after which the connection is not trusted any more. */
const quietFailures = 3;
const mostFailures = 8;
/** What shows wrong content again and again is left blank for longer and longer, up to this; milliseconds. */
const longestBlankMs = 60_000;
/** For taking everything off the glass at the end, milliseconds. */
const farewellMs = 1_500;

/**
 * Keeps one display showing the present state, and nothing older:
 *
 *   show ──▶ wanted (the newest wins) ──▶ connect ─▶ identify ─▶ set up ─▶ show ─▶ look, again and again
 *                                            ▲                              │ wrong: cleared, shown again
 *                                            └──── gone, or not trusted ────┘ restarted: set up, shown again
 */
export class DisplayKeeper {
  readonly #options: KeeperOptions;
  readonly #stopping = new AbortController();
  #wanted: Showing | null = null;
  /** What the display shows for certain; null when that is not known. */
  #shown: Showing | null = null;
  /** Ends the attempt that is under way when there is something newer. */
  #attempt = new AbortController();
  #mustClear = false;
  #mustInit = false;
  /** How often displays have restarted by themselves. */
  #resets = 0;
  #failures = 0;
  /** How often it was told the same, where it does not answer. */
  #told = 0;
  /** The problem that was told last, so that it is logged once. */
  #reported: string | null = null;
  #wake: () => void = () => undefined;
  #running: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  /** Has the display show this instead of everything earlier. */
  show(showing: Showing): void {
    if (sameShowing(this.#wanted, showing) || this.#stopping.signal.aborted) return;
    this.#wanted = showing;
    this.#attempt.abort();
    this.#running ??= this.#run();
    this.#wake();
  }

  /** Takes everything off the glass, if the display is there, and lets go of it. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      this.#stopping.abort();
      this.#attempt.abort();
      this.#wake();
      await this.#running;
    })();
    return this.#stopped;
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #run(): Promise<void> {
    const { display, log } = this.#options;
    const stopWatching = display.onDidAppear(() => {
      this.#wake();
    });
    for (let tries = 0; !this.#isStopping(); tries += 1) {
      try {
        await this.#connectAndKeep(() => {
          tries = 0;
        });
      } catch (error) {
        log.info('The connection to a QR display is over.', { display: display.name, error: describe(error) });
        if (!this.#isStopping()) this.#report(error);
      }
      if (!this.#isStopping()) await this.#pause(reconnectAfterMs[Math.min(tries, reconnectAfterMs.length - 1)] ?? 0);
    }
    stopWatching();
  }

  async #connectAndKeep(onDidConnect: () => void): Promise<void> {
    const { display, log } = this.#options;
    const { signal } = this.#stopping;
    const session = await display.connect(signal);
    this.#shown = null;
    this.#failures = 0;
    this.#mustClear = false;
    this.#mustInit = false;
    session.onDidReset(() => {
      log.info('A QR display has restarted; it is set up again.', { display: display.name });
      this.#shown = null;
      this.#mustInit = true;
      this.#resets += 1;
      this.#wake();
    });
    session.onDidClose(() => {
      this.#wake();
    });
    try {
      const identity = await session.identify(signal);
      log.info('A QR display is connected.', { display: display.name, ...identity });
      onDidConnect();
      this.#mustInit = true;
      while (!this.#isStopping() && !session.isClosed) await this.#step(session);
      if (session.isClosed)
        throw new DisplayError('display_disconnected', 'The QR display was unplugged. Plug it in again.');
      await this.#sayFarewell(session);
    } finally {
      this.#shown = null;
      await session.close();
    }
  }

  /** The next thing to do for the display: set it up, show what is newest, or wait and look whether it is still right. */
  async #step(session: DisplaySession): Promise<void> {
    const wanted = this.#wanted;
    if (wanted === null) {
      await this.#pause(checkEveryMs);
      return;
    }
    this.#attempt = new AbortController();
    const { signal } = this.#attempt;
    try {
      if (this.#mustInit || this.#mustClear || this.#shown !== wanted) await this.#showNow(session, wanted, signal);
      else await this.#lookLater(session, wanted, signal);
    } catch (error) {
      if (session.isClosed) throw error;
      if (signal.aborted || this.#isStopping()) return;
      await this.#failed(session, error);
    }
  }

  async #showNow(session: DisplaySession, wanted: Showing, signal: AbortSignal): Promise<void> {
    const { display } = this.#options;
    if (this.#mustInit) {
      this.#mustInit = false;
      await this.#settingUp(session);
    }
    // Unless this is done to its end, something else may be on the glass.
    if (this.#mustClear) {
      await session.clear(this.#stopping.signal);
      this.#mustClear = false;
    }
    const refusal = wanted.code === null ? null : display.capabilities.refuses(wanted.code);
    if (refusal !== null) {
      await session.clear(this.#stopping.signal);
      this.#shown = wanted;
      this.#report(new DisplayError('display_code_refused', refusal));
      return;
    }
    this.#shown = null;
    const resets = this.#resets;
    await session.show(wanted, signal);
    if (this.#resets !== resets) return;
    this.#shown = wanted;
    this.#told = 0;
    this.#failures = 0;
    if (this.#wanted !== wanted) return;
    this.#reported = null;
    this.#options.onProblem(null);
  }

  async #settingUp(session: DisplaySession): Promise<void> {
    const { display } = this.#options;
    try {
      await session.init(this.#stopping.signal);
      if (display.capabilities.brightness) await session.setBrightness(display.brightness, this.#stopping.signal);
    } catch (error) {
      this.#mustInit = true;
      throw error;
    }
  }

  async #lookLater(session: DisplaySession, wanted: Showing, signal: AbortSignal): Promise<void> {
    const { display, log } = this.#options;
    const answers = display.capabilities.verify !== 'none';
    await this.#pause(answers ? checkEveryMs : (tellAgainAfterMs[this.#told] ?? tellAgainEveryMs));
    if (this.#wanted !== wanted || this.#shown !== wanted || this.#isStopping() || session.isClosed) return;
    if (wanted.code !== null && display.capabilities.refuses(wanted.code) !== null) return;
    this.#told += 1;
    const found = await session.check(wanted, signal);
    if (answers) this.#options.onHeard?.();
    if (found === 'wrong') {
      log.info('A QR display does not show any more what it should.', { display: display.name });
      this.#shown = null;
      // It may have restarted without being heard.
      this.#mustInit = true;
    }
  }

  async #failed(session: DisplaySession, error: unknown): Promise<void> {
    const { display, log } = this.#options;
    this.#failures += 1;
    this.#shown = null;
    this.#mustClear = true;
    this.#mustInit ||= this.#failures > 1;
    log.debug('A QR display did not do what it was told.', { display: display.name, error: describe(error) });
    if (this.#failures >= quietFailures) this.#report(error);
    const wrong = error instanceof DisplayError && error.code === 'display_wrong_content';
    if (!wrong && this.#failures >= mostFailures) throw error;
    if (wrong && this.#failures >= quietFailures) await this.#leaveBlank(session);
  }

  /** What is shown wrong again and again is not tried all the time: each try is on the glass for a moment. */
  async #leaveBlank(session: DisplaySession): Promise<void> {
    const { clock } = this.#options;
    const wanted = this.#wanted;
    const longer = Math.min(longestBlankMs, 1_000 * 2 ** (this.#failures - quietFailures));
    const until = clock.monotonic() + longer;
    await session.clear(this.#stopping.signal);
    this.#mustClear = false;
    while (this.#wanted === wanted && !this.#isStopping() && !session.isClosed && clock.monotonic() < until) {
      await this.#pause(Math.max(1, until - clock.monotonic()));
    }
  }

  async #sayFarewell(session: DisplaySession): Promise<void> {
    const { clock } = this.#options;
    let cancel: Stop = () => undefined;
    const deadline = new Promise<void>((resolve) => {
      cancel = clock.after(farewellMs, resolve);
    });
    const cleared = session.clear(new AbortController().signal).catch(() => undefined);
    await Promise.race([cleared, deadline]);
    cancel();
  }

  #report(error: unknown): void {
    const { display, log, onProblem } = this.#options;
    const { code, message } =
      error instanceof DisplayError ? error : { code: 'display_not_answering', message: describe(error) };
    if (code === 'display_given_up') return;
    if (this.#reported !== code) log.warn(message, { display: display.name, code, ...causeOf(error) });
    this.#reported = code;
    onProblem({ code, message });
  }

  /** Until the time is over, or something happens. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#options.clock.after(milliseconds, () => {
        resolve();
      });
      this.#wake = () => {
        stop();
        resolve();
      };
    });
  }
}

function causeOf(error: unknown): { cause?: string } {
  return error instanceof Error && error.cause !== undefined ? { cause: describe(error.cause) } : {};
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
