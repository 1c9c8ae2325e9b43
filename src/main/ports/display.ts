import type { DisplayContent } from '../core/display/content.ts';
import type { Stop } from './clock.ts';

/** What a display can do. The terminal knows displays only by this (hardware.md 1.2). */
export interface DisplayCapabilities {
  /** How it is known that the glass shows what was meant. */
  readonly verification: 'read_back' | 'acknowledged' | 'none';
  /** Who draws the QR code: a code that the host draws cannot be cut short by the device. */
  readonly drawnBy: 'device' | 'host';
  /** The longest text of a code, in bytes. */
  readonly longestCode: number;
  readonly brightness: boolean;
}

/** A display on an open line, set up. Single use: after its end another one is opened. */
export interface DisplaySession {
  /** What the device says of itself, for people; empty when it says nothing. */
  readonly identity: string;
  /**
   * Shows this and nothing else. Done when it was read back where that can be; when something else is on the glass, it is
   * cleared before this fails. @throws DisplayError
   */
  show(content: DisplayContent, signal: AbortSignal): Promise<void>;
  /** Takes everything off the glass. @throws DisplayError */
  clear(signal: AbortSignal): Promise<void>;
  /** Whether the glass still shows what was shown last, as far as can be told. @throws DisplayError */
  check(signal: AbortSignal): Promise<'ok' | 'altered'>;
  /** @param percent 0 to 100. @throws DisplayError */
  setBrightness(percent: number, signal: AbortSignal): Promise<void>;
  /** Calls back when the device has restarted by itself: nothing that was shown is there any more. */
  onRestart(callback: () => void): Stop;
  /** Calls back once when the line is over. */
  onClose(callback: (reason: string) => void): Stop;
  /** Idempotent, never rejects. */
  close(): Promise<void>;
}

/** One display, wherever it is connected. */
export interface DisplayPort {
  /** Where it is, for people: a path or an address. */
  readonly name: string;
  readonly capabilities: DisplayCapabilities;
  /** Why it cannot show a code with this text; null when it can. */
  refuses(code: string): string | null;
  /** Opens the line, makes sure that the right device is there, and sets it up. @throws DisplayError */
  open(signal: AbortSignal): Promise<DisplaySession>;
}

/**
 * Why a display failed: `disconnected` the line cannot be opened or is gone, `wrong_device` what answers is something
 * else, `no_answer` the deadline came, `refused` it does not understand, `differs` it shows something else than was meant,
 * `code_refused` it cannot show such a code.
 */
export type DisplayErrorCode =
  'disconnected' | 'wrong_device' | 'no_answer' | 'refused' | 'differs' | 'code_refused' | 'aborted';

/** A display failed; `message` says what to do. */
export class DisplayError extends Error {
  readonly code: DisplayErrorCode;

  constructor(code: DisplayErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DisplayError';
    this.code = code;
  }
}
