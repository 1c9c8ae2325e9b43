import type { ReceiptFacts } from '../../../../src/main/core/receipt/document.ts';
import { money } from '../../../../src/shared/money.ts';

/** A coffee and two and a half cakes, paid by wallet on 21 September 2026 at 17:13:20 in Vilnius. */
export const facts: ReceiptFacts = {
  number: 12,
  terminal: 'Table 1',
  merchant: ['Kavinė „Žąsis“', 'Gedimino pr. 1, Vilnius', 'PVM LT100000000001'],
  billNumber: '2026-0001',
  lines: [
    { title: 'Kava', quantity: 1, total: 250 },
    { title: 'Šimtalapis', quantity: 2.5, total: 125_000 },
    { title: 'Nuolaida', total: -100 },
  ],
  total: money(125_150, 'EUR'),
  how: 'wallet',
  transactionKey: 'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR',
  paidAt: Date.UTC(2026, 8, 21, 14, 13, 20),
  language: 'lt',
  timeZone: 'Europe/Vilnius',
};
