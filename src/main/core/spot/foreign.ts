import type { BillId, OfferId } from '../../../shared/ids.ts';
import { transactionConfirmed } from '../bill/confirmed.ts';
import { isOver, sumOf } from '../bill/compare.ts';
import { otherTerminal, ownParameters } from '../bill/own.ts';
import type { Bill, Offer } from '../bill/state.ts';
import type { RemoteOrder, RemotePayment, RemoteTransaction } from '../remote.ts';
import type { Turn } from '../turn.ts';
import { earlierMet } from './earlier.ts';
import { remember } from './past.ts';

/** Orders at our spot that this terminal did not make (design.md 1): shown, and their receipts printed once confirmed. */
export function foreignOrdersSeen(turn: Turn, orders: readonly RemoteOrder[]): void {
  const { offers, spot } = turn.state;
  const known = new Set<string | null>([...Object.values(offers).map((offer) => offer.key), ...Object.keys(spot.past)]);
  const unread: Record<string, number> = {};
  for (const order of orders) {
    if (known.has(order.transactionKey)) continue;
    if (order.transaction) strangerMet(turn, order.transaction, order.id);
    else if (order.status !== 'closed') unread[order.transactionKey] = order.id;
  }
  turn.setSpot({ unread });
  for (const offer of Object.values(turn.state.offers)) observedOrderSeen(turn, offer, orders);
}

/** A transaction at our spot that we do not know: made by other software, or by this terminal before its journal begins. */
export function strangerMet(turn: Turn, transaction: RemoteTransaction, orderId: number | null): void {
  const { [transaction.key]: _read, ...unread } = turn.state.spot.unread;
  turn.setSpot({ unread });
  if (ownParameters(turn.state.settings, transaction)) earlierMet(turn, transaction, orderId);
  else foreignMet(turn, transaction);
}

/** A foreign transaction that we meet for the first time becomes a bill of its own. */
function foreignMet(turn: Turn, transaction: RemoteTransaction): void {
  if (isOver(transaction) && !confirmedSinceStart(turn, transaction)) {
    remember(turn, transaction.key);
    return;
  }
  const other = otherTerminal(turn.state.settings, transaction);
  if (other !== undefined) turn.raise('other_terminal', { details: { terminal: other } });
  const total = sumOf(transaction);
  if (!total) {
    remember(turn, transaction.key);
    turn.raise('foreign_unreadable', { details: { transaction: transaction.key.slice(-4) } });
    return;
  }
  const { settings } = turn.state;
  const billId: BillId = `bill_foreign_${transaction.key}`;
  const offerId: OfferId = `offer_foreign_${transaction.key}`;
  if (turn.bill(billId)) return;
  turn.setBill(foreignBill(turn, billId, offerId, transaction));
  const offer = turn.setOffer({
    id: offerId,
    billId,
    version: 1,
    price: total,
    description: transaction.payments[0]?.description ?? '',
    createdAt: turn.at,
    offeredAt: turn.at,
    reservedAt: null,
    key: transaction.key,
    // Never held: the order is not ours to remove.
    orderId: null,
    unwanted: null,
    predecessor: null,
    failures: 0,
    stage: settings.foreignOrders === 'confirm' ? { name: 'offered', since: turn.revision } : { name: 'observed' },
  });
  if (transaction.status === 'confirmed') transactionConfirmed(turn, offer, transaction);
}

/** Confirmed before we looked, but made while this terminal was already in service: its receipt is still wanted. */
function confirmedSinceStart(turn: Turn, transaction: RemoteTransaction): boolean {
  return transaction.status === 'confirmed' && (transaction.createdAt ?? 0) >= turn.state.firstStartedAt;
}

function foreignBill(turn: Turn, id: BillId, offerId: OfferId, transaction: RemoteTransaction): Bill {
  const total = sumOf(transaction);
  return {
    id,
    number: `#${transaction.key.slice(-4)}`,
    version: 1,
    source: 'foreign',
    lines: transaction.payments.map((payment) => ({ title: title(payment), total: payment.price?.amount ?? 0 })),
    total: total ?? { amount: 0 as Offer['price']['amount'], currency: 'EUR' },
    createdAt: turn.at,
    expiresAt: null,
    offersMade: 1,
    visit: turn.state.spot.visits,
    status: { name: 'open', offerId },
    idempotency: null,
  };
}

function title(payment: RemotePayment): string {
  return payment.description || '—';
}

/** A foreign order that is only looked at: paid, over, or gone. */
function observedOrderSeen(turn: Turn, offer: Offer, orders: readonly RemoteOrder[]): void {
  const bill = turn.bill(offer.billId);
  if (offer.stage.name !== 'observed' || bill?.status.name !== 'open') return;
  const order = orders.find((each) => each.transactionKey === offer.key);
  if (order?.transaction) observedSeen(turn, offer, order.transaction);
  else if (!order || order.status === 'closed') observedEnded(turn, bill);
}

/** A reading of a foreign transaction that is only looked at. */
export function observedSeen(turn: Turn, offer: Offer, transaction: RemoteTransaction | null): void {
  const bill = turn.bill(offer.billId);
  if (offer.stage.name !== 'observed' || bill?.status.name !== 'open') return;
  if (transaction?.status === 'confirmed') confirmedForeign(turn, offer, transaction);
  else if (isOver(transaction)) observedEnded(turn, bill);
}

/** Its maker may have changed the amount before confirming: what was confirmed is what the receipt says. */
function confirmedForeign(turn: Turn, offer: Offer, transaction: RemoteTransaction): void {
  const total = sumOf(transaction);
  const bill = turn.bill(offer.billId);
  if (!total || !bill) return;
  const { createdAt, visit } = bill;
  turn.setBill({ ...foreignBill(turn, bill.id, offer.id, transaction), createdAt, visit });
  transactionConfirmed(turn, turn.setOffer({ ...offer, price: total }), transaction);
}

function observedEnded(turn: Turn, bill: Bill): void {
  turn.setBill({ ...bill, status: { name: 'withdrawn', at: turn.at } });
}
