/** Forged callbacks in a minute, from one sender and from all, after which nothing of theirs is looked at for the rest of it. */
const mostOfOne = 10;
const mostOfAll = 300;
const minuteMs = 60_000;

/**
 * Counts forged callbacks by sender, so that a forger is refused before any work is done, and does not shut out the API.
 * Times are monotonic milliseconds.
 */
export class Senders {
  #since = Number.NEGATIVE_INFINITY;
  #all = 0;
  readonly #forged = new Map<string, number>();

  /** Whether that sender has sent too many forged ones in this minute. */
  isRefused(sender: string, now: number): boolean {
    this.#turn(now);
    return (this.#forged.get(sender) ?? 0) >= mostOfOne || this.#all >= mostOfAll;
  }

  /** One more forged callback; tells whether it is the first of this sender in this minute. */
  forged(sender: string, now: number): boolean {
    this.#turn(now);
    const before = this.#forged.get(sender) ?? 0;
    this.#forged.set(sender, before + 1);
    this.#all += 1;
    return before === 0;
  }

  #turn(now: number): void {
    if (now - this.#since < minuteMs) return;
    this.#since = now;
    this.#all = 0;
    this.#forged.clear();
  }
}
