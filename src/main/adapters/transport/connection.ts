import type { Clock, Stop } from '../../ports/clock.ts';
import { within } from './deadline.ts';
import { TransportError, type Connection, type Limit } from './transport.ts';

/** What a kind of line can do; the rest of a connection is the same for all. */
export interface Line {
  /** Resolved when the system has taken the bytes. */
  send(bytes: Uint8Array): Promise<void>;
  /** False once the line is known to be gone, though its end may not have been reported yet. */
  writable(): boolean;
  /** Begins a polite end; `ended` is called when it is over. */
  end(): void;
  /** Cuts the line at once. */
  destroy(): void;
}

interface LineConnectionOptions {
  readonly line: Line;
  readonly name: string;
  readonly clock: Clock;
  readonly closeMs: number;
}

/**
 * A connection over any line:
 *
 *   device ──▶ line ── received ──▶ onData
 *                  └─── ended ────▶ onClose, once
 *   device ◀── line ◀── write, with its deadline
 */
export class LineConnection implements Connection {
  readonly #options: LineConnectionOptions;
  readonly #dataListeners = new Set<(bytes: Uint8Array) => void>();
  readonly #closeListeners = new Set<(reason: string) => void>();
  #closedBecause: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LineConnectionOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#closedBecause !== undefined || this.#closing !== undefined;
  }

  /** The line has read something. */
  received(bytes: Uint8Array): void {
    for (const listener of [...this.#dataListeners]) listener(bytes);
  }

  /** The line is over. Only the first call counts: serial ports say it twice (hardware.md 3). */
  ended(reason: string): void {
    if (this.#closedBecause !== undefined) return;
    this.#closedBecause = reason;
    const listeners = [...this.#closeListeners];
    this.#closeListeners.clear();
    this.#dataListeners.clear();
    for (const listener of listeners) listener(reason);
  }

  onData(callback: (bytes: Uint8Array) => void): Stop {
    this.#dataListeners.add(callback);
    return () => this.#dataListeners.delete(callback);
  }

  onClose(callback: (reason: string) => void): Stop {
    if (this.#closedBecause !== undefined) callback(this.#closedBecause);
    else this.#closeListeners.add(callback);
    return () => this.#closeListeners.delete(callback);
  }

  async write(bytes: Uint8Array, limit: Limit): Promise<void> {
    const { line, name, clock } = this.#options;
    if (this.isClosed || !line.writable()) throw new TransportError('closed', `The line to ${name} is closed.`);
    if (limit.signal.aborted) throw new TransportError('aborted', `Nothing was sent to ${name}: it was given up.`);
    try {
      await within(line.send(bytes), clock, limit);
    } catch (error) {
      line.destroy();
      const code = error instanceof TransportError ? error.code : 'closed';
      this.ended(describe(error));
      throw new TransportError(code, `Sending to ${name} failed: ${describe(error)}`, {
        sent: 'something',
        cause: error,
      });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#closedBecause !== undefined) return;
    const { line, clock, closeMs } = this.#options;
    const over = new Promise<void>((resolve) => {
      this.onClose(() => {
        resolve();
      });
    });
    const stop = clock.after(closeMs, () => {
      this.ended('It did not end by itself and was cut.');
    });
    line.end();
    await over;
    stop();
    line.destroy();
  }
}

/** What an error says, for a sentence. */
export function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
