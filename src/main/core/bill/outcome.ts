import type { OtherWay, RefusalReason } from '../../../shared/bill.ts';
import type { OfferId } from '../../../shared/ids.ts';
import { queueReceipt } from '../receipt/printing.ts';
import { dueToClose } from '../spot/closing.ts';
import type { Turn } from '../turn.ts';
import type { Bill, Offer, OfferStageName } from './state.ts';

/** Stages in which an offer's transaction is over: nothing of it can be paid any more. */
const overStages: readonly OfferStageName[] = ['confirmed', 'removingOrder', 'removeOrderLater', 'settled', 'observed'];

/** True when the transaction of this offer can no longer be paid. */
export function offerIsOver(offer: Offer): boolean {
  return overStages.includes(offer.stage.name);
}

/** Attention that a bill's end makes pointless. */
const overWithTheBill = new Set([
  'payment_differs',
  'order_differs',
  'payer_refused',
  'order_closed',
  'order_gone',
  'transaction_gone',
  'transaction_ended',
  'customer_left',
  'not_accepted',
  'confirm_refused',
  'reservation_expiring',
  'reservation_expired',
]);

/** Takes back what staff were told about a bill's present trouble. */
export function calm(turn: Turn, bill: Bill): void {
  turn.lower((item) => item.billId === bill.id && overWithTheBill.has(item.code));
}

/** The bill is paid: journals how, queues the receipt, and lets the spot close when nothing else is unpaid. */
export function billPaid(turn: Turn, bill: Bill, how: 'wallet' | OtherWay, key: string | null): void {
  const receiptNumber = queueReceipt(turn, bill, how, key);
  turn.setBill({
    ...bill,
    status: { name: 'paid', how, at: turn.at, transactionKey: key, receiptNumber },
  });
  calm(turn, bill);
  if (bill.source !== 'foreign') dueToClose(turn);
}

/** The bill cannot be paid as it stands; staff are told why and decide. */
export function billRefused(
  turn: Turn,
  bill: Bill,
  reason: RefusalReason,
  details: Record<string, string | number> = {},
): void {
  if (bill.status.name !== 'open') return;
  if (bill.source === 'foreign') {
    // Not ours to settle: it is simply no longer there to be paid.
    turn.setBill({ ...bill, status: { name: 'withdrawn', at: turn.at } });
    return;
  }
  turn.setBill({ ...bill, status: { name: 'refused', reason, at: turn.at } });
  calm(turn, bill);
  const code = reason === 'amount_differs' ? 'payment_differs' : reason;
  turn.raise(code, { billId: bill.id, details });
}

/** An offer can no longer be paid: if staff took cash and were only waiting for this, the bill is paid by it. */
export function settleIfWaiting(turn: Turn, offer: Offer): void {
  const bill = turn.bill(offer.billId);
  if (bill?.status.name !== 'settling') return;
  if (turn.offersOf(bill.id).every(offerIsOver)) billPaid(turn, bill, bill.status.how, null);
}

/** The id of a bill's next offer. It travels in the payment's parameters, so it also names the bill. */
export function nextOfferId(bill: Bill): OfferId {
  return `offer_${bill.id.slice('bill_'.length)}.${bill.offersMade + 1}`;
}
