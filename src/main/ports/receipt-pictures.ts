import type { ReceiptForm } from '../../shared/contract.ts';
import type { ReceiptDocument } from '../core/receipt/document.ts';

/** Receipts for eyes and files instead of paper: the same document, columns and wrapping as the printer's. */
export interface ReceiptPictures {
  /** The paper as it would come out of the printer, as a PNG file. */
  draw(document: ReceiptDocument): Promise<Uint8Array>;
  /**
   * Writes the receipt to the merchant's folder; a file of the same receipt that is there is replaced. Gives its path.
   * @throws ReceiptSaveError
   */
  save(document: ReceiptDocument, form: ReceiptForm): Promise<string>;
}

/** A receipt that was not written; the message says what to do. Nothing half-written is left. */
export class ReceiptSaveError extends Error {
  override readonly name = 'ReceiptSaveError';
  readonly code = 'receipt_not_saved';

  constructor(message: string, cause?: unknown) {
    super(message, { cause });
  }
}
