import type { BillView } from '../../../shared/bill.ts';

type Numbered = Pick<BillView, 'number' | 'source' | 'createdAt'>;

/**
 * A number to begin with: the newest of staff's bills plus one, with its zeros. Staff may write another; main sees to it
 * that no two unpaid bills have the same.
 */
export function suggestedNumber(bills: readonly Numbered[]): string {
  const newest = bills
    .filter((bill) => bill.source === 'staff' && /\d{1,9}$/u.test(bill.number))
    .reduce<Numbered | undefined>((best, bill) => (best && best.createdAt > bill.createdAt ? best : bill), undefined);
  const taken = new Set(bills.map((bill) => bill.number));
  let number = following(newest?.number ?? '0');
  while (taken.has(number)) number = following(number);
  return number;
}

function following(number: string): string {
  const digits = /\d{1,9}$/u.exec(number)?.[0] ?? '0';
  const next = String(Number(digits) + 1).padStart(digits.length, '0');
  return `${number.slice(0, number.length - digits.length)}${next}`;
}
