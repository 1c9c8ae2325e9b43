import type { ReceiptDocument } from '../core/receipt/document.ts';

/** What is wrong with a printer: a code for programs and a sentence that tells staff what to do. */
export interface PrinterProblem {
  readonly code:
    | 'not_configured'
    | 'not_answering'
    | 'wrong_device'
    | 'offline'
    | 'cover_open'
    | 'paper_out'
    | 'cutter_jammed'
    | 'error'
    | 'timeout'
    | 'disconnected';
  readonly message: string;
}

/**
 * Whether it could print. `paperLow`: the roll is nearly used up, good for about so many receipts more; null when nobody
 * knows since when.
 */
export type PrinterCheck =
  | { readonly ready: true; readonly paperLow?: { readonly receiptsLeft: number | null } }
  | { readonly ready: false; readonly problem: PrinterProblem };

/**
 * How a print ended. `printed`: the printer said so (`proof`: process id, or its answer after the cut, or only that all
 * bytes were taken). `failed`: nothing left this machine, it may be repeated. `doubtful`: something left.
 */
export type PrintOutcome =
  | { readonly outcome: 'printed'; readonly proof: 'process_id' | 'status' | 'bytes' }
  | { readonly outcome: 'failed'; readonly problem: PrinterProblem }
  | { readonly outcome: 'doubtful'; readonly problem: PrinterProblem };

/** One receipt printer. Everything has a deadline; nothing throws. One call at a time. */
export interface PrinterPort {
  /** Asks the printer whether it could print now; sends nothing that could reach paper. */
  check(signal: AbortSignal): Promise<PrinterCheck>;
  /**
   * Prints one document and waits for the best proof this printer can give.
   * @param onSent called back once all of it has left this machine, before the outcome is known
   */
  print(document: ReceiptDocument, signal: AbortSignal, onSent?: () => void): Promise<PrintOutcome>;
  /** Ends the connection. Idempotent. */
  stop(): Promise<void>;
}
