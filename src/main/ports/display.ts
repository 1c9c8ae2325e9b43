import type { Showing } from '../core/display/showing.ts';
import type { Stop } from './clock.ts';

/** What a display can do, as far as whoever uses it must know. */
export interface DisplayCapabilities {
  /**
   * How what is shown can be verified: `readback` the display tells what it shows, `acknowledged` it only says that it
   * obeyed, `none` it never says anything, and everything is sent again now and then.
   */
  readonly verify: 'readback' | 'acknowledged' | 'none';
  /** Why the display cannot show a code with this text, as a sentence; null when it can. */
  refuses(code: string): string | null;
  /** Whether its brightness can be set. */
  readonly brightness: boolean;
}

/** What a display said about itself; empty where it says nothing. */
export interface DisplayIdentity {
  readonly model?: string;
  readonly firmware?: string;
  readonly serial?: string;
}

/**
 * One connection to a display. Single use; one call at a time. Every method ends within deadlines of its own; a signal
 * that is aborted ends it between two commands. @throws DisplayError
 */
export interface DisplaySession {
  readonly isClosed: boolean;
  /** Makes sure that the display is there and is the right one. */
  identify(signal: AbortSignal): Promise<DisplayIdentity>;
  /** Sets the display up and clears it; may be called again after it has restarted. */
  init(signal: AbortSignal): Promise<void>;
  /** Shows this and, where it can be verified, is done when the display shows it. */
  show(showing: Showing, signal: AbortSignal): Promise<void>;
  /** Takes everything off the glass, whatever state the conversation is in. */
  clear(signal: AbortSignal): Promise<void>;
  /** Whether the display still shows this. */
  check(showing: Showing, signal: AbortSignal): Promise<'right' | 'wrong'>;
  /** From 0 to 100 per cent. */
  setBrightness(percent: number, signal: AbortSignal): Promise<void>;
  /** Calls back when the display has restarted or slept by itself: it shows nothing of ours any more. */
  onDidReset(callback: () => void): Stop;
  /** Calls back once when the connection is over; at once when it is over already. */
  onDidClose(callback: (reason: string) => void): Stop;
  /** Ends the connection. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** A display that is configured, there or not. */
export interface DisplayPort {
  /** The name that the configuration gives it. */
  readonly name: string;
  readonly capabilities: DisplayCapabilities;
  /** From 0 to 100 per cent. */
  readonly brightness: number;
  /** Opens a new connection: nothing that was written to an earlier one is ever sent on it. @throws DisplayError */
  connect(signal: AbortSignal): Promise<DisplaySession>;
  /** Calls back when the display may have been plugged in. */
  onDidAppear(callback: () => void): Stop;
}

/** What is wrong with a display. */
export type DisplayErrorCode =
  | 'display_not_found'
  | 'display_ambiguous'
  | 'display_busy'
  | 'display_wrong_device'
  | 'display_not_answering'
  | 'display_disconnected'
  | 'display_wrong_content'
  | 'display_refused'
  | 'display_code_refused'
  | 'display_given_up';

/** A display did not do what it was told; `message` says what to do. */
export class DisplayError extends Error {
  readonly code: DisplayErrorCode;

  constructor(code: DisplayErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DisplayError';
    this.code = code;
  }
}
