/** Ends what was started. Calling it again does nothing. */
export type Stop = () => void;

/** One ESC/POS command as it stood in the stream, or a run of printable characters (`text`). */
export interface Command {
  /** As Epson writes it, `ESC @`, `GS ( k`; `text` for characters, `unknown` for what no table names. */
  readonly name: string;
  /** Position of its first byte since the connection began. */
  readonly at: number;
  /** All of it, opcode and parameters. */
  readonly bytes: Uint8Array;
  /** What follows the opcode; for `text` the characters themselves. */
  readonly parameters: Uint8Array;
}

/** One piece of paper, from the cut before it to its own cut. */
export interface ReceiptRecord {
  /** From 0, the order in which the papers fell. */
  readonly index: number;
  /** When it was cut, in milliseconds since 1970. */
  readonly at: number;
  /** What a person reads on it, lines separated by `\n`, without the spaces that alignment makes. */
  readonly text: string;
  /** The payloads of its QR codes, from top to bottom. */
  readonly qr: readonly string[];
  /** The paper as it would look, at 203 dpi, 80 mm wide. */
  readonly png: Buffer;
  readonly commands: readonly Command[];
  /** How many bytes made it. */
  readonly bytes: number;
}

/** Everything about the printer that a tester may change. Plain data, so that it can travel as JSON. */
export interface PrinterState {
  readonly paper: 'ok' | 'near-end' | 'out';
  readonly coverOpen: boolean;
  readonly cutterError: boolean;
  readonly offline: boolean;
  /** Takes and prints everything, answers nothing. */
  readonly silent: boolean;
  /** No connection is accepted, and open ones are reset: as if it were switched off. */
  readonly refuse: boolean;
  /** Resets the connection once that many more bytes have arrived, then goes back to null. */
  readonly resetAfterBytes: number | null;
  /** Does not read from its connection. */
  readonly stalled: boolean;
  /** Whether it knows `GS ( H` function 48. */
  readonly processIds: boolean;
  /** How fast paper moves, in millimetres a second. */
  readonly speed: number | 'instant';
}

/** What the printer is like when it is switched on. */
export const HEALTHY: PrinterState = {
  paper: 'ok',
  coverOpen: false,
  cutterError: false,
  offline: false,
  silent: false,
  refuse: false,
  resetAfterBytes: null,
  stalled: false,
  processIds: true,
  speed: 250,
};

/** The printer without its connector: what a tester sees of it. */
export interface PrinterDesk {
  /** Every paper cut so far, oldest first. */
  receipts(): readonly ReceiptRecord[];
  /** Calls back with each new paper, after it was cut. */
  onReceipt(callback: (receipt: ReceiptRecord) => void): Stop;
  /** Sentences about bytes that a real printer would not have understood. Empty is right; tests fail on any. */
  problems(): readonly string[];
  state(): PrinterState;
  /** Forgets receipts and problems; paper, state and connections stay as they are. */
  clear(): void;
  /** Off and on again: what was received but not printed is lost, and no process id of it is ever sent. */
  powerCycle(): void;
}

/** A receipt printer on a TCP port, as real ones have on 9100. */
export interface VirtualPrinter extends PrinterDesk {
  readonly host: string;
  readonly port: number;
  /** Changes some of the state; resolved when it is in force (the port closed or open again). */
  setState(change: Partial<PrinterState>): Promise<void>;
  stop(): Promise<void>;
}

export interface PrinterOptions {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly state?: Partial<PrinterState>;
}
