import type { Receipt } from '../bill/state.ts';
import { composeReceipt } from './compose.ts';
import type { ReceiptDocument } from './document.ts';

/**
 * A receipt as staff see and save it. It says COPY by the same rule as a paper that is printed again: always, but when no
 * paper of it has left and none will by itself (a terminal without a printer gives its receipts like that).
 */
export function receiptOnScreen({ facts, copy, paper }: Receipt): ReceiptDocument {
  return composeReceipt(facts, { copy: copy || paper.name !== 'failed' });
}
