import { sameMoney, type Money } from '../../../shared/money.ts';
import type { RemoteTransaction } from '../remote.ts';
import type { Offer } from './state.ts';

/**
 * Whether a transaction asks for exactly what the offer promised: our key, one payment, its amount and currency
 * (design.md 5, row 6). A payment whose amount cannot be read equals nothing.
 */
export function asksExactly(offer: Offer, transaction: RemoteTransaction): boolean {
  if (transaction.key !== offer.key) return false;
  const [payment, ...more] = transaction.payments;
  return more.length === 0 && payment?.price != null && sameMoney(payment.price, offer.price);
}

/** The sum of a transaction's payments; null when there are none, one cannot be read, or currencies are mixed. */
export function sumOf(transaction: RemoteTransaction): Money | null {
  const prices = transaction.payments.map((payment) => payment.price);
  const [first] = prices;
  if (!first) return null;
  let sum = 0;
  for (const price of prices) {
    if (price?.currency !== first.currency) return null;
    sum += price.amount;
  }
  return { amount: sum as Money['amount'], currency: first.currency };
}

/** Money as staff sentences hold it: minor units and currency, formatted by the screen. */
export function amountDetail(money: Money | null): string {
  return money ? `${money.amount} ${money.currency}` : '?';
}

/** No further change of the transaction is to be expected (api.md 6.4). */
export function isOver(transaction: RemoteTransaction | null): boolean {
  if (!transaction) return true;
  return ['confirmed', 'rejected', 'revoked', 'deleted', 'failed'].includes(transaction.status);
}
