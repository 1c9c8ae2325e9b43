import type { RefusalReason } from '../../../shared/bill.ts';
import { assertNever } from '../../../shared/failure.ts';
import type { RemoteOrder, RemoteTransaction } from '../remote.ts';
import type { Turn } from '../turn.ts';
import { amountDetail, asksExactly, isOver, sumOf } from './compare.ts';
import { hasOrder, hasTransaction } from './calls.ts';
import { reservationEndsAt } from './expiry.ts';
import { attach, create, later } from './offering.ts';
import { transactionConfirmed } from './confirmed.ts';
import { billRefused } from './outcome.ts';
import { retire, revoke, settle } from './retire.ts';
import type { Offer } from './state.ts';

/** A reading of an offer's transaction; null when the API knows it no more. `asOf` as in the event. */
export function transactionSeen(turn: Turn, offer: Offer, transaction: RemoteTransaction | null, asOf: number): void {
  switch (offer.stage.name) {
    case 'offered':
      return seenOffered(turn, offer, transaction, asOf);
    case 'superseded':
      return seenSuperseded(turn, offer, transaction);
    case 'checking':
      return seenChecking(turn, offer, transaction, asOf);
    case 'readingBack':
      return seenReadingBack(turn, offer, transaction, asOf);
    case 'revokeReading':
      return seenRevoked(turn, offer, transaction, asOf);
    case 'creating':
    case 'createLater':
    case 'searching':
    case 'awaitingSpot':
    case 'attaching':
    case 'attachLater':
    case 'attachLost':
    case 'confirming':
    case 'confirmLater':
    case 'confirmed':
    case 'revoking':
    case 'revokeLater':
    case 'removingOrder':
    case 'removeOrderLater':
    case 'settled':
    case 'observed':
      return;
    default:
      return assertNever(offer.stage);
  }
}

/** Compares what was read with what was promised, for money that is reserved. */
function check(turn: Turn, offer: Offer, since: number): void {
  const stage = { name: 'checking', since, transaction: false, order: false } as const;
  turn.stage(offer, stage, { failures: offer.failures, reservedAt: offer.reservedAt ?? turn.at });
}

function seenOffered(turn: Turn, offer: Offer, transaction: RemoteTransaction | null, asOf: number): void {
  if (offer.stage.name !== 'offered' || asOf < offer.stage.since) return;
  if (transaction?.status === 'reserved') check(turn, offer, turn.revision);
  else if (isOver(transaction)) ended(turn, offer, transaction);
}

function seenSuperseded(turn: Turn, offer: Offer, transaction: RemoteTransaction | null): void {
  if (transaction?.status === 'confirmed') transactionConfirmed(turn, offer, transaction);
  else if (transaction && transaction.status !== 'new') revoke(turn, offer);
}

/** The transaction ended without us: paid if confirmed, refused by the payer, or gone in some other way. */
function ended(turn: Turn, offer: Offer, transaction: RemoteTransaction | null): void {
  if (transaction?.status === 'confirmed') {
    transactionConfirmed(turn, offer, transaction);
    return;
  }
  const bill = turn.bill(offer.billId);
  const reason = reasonOfEnd(turn, offer, transaction);
  if (bill) billRefused(turn, bill, reason, { status: transaction?.status ?? 'not_found' });
  settle(turn, turn.setOffer({ ...offer, unwanted: offer.unwanted ?? reason }));
}

function reasonOfEnd(turn: Turn, offer: Offer, transaction: RemoteTransaction | null): RefusalReason {
  if (transaction === null) return 'transaction_gone';
  if (transaction.status === 'rejected') return 'payer_refused';
  return reservationEndsAt(turn.state, offer) <= turn.at + clockGrainMs ? 'reservation_expired' : 'transaction_ended';
}

/** The API counts from a moment before we saw the reservation, and its clock may differ a little. Milliseconds. */
const clockGrainMs = 60_000;

/** Read again while reserved: equal to the offer, and it is half of what confirming needs; else it is given back. */
function seenChecking(turn: Turn, offer: Offer, transaction: RemoteTransaction | null, asOf: number): void {
  if (offer.stage.name !== 'checking' || asOf < offer.stage.since) return;
  if (isOver(transaction)) return ended(turn, offer, transaction);
  if (transaction === null) return;
  if (transaction.status !== 'reserved') {
    turn.stage(offer, { name: 'offered', since: turn.revision });
    return;
  }
  if (!asksExactly(offer, transaction)) return differs(turn, offer, transaction);
  checked(turn, offer, { transaction: true });
}

function differs(turn: Turn, offer: Offer, transaction: RemoteTransaction): void {
  const bill = turn.bill(offer.billId);
  const details = { expected: amountDetail(offer.price), found: amountDetail(sumOf(transaction)) };
  if (bill?.source === 'foreign') {
    // Not ours to give back: its maker decides (design.md 5).
    turn.raise('payment_differs', { billId: bill.id, details });
    turn.stage(offer, { name: 'observed' });
    return;
  }
  if (bill) billRefused(turn, bill, 'amount_differs', details);
  retire(turn, offer, 'amount_differs');
}

/** Confirms once both the transaction and, where it can be read, the order were found equal. */
function checked(turn: Turn, offer: Offer, found: { transaction?: true; order?: true }): void {
  if (offer.stage.name !== 'checking' || offer.key === null) return;
  const stage = { ...offer.stage, ...found };
  const orderReadable = turn.state.spot.access === 'direct';
  if (!stage.transaction || (orderReadable && !stage.order)) {
    turn.stage(offer, stage, { failures: offer.failures });
    return;
  }
  const effectId = turn.effect({ type: 'confirm', offerId: offer.id, key: offer.key });
  turn.stage(offer, { name: 'confirming', effectId }, { failures: offer.failures });
}

function seenReadingBack(turn: Turn, offer: Offer, transaction: RemoteTransaction | null, asOf: number): void {
  if (offer.stage.name !== 'readingBack' || asOf < offer.stage.since) return;
  if (isOver(transaction)) return ended(turn, offer, transaction);
  const { notBefore, failures } = later(turn, offer);
  turn.stage(offer, { name: 'confirmLater', notBefore: failures === 1 ? turn.at : notBefore }, { failures });
}

function seenRevoked(turn: Turn, offer: Offer, transaction: RemoteTransaction | null, asOf: number): void {
  if (offer.stage.name !== 'revokeReading' || asOf < offer.stage.since) return;
  if (transaction?.status === 'confirmed') return transactionConfirmed(turn, offer, transaction);
  if (isOver(transaction)) {
    if (transaction?.status === 'revoked') moneyReturned(turn, offer);
    return settle(turn, offer);
  }
  const { notBefore, failures } = later(turn, offer);
  turn.stage(offer, { name: 'revokeLater', notBefore }, { failures });
}

/** The customer had accepted what was no longer wanted: their app showed it as paid for a moment, so staff are told. */
function moneyReturned(turn: Turn, offer: Offer): void {
  const told: readonly (string | null)[] = ['amount_differs', 'order_differs', 'forgotten'];
  if (told.includes(offer.unwanted)) return;
  turn.raise('money_returned', { billId: offer.billId, details: { amount: amountDetail(offer.price) } });
}

/** What the search for a lost transaction brought. Nothing found: it was not made (or is payable by nobody). */
export function searched(turn: Turn, offer: Offer, transaction: RemoteTransaction | null, asOf: number): void {
  if (offer.stage.name !== 'searching' || asOf < offer.stage.since) return;
  if (transaction) hasTransaction(turn, offer, transaction.key);
  else if (offer.unwanted) settle(turn, offer);
  else create(turn, offer);
}

/**
 * A direct reading of the spot told whether the offer's order is there; `order` is null when it is not.
 */
export function orderSeen(turn: Turn, offer: Offer, order: RemoteOrder | null, asOf: number): void {
  const { stage } = offer;
  if (!('since' in stage) || asOf < stage.since) return;
  if (stage.name === 'attachLost') lostOrderSeen(turn, offer, order);
  else if (stage.name === 'checking') {
    if (order && order.id === (offer.orderId ?? order.id)) checked(turn, offer, { order: true });
    else orderLost(turn, offer, 'order_differs');
  } else if (stage.name === 'offered' && (!order || order.status === 'closed')) {
    orderLost(turn, offer, order ? 'order_closed' : 'order_gone');
  }
}

/** Its making went unanswered: it is there, or certainly not. */
function lostOrderSeen(turn: Turn, offer: Offer, order: RemoteOrder | null): void {
  if (order) hasOrder(turn, offer, order.id);
  else if (offer.unwanted) revoke(turn, offer);
  else attach(turn, offer);
}

/** Our order is not what we made it: somebody else changed it, so nothing of it is confirmed. */
export function orderLost(turn: Turn, offer: Offer, reason: 'order_closed' | 'order_gone' | 'order_differs'): void {
  const bill = turn.bill(offer.billId);
  if (bill) billRefused(turn, bill, reason);
  retire(turn, turn.setOffer({ ...offer, orderId: reason === 'order_gone' ? null : offer.orderId }), reason);
}
