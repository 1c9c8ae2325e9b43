import { decimalFromMinorUnits, minorUnits } from '../../../shared/money.ts';
import type { CustomerView, Snapshot } from '../../../shared/snapshot.ts';
import { displayTexts } from './texts.ts';

/** What a QR display shows: little, since it is small. Two of them are the same when all their parts are. */
export interface Showing {
  readonly view: CustomerView;
  /** What the QR code holds; null when none may be seen. */
  readonly code: string | null;
  /** What is going on, in a word or two. */
  readonly title: string;
  /** The sum with its currency; empty when there is none to show. */
  readonly amount: string;
}

/**
 * What a QR display shows for a snapshot: the same as the customer screen, in fewer words. The code stands there only while
 * somebody may scan it, and nothing of a bill after its view is over.
 */
export function showingOf({ customer, language, spot }: Snapshot): Showing {
  const texts = displayTexts[language];
  const { view, bills, scan } = customer;
  const scannable = view === 'idle' || (view === 'bill' && scan);
  const sums = view === 'bill' || view === 'checking' || view === 'paid' || view === 'refused';
  return {
    view,
    code: scannable ? spot.code : null,
    title: texts.titles[view],
    amount: sums ? sumOf(bills, texts.locale) : '',
  };
}

/** A picture to try a display with: what may be read of a code, a word and an amount, and is no bill. */
export function testShowing({ spot }: Snapshot): Showing {
  return { view: 'idle', code: spot.code, title: 'TEST', amount: `0.00 ${spot.currency}` };
}

/** Whether two showings look the same. */
export function sameShowing(left: Showing | null, right: Showing | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.view === right.view && left.code === right.code && left.title === right.title && left.amount === right.amount
  );
}

/** The sum of bills of one currency; of several there is no sum. */
function sumOf(bills: Snapshot['customer']['bills'], locale: string): string {
  const [first] = bills;
  if (!first || bills.some(({ currency }) => currency !== first.currency)) return '';
  const total = bills.reduce((sum, bill) => sum + bill.total, 0);
  const decimal = decimalFromMinorUnits(minorUnits(total)) as Intl.StringNumericLiteral;
  const places = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return `${new Intl.NumberFormat(locale, places).format(decimal)} ${first.currency}`.replaceAll(/\p{Z}/gu, ' ');
}
