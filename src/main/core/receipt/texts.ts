import type { Language } from '../../../shared/snapshot.ts';
import type { ReceiptFacts } from './document.ts';

/** Everything a receipt says by itself, in one language. */
export interface ReceiptTexts {
  /** BCP 47, for amounts and times. */
  readonly locale: string;
  readonly copy: string;
  readonly receipt: string;
  readonly bill: string;
  readonly time: string;
  readonly terminal: string;
  readonly total: string;
  readonly paidWith: string;
  readonly ways: Readonly<Record<ReceiptFacts['how'], string>>;
  readonly transaction: string;
  readonly notFiscal: string;
  readonly thanks: string;
}

const english: ReceiptTexts = {
  locale: 'en-GB',
  copy: 'COPY',
  receipt: 'Receipt',
  bill: 'Bill',
  time: 'Time',
  terminal: 'Terminal',
  total: 'Total',
  paidWith: 'Paid with',
  ways: { wallet: 'Paysera wallet', cash: 'Cash', card: 'Card' },
  transaction: 'Transaction',
  notFiscal: 'This is not a fiscal document.',
  thanks: 'Thank you!',
};

const lithuanian: ReceiptTexts = {
  locale: 'lt-LT',
  copy: 'KOPIJA',
  receipt: 'Kvitas',
  bill: 'Sąskaita',
  time: 'Laikas',
  terminal: 'Terminalas',
  total: 'Iš viso',
  paidWith: 'Apmokėta',
  ways: { wallet: 'Paysera pinigine', cash: 'Grynaisiais', card: 'Kortele' },
  transaction: 'Operacija',
  notFiscal: 'Tai nėra fiskalinis dokumentas.',
  thanks: 'Ačiū!',
};

/** The texts of a receipt in that language. */
export const receiptTexts: Readonly<Record<Language, ReceiptTexts>> = { en: english, lt: lithuanian };
