import { assertNever } from '../../../shared/failure.ts';
import type { Turn } from '../turn.ts';
import { offerIsOver, settleIfWaiting } from './outcome.ts';
import type { Bill, Offer, OfferStageName, UnwantedReason } from './state.ts';

/**
 * Taking offers back: deleted, or revoked if the customer was quick, read back until the API shows a final state, and
 * the order removed (api.md 9.4.4, 9.4.5). No reservation is left hanging.
 */

/** Money is reserved, or may be: the outcome is being found out and must not be crossed. */
const moneyStages: readonly OfferStageName[] = ['checking', 'confirming', 'readingBack', 'confirmLater'];

/** True while the offer's money is reserved and being checked or confirmed. */
export function moneyIsMoving(offer: Offer): boolean {
  return moneyStages.includes(offer.stage.name);
}

/** Says that an offer is not wanted any more and takes the first step back that its stage allows. */
export function retire(turn: Turn, offer: Offer, reason: UnwantedReason): void {
  if (offer.unwanted) return;
  if (turn.bill(offer.billId)?.source === 'foreign') {
    // Made by other software, for it to take back (api.md 9.4.9).
    turn.stage(offer, { name: 'settled' });
    return;
  }
  const unwanted = turn.setOffer({ ...offer, unwanted: reason });
  switch (offer.stage.name) {
    case 'createLater':
      settle(turn, unwanted);
      return;
    case 'awaitingSpot':
    case 'attachLater':
    case 'offered':
    case 'superseded':
    case 'checking':
    case 'confirmLater':
      revoke(turn, unwanted);
      return;
    // The answer to the step under way decides how it goes on; see calls.ts and reads.ts.
    case 'creating':
    case 'searching':
    case 'attaching':
    case 'attachLost':
    case 'confirming':
    case 'readingBack':
      return;
    case 'revoking':
    case 'revokeLater':
    case 'revokeReading':
    case 'confirmed':
    case 'removingOrder':
    case 'removeOrderLater':
    case 'settled':
    case 'observed':
      return;
    default:
      assertNever(offer.stage);
  }
}

/** Takes back every offer of a bill that can still be paid; one that waited for its successor goes on its own. */
export function retireAll(turn: Turn, bill: Bill, reason: UnwantedReason): void {
  for (const offer of turn.offersOf(bill.id)) {
    if (offerIsOver(offer)) continue;
    retire(turn, offer.stage.name === 'superseded' ? turn.setOffer({ ...offer, unwanted: null }) : offer, reason);
  }
}

/** Asks the API to delete or revoke the transaction. */
export function revoke(turn: Turn, offer: Offer): void {
  if (offer.key === null) {
    settle(turn, offer);
    return;
  }
  const effectId = turn.effect({ type: 'revoke', offerId: offer.id, key: offer.key });
  turn.stage(offer, { name: 'revoking', effectId }, { failures: offer.failures });
}

/** The transaction is over and unpaid: the order goes too, unless a successor has taken it. */
export function settle(turn: Turn, offer: Offer): void {
  const { orderId } = offer;
  const taken = turn.offersOf(offer.billId).some((other) => other.id !== offer.id && other.orderId === orderId);
  if (orderId === null || taken) turn.stage(offer, { name: 'settled' });
  else removeOrder(turn, offer, orderId);
  settleIfWaiting(turn, offer);
}

/** Asks the API to remove the order. Repeating is harmless: a removed order is not found. */
export function removeOrder(turn: Turn, offer: Offer, orderId: number): void {
  const effectId = turn.effect({ type: 'deleteOrder', offerId: offer.id, orderId });
  turn.stage(offer, { name: 'removingOrder', effectId }, { failures: offer.failures });
}

/** Lets the predecessor of an edited offer go, now that its order has been taken over or will not be. */
export function releasePredecessor(turn: Turn, offer: Offer, tookOrder: boolean): void {
  const old = offer.predecessor ? turn.offer(offer.predecessor) : undefined;
  if (!old) return;
  const released = tookOrder ? turn.setOffer({ ...old, orderId: null }) : old;
  if (released.stage.name === 'superseded') revoke(turn, released);
}
