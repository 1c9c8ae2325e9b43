import type { BillView } from '../../../shared/bill.ts';
import { decimalFromMinorUnits, minorUnits } from '../../../shared/money.ts';
import type { Snapshot } from '../../../shared/snapshot.ts';
import { displayTexts, type DisplayTexts } from './texts.ts';

/** What a QR display is to show. */
export interface DisplayContent {
  /** The text of the QR code; null for none. */
  readonly code: string | null;
  /** Short lines beside or instead of it, the most important first. */
  readonly lines: readonly string[];
}

/** Nothing at all: what a display shows when nobody stands behind what it says. */
export const blank: DisplayContent = { code: null, lines: [] };

/**
 * What displays show of what the customer sees. The spot's code stands there while a customer could still check in or
 * pay; never while money is being checked, after it, or when the terminal cannot serve.
 */
export function displayContent({ customer, spot, language }: Snapshot): DisplayContent {
  const texts = displayTexts[language];
  const amounts = amountsOf(customer.bills, texts);
  switch (customer.view) {
    case 'idle':
      return { code: spot.code, lines: [texts.scan, spot.name] };
    case 'welcome':
      return { code: spot.code, lines: [texts.welcome, spot.name] };
    case 'bill':
      return { code: spot.code, lines: [`${texts.pay} ${amounts}`, spot.name] };
    case 'checking':
      return { code: null, lines: [texts.checking, amounts] };
    case 'paid':
      return { code: null, lines: [texts.paid, amounts] };
    case 'refused':
      return { code: null, lines: [texts.refused, amounts] };
    case 'unavailable':
      return { code: null, lines: [texts.unavailable] };
  }
}

/** What bills come to, currency by currency: `12.80 EUR`. */
function amountsOf(bills: readonly BillView[], { locale }: DisplayTexts): string {
  const sums = new Map<string, number>();
  for (const { currency, total } of bills) sums.set(currency, (sums.get(currency) ?? 0) + total);
  return [...sums].map(([currency, total]) => `${decimalOf(total, locale)} ${currency}`).join(' + ');
}

function decimalOf(total: number, locale: string): string {
  const decimal = decimalFromMinorUnits(minorUnits(total)) as Intl.StringNumericLiteral;
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, useGrouping: false });
  return format.format(decimal);
}
