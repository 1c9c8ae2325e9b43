import type { Turn } from '../turn.ts';
import { backOffMs } from '../turn.ts';
import { nextOfferId } from './outcome.ts';
import { spotOf } from './own.ts';
import type { Bill, Offer } from './state.ts';

/** What the payer reads: at most 90 characters (api.md 14). */
function describe(bill: Bill): string {
  const text = `${bill.number}: ${bill.lines.map((line) => line.title).join(', ')}`;
  return text.length <= 90 ? text : `${text.slice(0, 89)}…`;
}

/** Makes a new offer of a bill and asks for its transaction: the first of two steps (api.md 8.3). */
export function offerBill(turn: Turn, bill: Bill, predecessor: Offer | null): Offer {
  const id = nextOfferId(bill);
  const offer: Offer = {
    id,
    billId: bill.id,
    version: bill.version,
    price: bill.total,
    description: describe(bill),
    createdAt: turn.at,
    offeredAt: null,
    reservedAt: null,
    key: null,
    orderId: null,
    unwanted: null,
    predecessor: predecessor?.id ?? null,
    failures: 0,
    stage: { name: 'createLater', notBefore: turn.at },
  };
  const { visits: visit } = turn.state.spot;
  turn.setBill({ ...bill, visit, offersMade: bill.offersMade + 1, status: { name: 'open', offerId: id } });
  return create(turn, offer);
}

/** Asks for the transaction of an offer that certainly has none. */
export function create(turn: Turn, offer: Offer): Offer {
  const { settings } = turn.state;
  const effectId = turn.effect({
    type: 'createTransaction',
    offerId: offer.id,
    request: {
      price: offer.price,
      description: offer.description,
      parameters: { terminal: settings.terminal, spot: spotOf(settings), bill: offer.billId, offer: offer.id },
      reserveForSeconds: settings.reserveForSeconds,
    },
  });
  return turn.stage(offer, { name: 'creating', effectId }, { failures: offer.failures });
}

/** The order that an offer may take over from the one it replaces. */
function inheritedOrder(turn: Turn, offer: Offer): number | null {
  return offer.orderId ?? (offer.predecessor ? (turn.offer(offer.predecessor)?.orderId ?? null) : null);
}

/** Asks for the order of an offer that has its transaction: by re-pointing an order, or with a new one. */
export function attach(turn: Turn, offer: Offer): Offer {
  if (offer.key === null) return offer;
  const orderId = inheritedOrder(turn, offer);
  if (orderId !== null) {
    const effectId = turn.effect({ type: 'pointOrder', offerId: offer.id, orderId, key: offer.key });
    // Held at once, so that nobody else removes the order while it is being re-pointed.
    return turn.stage(offer, { name: 'attaching', effectId }, { failures: offer.failures, orderId });
  }
  const spotId = turn.state.spot.id;
  if (spotId === null) return turn.stage(offer, { name: 'awaitingSpot', why: 'unknown' });
  const effectId = turn.effect({ type: 'attachOrder', offerId: offer.id, spotId, key: offer.key });
  return turn.stage(offer, { name: 'attaching', effectId }, { failures: offer.failures });
}

/** The API may ask for a longer pause; the scheduler keeps it, the step only looks in between. Milliseconds. */
const longestRetryAfterMs = 900_000;

/** Moments until the next try of a step that failed without effect, in milliseconds since 1970. */
export function later(turn: Turn, offer: Offer, retryAfterMs = 0): { notBefore: number; failures: number } {
  return {
    notBefore: turn.at + Math.max(backOffMs(offer.failures), Math.min(longestRetryAfterMs, retryAfterMs)),
    failures: offer.failures + 1,
  };
}
