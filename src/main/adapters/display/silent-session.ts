import type { Showing } from '../../core/display/showing.ts';
import type { Stop } from '../../ports/clock.ts';
import type { DisplayIdentity, DisplaySession } from '../../ports/display.ts';
import { Conversation } from './conversation.ts';
import { displayError } from './problems.ts';
import type { SessionParts } from './serial-display.ts';

/** The words of a display that never answers. Each list of pieces is sent one after another. */
export interface SilentWords {
  /** Sets it up and clears it. */
  readonly init: () => readonly Uint8Array[];
  readonly show: (showing: Showing) => readonly Uint8Array[];
  /** Tells the same again, without a flicker where that can be. */
  readonly again: (showing: Showing) => readonly Uint8Array[];
  readonly clear: () => readonly Uint8Array[];
  /** Left out where it cannot be set. */
  readonly brightness?: (percent: number) => readonly Uint8Array[];
}

/**
 * One connection to a display that never answers: all that can be done is to send everything, and to send it again. A
 * reader is attached all the same, or an unplugged cable would not be noticed (hardware.md 3).
 */
export class SilentSession implements DisplaySession {
  readonly #words: SilentWords;
  readonly #line: Conversation<never>;

  constructor(words: SilentWords, { connection, clock, answerMs, bytesPerSecond }: SessionParts) {
    this.#words = words;
    this.#line = new Conversation<never>({
      connection,
      clock,
      answerMs,
      bytesPerSecond,
      parse: () => [],
      onUnasked: () => undefined,
    });
  }

  get isClosed(): boolean {
    return this.#line.isClosed;
  }

  identify(): Promise<DisplayIdentity> {
    return Promise.resolve({});
  }

  init(signal: AbortSignal): Promise<void> {
    return this.#send(this.#words.init(), signal);
  }

  show(showing: Showing, signal: AbortSignal): Promise<void> {
    return this.#send(this.#words.show(showing), signal);
  }

  clear(signal: AbortSignal): Promise<void> {
    return this.#send(this.#words.clear(), signal);
  }

  /** Nobody knows: so it is told again. */
  async check(showing: Showing, signal: AbortSignal): Promise<'right'> {
    await this.#send(this.#words.again(showing), signal);
    return 'right';
  }

  async setBrightness(percent: number, signal: AbortSignal): Promise<void> {
    await this.#send(this.#words.brightness?.(percent) ?? [], signal);
  }

  onDidReset(): Stop {
    return () => undefined;
  }

  onDidClose(callback: (reason: string) => void): Stop {
    return this.#line.onDidClose(callback);
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  async #send(pieces: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
    for (const piece of pieces) {
      if (signal.aborted) throw displayError('display_given_up');
      await this.#line.send(piece);
    }
  }
}
