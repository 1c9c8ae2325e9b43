import { transactionCode } from '../../../shared/ids.ts';
import { decimalFromMinorUnits, minorUnits } from '../../../shared/money.ts';
import type { Block, ReceiptDocument, ReceiptFacts } from './document.ts';
import { printable } from './printable.ts';
import { receiptTexts, type ReceiptTexts } from './texts.ts';

/**
 * The paper for a paid bill, as a value. Pure and total: foreign texts, currencies and time zones that make no sense
 * are printed in a plainer form, never refused, for a receipt that cannot be composed cannot be given either.
 * A copy says so at its top and its bottom.
 */
export function composeReceipt(facts: ReceiptFacts, options: { readonly copy: boolean }): ReceiptDocument {
  const texts = receiptTexts[facts.language];
  const mark: readonly Block[] = options.copy ? [text(texts.copy, { weight: 'bold', size: 'large' })] : [];
  return {
    receiptNumber: facts.number,
    copy: options.copy,
    cash: facts.how === 'cash',
    language: facts.language,
    blocks: [
      ...mark,
      ...merchant(facts),
      ...heading(facts, texts),
      { type: 'rule' },
      ...lines(facts, texts),
      { type: 'rule' },
      ...payment(facts, texts),
      ...ending(facts, texts),
      ...mark,
    ],
  };
}

function merchant({ merchant: own }: ReceiptFacts): readonly Block[] {
  if (own.length === 0) return [];
  const block = own.map((line, index) => text(printable(line), { weight: index === 0 ? 'bold' : 'plain' }));
  return [...block, { type: 'feed', lines: 1 }];
}

function heading(facts: ReceiptFacts, texts: ReceiptTexts): readonly Block[] {
  return [
    columns(texts.receipt, String(facts.number)),
    columns(texts.bill, foreign(facts.billNumber)),
    columns(texts.time, time(facts, texts.locale)),
    columns(texts.terminal, foreign(facts.terminal)),
  ];
}

function lines(facts: ReceiptFacts, { locale }: ReceiptTexts): readonly Block[] {
  return facts.lines.map(({ title, quantity, total }) => {
    const count = quantity === undefined || quantity === 1 ? '' : `${number(quantity, locale)} x `;
    return columns(`${count}${foreign(title)}`, amount(total, locale));
  });
}

function payment(facts: ReceiptFacts, texts: ReceiptTexts): readonly Block[] {
  const total = amount(facts.total.amount, texts.locale, facts.total.currency);
  return [
    text(`${texts.total} ${total}`, { align: 'right', weight: 'bold', size: 'large' }),
    columns(texts.paidWith, texts.ways[facts.how]),
    ...(facts.transactionKey === undefined ? [] : [columns(texts.transaction, printable(facts.transactionKey))]),
  ];
}

function ending({ how, transactionKey }: ReceiptFacts, texts: ReceiptTexts): readonly Block[] {
  const wallet = how === 'wallet' && transactionKey !== undefined;
  const code: Block = wallet ? { type: 'qr', payload: transactionCode(transactionKey) } : { type: 'feed', lines: 1 };
  return [code, text(texts.notFiscal), text(texts.thanks)];
}

type TextBlock = Extract<Block, { type: 'text' }>;

function text(content: string, style: Partial<Pick<TextBlock, 'align' | 'weight' | 'size'>> = {}): TextBlock {
  return { type: 'text', text: content, align: 'centre', weight: 'plain', size: 'normal', ...style };
}

function columns(left: string, right: string): Block {
  return { type: 'columns', left, right, weight: 'plain' };
}

/** A text of others' that must leave something to see, whatever was in it. */
function foreign(content: string): string {
  return printable(content) || '?';
}

function number(value: number, locale: string): string {
  return printable(new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value));
}

/**
 * An amount in the locale's form, with its currency when one is given. All currencies are counted in hundredths
 * (shared/money.ts), whatever the locale's data think of them.
 */
function amount(minor: number, locale: string, currency?: string): string {
  const decimal = decimalFromMinorUnits(minorUnits(minor)) as Intl.StringNumericLiteral;
  const places = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;
  if (currency !== undefined && /^[A-Z]{3}$/.test(currency)) {
    return printable(new Intl.NumberFormat(locale, { style: 'currency', currency, ...places }).format(decimal));
  }
  const plain = printable(new Intl.NumberFormat(locale, places).format(decimal));
  return currency === undefined ? plain : `${plain} ${foreign(currency)}`;
}

/** When it was paid, on the merchant's clock; in UTC, and saying so, when the journaled time zone is unknown here. */
function time({ paidAt, timeZone }: ReceiptFacts, locale: string): string {
  const style = { dateStyle: 'short', timeStyle: 'medium' } as const;
  try {
    return printable(new Intl.DateTimeFormat(locale, { ...style, timeZone }).format(paidAt));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const instant = Number.isFinite(paidAt) ? paidAt : 0;
    return `${printable(new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' }).format(instant))} UTC`;
  }
}
