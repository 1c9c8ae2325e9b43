import type { Connection, Limit, Transport } from '../../../../src/main/adapters/transport/transport.ts';
import { TransportError } from '../../../../src/main/adapters/transport/transport.ts';
import type { Clock, Stop } from '../../../../src/main/ports/clock.ts';

/** What happens to a piece of bytes on its way. */
export type Fate = 'arrives' | 'lost' | 'garbled' | 'late' | 'split';

export interface PipeOptions {
  readonly clock: Clock;
  /** Where the device takes bytes. */
  readonly take: (bytes: Uint8Array) => void;
  readonly bytesPerSecond: number;
  /** What happens to the next piece, in either direction. */
  readonly fate: () => Fate;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Longest that a late piece is held up, in milliseconds. */
const lateMs = 400;

/**
 * A line between the terminal and a device's double, in simulated time, with the speed of a serial line: pieces are lost,
 * garbled, late or split, always in order; it can be unplugged. What is on its way when that happens is gone.
 */
export class Pipe implements Transport {
  readonly name = 'the double';
  readonly bytesPerSecond: number;
  readonly #options: PipeOptions;
  #open: PipeConnection | undefined;
  plugged = true;
  /** When the last byte in each direction arrives, so that nothing overtakes. */
  #there = 0;
  #back = 0;
  /** Grows with each unplugging: bytes of before are not delivered. */
  #life = 0;

  constructor(options: PipeOptions) {
    this.#options = options;
    this.bytesPerSecond = options.bytesPerSecond;
  }

  open(): Promise<Connection> {
    if (!this.plugged) return Promise.reject(new TransportError('unreachable', 'It is not plugged in.'));
    this.#open = new PipeConnection((bytes) => {
      this.#there = this.#carry(bytes, this.#there, this.#options.take);
      return this.#there;
    }, this.#options.clock);
    return Promise.resolve(this.#open);
  }

  /** The device says something. */
  say(bytes: Uint8Array): void {
    this.#back = this.#carry(bytes, this.#back, (piece) => this.#open?.received(piece));
  }

  unplug(): void {
    this.plugged = false;
    this.#life += 1;
    this.#open?.ended('unplugged');
    this.#open = undefined;
  }

  plug(): void {
    this.plugged = true;
  }

  /** Gives when the last byte arrives, in milliseconds of the clock. */
  #carry(bytes: Uint8Array, after: number, deliver: (bytes: Uint8Array) => void): number {
    const { clock, fate, random } = this.#options;
    const now = clock.monotonic();
    const took = (bytes.length * 1000) / this.bytesPerSecond;
    let at = Math.max(now, after) + took;
    const what = fate();
    if (what === 'lost') return at;
    if (what === 'late') at += random() * lateMs;
    let piece = Buffer.from(bytes);
    if (what === 'garbled') {
      piece = Buffer.from(piece);
      const index = Math.floor(random() * piece.length);
      piece[index] = (piece[index] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    const cut = what === 'split' ? 1 + Math.floor(random() * piece.length) : piece.length;
    this.#later(at, piece.subarray(0, cut), deliver);
    if (cut < piece.length) {
      at += random() * 20;
      this.#later(at, piece.subarray(cut), deliver);
    }
    return at;
  }

  #later(at: number, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const life = this.#life;
    const { clock } = this.#options;
    clock.after(at - clock.monotonic(), () => {
      if (life === this.#life) deliver(bytes);
    });
  }
}

class PipeConnection implements Connection {
  readonly #data = new Set<(bytes: Uint8Array) => void>();
  readonly #closed = new Set<(reason: string) => void>();
  readonly #send: (bytes: Uint8Array) => number;
  readonly #clock: Clock;
  #reason: string | undefined;

  constructor(send: (bytes: Uint8Array) => number, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  get isClosed(): boolean {
    return this.#reason !== undefined;
  }

  write(bytes: Uint8Array, { signal }: Limit): Promise<void> {
    if (this.isClosed || signal.aborted) return Promise.reject(new TransportError('closed', 'The line is closed.'));
    const at = this.#send(bytes);
    return new Promise((resolve) => {
      this.#clock.after(at - this.#clock.monotonic(), resolve);
    });
  }

  received(bytes: Uint8Array): void {
    if (!this.isClosed) for (const callback of [...this.#data]) callback(bytes);
  }

  ended(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    for (const callback of [...this.#closed]) callback(reason);
  }

  onData(callback: (bytes: Uint8Array) => void): Stop {
    this.#data.add(callback);
    return () => this.#data.delete(callback);
  }

  onClose(callback: (reason: string) => void): Stop {
    if (this.#reason !== undefined) callback(this.#reason);
    else this.#closed.add(callback);
    return () => this.#closed.delete(callback);
  }

  close(): Promise<void> {
    this.ended('closed');
    return Promise.resolve();
  }
}
