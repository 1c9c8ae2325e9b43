import type { Timer } from './types.ts';

/** Chances, from 0 to 1, that something happens to a piece of what is sent. */
export interface WireFaults {
  readonly dropped: number;
  /** One bit of it arrives the other way round. */
  readonly corrupted: number;
  /** It and everything behind it arrives later, up to `longestDelayMs`. */
  readonly delayed: number;
  /** It arrives in two pieces. */
  readonly split: number;
  readonly longestDelayMs: number;
}

/** A cable without faults. */
export const SOUND: WireFaults = { dropped: 0, corrupted: 0, delayed: 0, split: 0, longestDelayMs: 400 };

interface WireOptions {
  readonly timer: Timer;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Left out, everything arrives at once. */
  readonly bytesPerSecond?: number | undefined;
  readonly deliver: (bytes: Uint8Array) => void;
}

/** One direction of a cable: as fast as its speed allows, in order, with the faults that it is given. */
export class Wire {
  readonly #options: WireOptions;
  faults: WireFaults = SOUND;
  /** When the last byte that was sent arrives. */
  #freeAt = 0;
  #generation = 0;
  /** What is on the way, in order: a machine's timers may overtake each other by a millisecond, bytes on a cable never do. */
  #onTheWay: Uint8Array[] = [];

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** Sends one piece; gives after how many milliseconds its last byte has left. */
  carry(bytes: Uint8Array): number {
    const { timer, chance } = this.#options;
    const now = timer.monotonic();
    const what = this.#what();
    const delay = what === 'delayed' ? chance() * this.faults.longestDelayMs : 0;
    this.#freeAt = Math.max(now, this.#freeAt) + delay;
    if (what === 'split' && bytes.length > 1) {
      const at = 1 + Math.floor(chance() * (bytes.length - 1));
      this.#send(bytes.subarray(0, at));
      this.#freeAt += 5 * chance();
      this.#send(bytes.subarray(at));
    } else this.#send(what === 'corrupted' ? this.#flipped(bytes) : bytes, what === 'dropped');
    return this.#freeAt - now;
  }

  /** What is on the way never arrives. */
  cut(): void {
    this.#generation += 1;
    this.#onTheWay = [];
    this.#freeAt = 0;
  }

  #what(): 'sound' | 'dropped' | 'corrupted' | 'delayed' | 'split' {
    let left = this.#options.chance();
    for (const kind of ['dropped', 'corrupted', 'delayed', 'split'] as const) {
      if (left < this.faults[kind]) return kind;
      left -= this.faults[kind];
    }
    return 'sound';
  }

  #send(bytes: Uint8Array, isLost = false): void {
    const { timer, bytesPerSecond, deliver } = this.#options;
    if (bytesPerSecond !== undefined) this.#freeAt += (bytes.length * 1000) / bytesPerSecond;
    if (isLost) return;
    const generation = this.#generation;
    // A view would change with whoever wrote it.
    this.#onTheWay.push(new Uint8Array(bytes));
    timer.after(this.#freeAt - timer.monotonic(), () => {
      if (generation !== this.#generation) return;
      const first = this.#onTheWay.shift();
      if (first) deliver(first);
    });
  }

  #flipped(bytes: Uint8Array): Uint8Array {
    const { chance } = this.#options;
    const changed = new Uint8Array(bytes);
    const at = Math.floor(chance() * changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << Math.floor(chance() * 8));
    return changed;
  }
}
