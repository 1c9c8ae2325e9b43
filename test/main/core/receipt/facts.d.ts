import type { ReceiptFacts } from '../../../../src/main/core/receipt/document.ts';
/** A coffee and two and a half cakes, paid by wallet on 21 September 2026 at 17:13:20 in Vilnius. */
export declare const facts: ReceiptFacts;
