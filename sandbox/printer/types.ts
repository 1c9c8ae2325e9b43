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

/**
 * What can happen to a printer in the middle of a receipt. `reset` and `end` break its connection (a line is unplugged for a
 * moment); `half-open` is a connection that it has forgotten without a word.
 */
export const MISHAPS = [
  'paper-out',
  'cover-open',
  'cutter-error',
  'offline',
  'stall',
  'silence',
  'garbage',
  'power-cycle',
  'reset',
  'end',
  'half-open',
] as const;
export type MishapName = (typeof MISHAPS)[number];

/** Something that will happen once that many more bytes have come, or the paper has moved that many more dots. */
export interface Mishap {
  readonly what: MishapName;
  readonly after: number;
  readonly unit: 'bytes' | 'dots';
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
  /** Every byte that it says is a random one. */
  readonly garbage: boolean;
  /**
   * Has forgotten the connections of the moment in which this is switched on: nothing that comes on them is heard, nothing is
   * said on them. New ones work; a line works again when it is switched off.
   */
  readonly halfOpen: boolean;
  /** How fast it reads from its connection. */
  readonly bytesPerSecond: number | 'unlimited';
  /** What is going to happen, once; then back to null. */
  readonly mishap: Mishap | null;
  /** How long it takes to start after its power was off, in milliseconds; until then it hears nothing. */
  readonly startMs: number;
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
  garbage: false,
  halfOpen: false,
  bytesPerSecond: 'unlimited',
  mishap: null,
  startMs: 0,
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
  /** Lets that happen now. */
  suffer(what: MishapName): void;
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
  /** Whose numbers of code pages it has; Epson's when left out. */
  readonly maker?: string;
}
