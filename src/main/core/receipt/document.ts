import type { Money } from '../../../shared/money.ts';
import type { Language } from '../../../shared/snapshot.ts';

/** Everything a receipt says, as facts: journaled when the bill was paid, never changed afterwards. */
export interface ReceiptFacts {
  /** Without gaps per terminal, from 1. */
  readonly number: number;
  readonly terminal: string;
  readonly merchant: readonly string[];
  readonly billNumber: string;
  readonly lines: readonly { readonly title: string; readonly quantity?: number; readonly total: number }[];
  readonly total: Money;
  readonly how: 'wallet' | 'cash' | 'card';
  /** Absent when the bill was not paid by wallet. */
  readonly transactionKey?: string;
  /** Milliseconds since 1970. */
  readonly paidAt: number;
  readonly language: Language;
  /** IANA name. */
  readonly timeZone: string;
}

/** One thing on the paper, from top to bottom. Texts are already in the receipt's language and form. */
export type Block =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly align: 'left' | 'centre' | 'right';
      readonly weight: 'plain' | 'bold';
      readonly size: 'normal' | 'large';
    }
  | { readonly type: 'columns'; readonly left: string; readonly right: string; readonly weight: 'plain' | 'bold' }
  | { readonly type: 'rule' }
  | { readonly type: 'qr'; readonly payload: string }
  | { readonly type: 'feed'; readonly lines: number };

/** A paper as a value (style.md 27). The cut at its end goes without saying. */
export interface ReceiptDocument {
  readonly receiptNumber: number;
  readonly copy: boolean;
  /** Whether staff took money for it: the drawer is needed. */
  readonly cash: boolean;
  readonly language: Language;
  readonly blocks: readonly Block[];
}
