import type { Stop } from '../../ports/clock.ts';

/** Until when a call may take. */
export interface Limit {
  readonly milliseconds: number;
  readonly signal: AbortSignal;
}

/** One open line to a device. Single use: once closed it stays closed, and the transport opens another (style.md 25). */
export interface Connection {
  readonly isClosed: boolean;
  /**
   * Hands all the bytes to the device's line; resolved when the system has taken them, which is not yet the device.
   * @throws TransportError; when something may have left, the connection is broken off as well
   */
  write(bytes: Uint8Array, limit: Limit): Promise<void>;
  /** Calls back with what the device says. Attach before the first write: what nobody listens to is lost. */
  onData(callback: (bytes: Uint8Array) => void): Stop;
  /** Calls back once, when the connection is over for whatever reason; at once when it is over already. */
  onClose(callback: (reason: string) => void): Stop;
  /** Ends the connection politely, or rudely after its deadline. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** A way to a device. Kept for ever; every connection is a new one. */
export interface Transport {
  /** Where it leads, for people: an address or a path. */
  readonly name: string;
  /** What the line carries, where that limits it (serial). */
  readonly bytesPerSecond?: number;
  /**
   * True for a line that stays when the device loses its power, and on which what it said to an earlier connection may
   * come on the next one: a serial port, a device file.
   */
  readonly isBareLine?: boolean;
  /** @throws TransportError */
  open(signal: AbortSignal): Promise<Connection>;
}

export interface TransportTimeouts {
  /** For opening, in milliseconds. */
  readonly connectMs: number;
  /** For a polite end, in milliseconds; then the line is cut. */
  readonly closeMs: number;
}

/** Two seconds reach any device in the building; one lets its last bytes out. */
export const usualTransportTimeouts: TransportTimeouts = { connectMs: 2_000, closeMs: 1_000 };

/**
 * Why a line failed: `unreachable` nothing opened, `busy` another program has it, `wrong_device` what is there is
 * something else, `closed` the line is gone, `timeout` the deadline came, `aborted` the caller gave up.
 */
export type TransportErrorCode = 'unreachable' | 'busy' | 'wrong_device' | 'closed' | 'timeout' | 'aborted';

/** `sent` tells whether any byte of this call may have left: only after `nothing` may it be repeated blindly. */
export class TransportError extends Error {
  readonly code: TransportErrorCode;
  readonly sent: 'nothing' | 'something';

  constructor(
    code: TransportErrorCode,
    message: string,
    more: { sent?: 'nothing' | 'something'; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.name = 'TransportError';
    this.code = code;
    this.sent = more.sent ?? 'nothing';
  }
}
