import { deadlines, within } from './deadlines.ts';
import type { Stop } from './listeners.ts';

interface PresenceOptions {
  /** Asks main for anything. */
  readonly ask: () => Promise<unknown>;
  /** Main does not answer although nobody hung up. */
  readonly mute: () => void;
  /** Main has been gone for longer than what it said may stay on the screen. */
  readonly gone: () => void;
}

/**
 * Watches whether main is there. A line that is open proves nothing: main may hang behind it, and the screen would go on
 * showing what was true before. So after a silence main is asked, and must answer.
 */
export class Presence {
  readonly #options: PresenceOptions;
  #heardAt = performance.now();
  #asking = false;
  #going: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PresenceOptions) {
    this.#options = options;
    this.lost();
  }

  /** Looks from now on. */
  watch(): Stop {
    const timer = setInterval(() => {
      this.#look();
    }, deadlines.look);
    return () => {
      clearInterval(timer);
      clearTimeout(this.#going);
    };
  }

  /** Main said something. */
  heard(): void {
    this.#heardAt = performance.now();
    clearTimeout(this.#going);
    this.#going = undefined;
  }

  /** Main is not there. It has a little while to come back before the screen forgets what it said. */
  lost(): void {
    this.#going ??= setTimeout(this.#options.gone, deadlines.gone);
  }

  #look(): void {
    if (this.#asking || performance.now() - this.#heardAt < deadlines.silence) return;
    this.#asking = true;
    within(deadlines.pulse, this.#options.ask())
      .catch(() => {
        this.lost();
        this.#options.mute();
      })
      .finally(() => {
        this.#asking = false;
      });
  }
}
