import type { Failure } from '../../../shared/failure.ts';
import type { EffectId } from '../../../shared/ids.ts';
import type { Turn } from '../turn.ts';
import { isDue } from '../waiting.ts';
import type { CallResult } from './event.ts';
import { attach, later } from './offering.ts';
import { billRefused } from './outcome.ts';
import { releasePredecessor, removeOrder, retire, revoke } from './retire.ts';
import type { Offer } from './state.ts';

/** The offer that waits for this effect. */
export function offerAwaiting(turn: Turn, effectId: EffectId): Offer | undefined {
  return Object.values(turn.state.offers).find(
    (offer) => 'effectId' in offer.stage && offer.stage.effectId === effectId,
  );
}

/** The answer to a call, or its failure, for the offer that asked for it. */
export function offerCalled(turn: Turn, offer: Offer, result: CallResult): void {
  switch (offer.stage.name) {
    case 'creating':
      return created(turn, offer, result);
    case 'attaching':
      return attached(turn, offer, result);
    case 'confirming':
      return confirmAnswered(turn, offer, result);
    case 'revoking':
      return revokeAnswered(turn, offer, result);
    case 'removingOrder':
      return orderRemoved(turn, offer, result);
    default:
      return;
  }
}

/**
 * A key that is refused, or a clock that is off, is mended by people while bills wait: nothing was done, so the step
 * is kept and tried again later.
 */
function waits(failure: Failure): boolean {
  return failure.retry === 'later' || failure.retry === 'now' || failure.code === 'unauthorized';
}

function created(turn: Turn, offer: Offer, result: CallResult): void {
  if (result.ok) {
    if (result.transaction) hasTransaction(turn, offer, result.transaction.key);
    else turn.stage(offer, { name: 'searching', since: turn.revision });
    return;
  }
  const { failure } = result;
  if (failure.retry === 'unknown') {
    turn.stage(offer, { name: 'searching', since: turn.revision });
  } else if (offer.unwanted) {
    turn.stage(offer, { name: 'createLater', notBefore: turn.at });
    const stopped = turn.offer(offer.id);
    if (stopped) retireAgain(turn, stopped);
  } else if (waits(failure)) {
    const { notBefore, failures } = later(turn, offer, failure.retryAfterMs);
    turn.stage(offer, { name: 'createLater', notBefore }, { failures });
  } else {
    notAccepted(turn, turn.stage(offer, { name: 'createLater', notBefore: turn.at }), failure);
  }
}

/** Takes an offer back that was marked unwanted while a step was under way. */
function retireAgain(turn: Turn, offer: Offer): void {
  const reason = offer.unwanted;
  if (reason) retire(turn, turn.setOffer({ ...offer, unwanted: null }), reason);
}

/** The transaction exists and has this key. */
export function hasTransaction(turn: Turn, offer: Offer, key: string): void {
  const known = turn.setOffer({ ...offer, key });
  if (offer.unwanted) revoke(turn, known);
  else attach(turn, known);
}

function notAccepted(turn: Turn, offer: Offer, failure: Failure): void {
  const bill = turn.bill(offer.billId);
  if (bill) billRefused(turn, bill, 'not_accepted', { message: failure.message });
  retire(turn, offer, 'not_accepted');
  releasePredecessor(turn, offer, false);
}

function attached(turn: Turn, offer: Offer, result: CallResult): void {
  if (result.ok) {
    if (result.order) hasOrder(turn, offer, result.order.id);
    else attachAnswerLost(turn, offer);
    return;
  }
  const { failure } = result;
  if (failure.retry === 'unknown') attachAnswerLost(turn, offer);
  else if (offer.unwanted) revoke(turn, offer);
  else if (waits(failure)) {
    const { notBefore, failures } = later(turn, offer, failure.retryAfterMs);
    turn.stage(offer, { name: 'attachLater', notBefore }, { failures });
  } else attachRefused(turn, offer, failure);
}

/** An order is at the spot for this offer: the customer can pay. */
export function hasOrder(turn: Turn, offer: Offer, orderId: number): void {
  const offered = turn.stage(
    offer,
    { name: 'offered', since: turn.revision },
    { orderId, offeredAt: offer.offeredAt ?? turn.at },
  );
  const bill = turn.bill(offer.billId);
  if (bill && !offer.unwanted) turn.setBill({ ...bill, visit: turn.state.spot.visits });
  releasePredecessor(turn, offered, true);
  if (offer.unwanted) retireAgain(turn, offered);
}

function attachAnswerLost(turn: Turn, offer: Offer): void {
  // Through lists the orders of a spot cannot be seen. Asking again is harmless there: it is the same transaction,
  // and one transaction can be paid once (api.md 8.3).
  if (turn.state.spot.access === 'direct') {
    turn.stage(offer, { name: 'attachLost', since: turn.revision });
    return;
  }
  const { notBefore, failures } = later(turn, offer);
  turn.stage(offer, { name: 'attachLater', notBefore }, { failures });
}

function attachRefused(turn: Turn, offer: Offer, failure: Failure): void {
  const { status } = turn.state.spot;
  if (failure.code === 'not_found' && offer.orderId !== null) {
    // The order to be re-pointed is gone: the new offer gets an order of its own.
    releasePredecessor(turn, offer, true);
    attach(turn, turn.setOffer({ ...offer, orderId: null }));
  } else if (failure.code === 'invalid_state' && status !== 'waiting' && status !== 'open') {
    turn.stage(offer, { name: 'awaitingSpot', why: 'closed' });
  } else notAccepted(turn, turn.stage(offer, { name: 'attachLater', notBefore: turn.at }), failure);
}

/** Whatever was answered, only reading tells (api.md 8.4): the answer's body is not to be trusted. */
function confirmAnswered(turn: Turn, offer: Offer, result: CallResult): void {
  const { billId } = offer;
  if (!result.ok && result.failure.retry === 'never') {
    turn.raise('confirm_refused', { billId, details: { message: result.failure.message } });
  }
  turn.stage(offer, { name: 'readingBack', since: turn.revision }, { failures: offer.failures });
}

function revokeAnswered(turn: Turn, offer: Offer, result: CallResult): void {
  if (!result.ok && waits(result.failure)) {
    const { notBefore, failures } = later(turn, offer, result.failure.retryAfterMs);
    turn.stage(offer, { name: 'revokeLater', notBefore }, { failures });
    return;
  }
  turn.stage(offer, { name: 'revokeReading', since: turn.revision }, { failures: offer.failures });
}

function orderRemoved(turn: Turn, offer: Offer, result: CallResult): void {
  const again = !result.ok && (waits(result.failure) || result.failure.retry === 'unknown');
  if (!again || offer.orderId === null) {
    turn.stage(offer, { name: 'settled' });
    return;
  }
  const { notBefore, failures } = later(turn, offer, result.failure.retryAfterMs);
  turn.stage(offer, { name: 'removeOrderLater', notBefore }, { failures });
}

/** Tries again what was put off, when its time has come. */
export function resumeOffer(turn: Turn, offer: Offer, create: (turn: Turn, offer: Offer) => void): void {
  const { stage } = offer;
  if (!('notBefore' in stage) || !isDue(stage.notBefore, turn.at)) return;
  if (stage.name === 'createLater') create(turn, offer);
  else if (stage.name === 'attachLater') attach(turn, offer);
  else if (stage.name === 'revokeLater') revoke(turn, offer);
  else if (stage.name === 'removeOrderLater' && offer.orderId !== null) removeOrder(turn, offer, offer.orderId);
  else if (stage.name === 'confirmLater') {
    turn.stage(
      offer,
      { name: 'checking', since: turn.revision, transaction: false, order: false },
      { failures: offer.failures },
    );
  }
}
