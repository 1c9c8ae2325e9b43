import { blank, type DisplayContent } from '../core/display/content.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import { DisplayError, type DisplayPort, type DisplaySession } from '../ports/display.ts';
import type { Log } from '../ports/log.ts';

/** What keeping a display needs, and whom it tells. */
export interface DisplayKeeperOptions {
  readonly display: DisplayPort;
  readonly clock: Clock;
  readonly log: Log;
  /** What is wrong with it; null when it shows what it should. Told when it changes. */
  readonly onProblem: (problem: { readonly code: string; readonly message: string } | null) => void;
  /** How bright, 0 to 100; left out: as it is. */
  readonly brightness?: number | undefined;
}

/** Milliseconds: for one thing to be shown, and for a line to be opened and set up. */
const showWithinMs = 2000;
const openWithinMs = 5000;
/** How often it is looked whether the glass still shows what was shown. */
const checkEveryMs = 5000;
/** After the first failure in a row, the longest pause, and by how much it grows. */
const firstPauseMs = 250;
const longestPauseMs = 10_000;

/**
 * Keeps one display showing the present. Only the newest content is ever sent: what was replaced while the display was
 * busy or away is forgotten. Whatever goes wrong ends the connection, and a new one begins with a cleared glass.
 */
export class DisplayKeeper {
  readonly #options: DisplayKeeperOptions;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #wanted: DisplayContent = blank;
  /** What is on the glass for certain; undefined when nobody knows. */
  #shown: DisplayContent | undefined;
  #showing: AbortController | undefined;
  #failures = 0;
  /** A code that the display did not draw whole, and why: it is not tried again. */
  #cut: string | null = null;
  #cutBecause = '';
  #problem: string | null | undefined;
  #wake: () => void = () => undefined;

  constructor(options: DisplayKeeperOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** From now on this is to be shown. */
  show(content: DisplayContent): void {
    if (same(content, this.#wanted)) return;
    this.#wanted = content;
    // What is being shown is old now: nobody waits for it.
    this.#showing?.abort();
    this.#wake();
  }

  /** The display may have been plugged in: it is tried at once. */
  kick(): void {
    this.#failures = 0;
    this.#wake();
  }

  /** Clears the display and leaves it. Idempotent. */
  async stop(): Promise<void> {
    this.#end.abort();
    this.#wake();
    await this.#running;
  }

  #isStopping(): boolean {
    return this.#end.signal.aborted;
  }

  async #run(): Promise<void> {
    while (!this.#isStopping()) {
      try {
        await this.#session();
      } catch (error) {
        this.#failed(error);
      }
      this.#shown = undefined;
      if (!this.#isStopping()) await this.#pause(this.#pauseMs());
    }
  }

  /** One connection, from its opening to its end. */
  async #session(): Promise<void> {
    const { display, brightness } = this.#options;
    const session = await this.#within(openWithinMs, (signal) => display.open(signal));
    const line: { closed?: string } = {};
    const stops: Stop[] = [
      session.onClose((reason) => {
        line.closed = reason;
        this.#wake();
      }),
      session.onRestart(() => {
        this.#shown = undefined;
        this.#wake();
      }),
    ];
    try {
      if (brightness !== undefined && display.capabilities.brightness) {
        await this.#within(showWithinMs, (signal) => session.setBrightness(brightness, signal));
      }
      while (!this.#isStopping()) {
        if (line.closed !== undefined) throw this.#gone(line.closed);
        await this.#turn(session);
      }
      await this.#within(showWithinMs, (signal) => session.clear(signal));
    } finally {
      for (const stop of stops) stop();
      await session.close();
    }
  }

  #gone(reason: string): DisplayError {
    return new DisplayError('disconnected', `The display ${this.#options.display.name} is gone: ${reason}`);
  }

  /** Shows what is wanted, or looks whether it is still there, or waits. */
  async #turn(session: DisplaySession): Promise<void> {
    const wanted = this.#wanted;
    if (!this.#isPresent()) {
      this.#shown = undefined;
      const possible = this.#possible(wanted);
      if (!(await this.#tried(session, possible))) return;
      this.#shown = wanted;
      this.#failures = 0;
      if (possible === wanted) this.#tell(null, '');
      return;
    }
    await this.#pause(checkEveryMs);
    if (this.#isStopping() || !this.#isPresent()) return;
    const standing = await this.#within(showWithinMs, (signal) => session.check(signal));
    if (standing === 'altered') {
      throw new DisplayError('differs', `The display ${this.#options.display.name} shows something else by itself.`);
    }
  }

  /** Shows it, unless something newer comes meanwhile; gives whether it is there. @throws DisplayError */
  async #tried(session: DisplaySession, content: DisplayContent): Promise<boolean> {
    const showing = new AbortController();
    this.#showing = showing;
    try {
      await this.#within(showWithinMs, (late) => session.show(content, AbortSignal.any([late, showing.signal])));
      return true;
    } catch (error) {
      if (error instanceof DisplayError && error.code === 'aborted' && showing.signal.aborted) return false;
      throw error;
    } finally {
      this.#showing = undefined;
    }
  }

  /** Whether the glass certainly shows what is wanted now. */
  #isPresent(): boolean {
    return this.#shown !== undefined && same(this.#shown, this.#wanted);
  }

  /** What of it can be shown: a code that the display cannot draw whole is not shown at all, nor what belongs to it. */
  #possible(wanted: DisplayContent): DisplayContent {
    const { display } = this.#options;
    if (wanted.code === null) return wanted;
    const reason = this.#cut === wanted.code ? this.#cutBecause : display.refuses(wanted.code);
    if (reason === null) return wanted;
    this.#tell('code_refused', `The display ${display.name} cannot show this code: ${reason}`);
    return blank;
  }

  #failed(error: unknown): void {
    if (this.#isStopping()) return;
    this.#failures += 1;
    const { log, display } = this.#options;
    const code = error instanceof DisplayError ? error.code : 'disconnected';
    if (code === 'code_refused') this.#cut = this.#wanted.code;
    const message = error instanceof Error ? error.message : String(error);
    if (code === 'code_refused') this.#cutBecause = message;
    if (this.#problem !== code) log.warn('A display failed.', { display: display.name, code, message });
    this.#tell(code, message);
  }

  #tell(code: string | null, message: string): void {
    if (code === this.#problem) return;
    this.#problem = code;
    this.#options.onProblem(code === null ? null : { code, message });
  }

  #pauseMs(): number {
    return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures - 1, 10));
  }

  /** Does something within a time. @throws DisplayError `no_answer` when it takes longer */
  async #within<Value>(milliseconds: number, act: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    const { clock, display } = this.#options;
    const limit = new AbortController();
    const late = new DisplayError(
      'no_answer',
      `The display ${display.name} does not answer. Check its power and cable.`,
    );
    const stop = clock.after(milliseconds, () => {
      limit.abort(late);
    });
    try {
      return await act(limit.signal);
    } catch (error) {
      throw limit.signal.aborted ? late : error;
    } finally {
      stop();
    }
  }

  /** Waits, but not longer than until something happens. */
  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#options.clock.after(milliseconds, () => {
        go();
      });
      const go = () => {
        stop();
        this.#wake = () => undefined;
        resolve();
      };
      this.#wake = go;
    });
  }
}

function same(left: DisplayContent, right: DisplayContent): boolean {
  return left.code === right.code && left.lines.join('\n') === right.lines.join('\n');
}
