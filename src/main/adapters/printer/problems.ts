import type { PrinterProblem } from '../../ports/printer.ts';
import { TransportError } from '../transport/transport.ts';

/** What staff are told to do. */
const sentences: Readonly<Record<PrinterProblem['code'], string>> = {
  not_configured: 'No receipt printer is configured.',
  not_answering: 'The receipt printer does not answer. Check that it is switched on and that its cable is plugged in.',
  wrong_device:
    'What answers in place of the receipt printer is not one that the terminal understands. Check its address and its profile in the configuration.',
  offline: 'The receipt printer is offline. Press its feed button, or switch it off and on again.',
  cover_open: 'The cover of the receipt printer is open. Close it.',
  paper_out: 'The receipt printer is out of paper. Put a new roll in and close the cover.',
  cutter_jammed:
    'The cutter of the receipt printer is jammed. Open the cover, take out the paper that is stuck, close it, and switch the printer off and on again.',
  error: 'The receipt printer reports an error. Switch it off and on again; if it stays, call service.',
  timeout: 'The receipt printer did not say in time whether the receipt was printed. Look whether it came out.',
  disconnected:
    'The connection to the receipt printer was lost. Check that it is switched on and its cable is plugged in.',
};

/** The problem with that code, with its sentence. */
export function printerProblem(code: PrinterProblem['code']): PrinterProblem {
  return { code, message: sentences[code] };
}

/** What a failed line means before anything of a job was sent. */
export function problemOfLine(error: unknown): PrinterProblem {
  if (!(error instanceof TransportError)) return printerProblem('error');
  switch (error.code) {
    case 'unreachable':
    case 'timeout':
      return printerProblem('not_answering');
    case 'busy':
      return { code: 'not_answering', message: 'Another program is using the receipt printer. End that program.' };
    case 'wrong_device':
      return printerProblem('wrong_device');
    case 'aborted':
      return { code: 'timeout', message: 'The receipt printer was not waited for, because the terminal is stopping.' };
    default:
      return printerProblem('disconnected');
  }
}

/** The printer's answers to `DLE EOT` 1, 2 and 4, and to 3 when 2 told of an error (hardware.md 2.3). */
export interface RealTimeStatus {
  readonly printer: number;
  readonly cause: number;
  readonly error?: number;
  readonly paper: number;
}

const has = (status: number | undefined, bits: number): boolean => ((status ?? 0) & bits) !== 0;

/** True when the answer to `DLE EOT 2` tells of an error, which `DLE EOT 3` explains. */
export function tellsOfError(cause: number): boolean {
  return has(cause, 0x40);
}

/** True when the answer to `DLE EOT 1` says that the printer does not print at the moment. */
export function isOffline(printer: number): boolean {
  return has(printer, 0x08);
}

/** True when the roll is nearly used up; without a sensor for it never. */
export function isNearEnd(paper: number): boolean {
  return has(paper, 0x0c);
}

/**
 * True for a byte that `GS r 1` can be answered with: the bits of the paper come in pairs that agree. On a disturbed
 * line most other bytes would pass for it.
 */
export function isPaperStatus(queued: number): boolean {
  return [0x00, 0x03, 0x0c, 0x0f].includes(queued);
}

/** True when the answer to `GS r 1` says that there is no paper. */
export function saysPaperOut(queued: number): boolean {
  return has(queued, 0x0c);
}

/** What keeps the printer from printing; what staff can mend first comes first. Null when nothing does. */
export function problemOfStatus({ printer, cause, error, paper }: RealTimeStatus): PrinterProblem | null {
  if (has(cause, 0x04)) return printerProblem('cover_open');
  if (has(paper, 0x60) || has(cause, 0x20)) return printerProblem('paper_out');
  if (has(error, 0x08)) return printerProblem('cutter_jammed');
  if (tellsOfError(cause)) return printerProblem('error');
  return isOffline(printer) ? printerProblem('offline') : null;
}

/** The same from the four bytes that the printer sends by itself after a change (`GS a`, hardware.md 2.3). */
export function problemOfAutomatic([general = 0, error, paper]: Uint8Array): PrinterProblem | null {
  if (has(general, 0x20)) return printerProblem('cover_open');
  if (has(paper, 0x0c)) return printerProblem('paper_out');
  if (has(error, 0x08)) return printerProblem('cutter_jammed');
  if (has(error, 0x64)) return printerProblem('error');
  return has(general, 0x08) ? printerProblem('offline') : null;
}
