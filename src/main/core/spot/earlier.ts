import type { BillId, OfferId } from '../../../shared/ids.ts';
import { money } from '../../../shared/money.ts';
import { amountDetail, isOver, sumOf } from '../bill/compare.ts';
import { ownParameters } from '../bill/own.ts';
import { revoke } from '../bill/retire.ts';
import type { Offer } from '../bill/state.ts';
import type { OfferParameters, RemoteTransaction } from '../remote.ts';
import type { Turn } from '../turn.ts';
import { remember } from './past.ts';

/**
 * What this terminal made at this spot before its journal begins: the terminal was replaced, or its journal was lost.
 * Nobody knows the bill any more, so nothing of it may be confirmed: what can still be paid is taken back, reserved
 * money with it, and staff are told. What was paid then is only told of.
 */
export function earlierMet(turn: Turn, transaction: RemoteTransaction, orderId: number | null): void {
  const own = ownParameters(turn.state.settings, transaction);
  // An offer whose transaction is being searched for has this very data in it.
  if (!own || turn.offer(own.offer as OfferId)) return;
  const details = { transaction: transaction.key.slice(-4), amount: amountDetail(sumOf(transaction)) };
  const about = { billId: own.bill as BillId, details };
  if (isOver(transaction)) {
    remember(turn, transaction.key);
    const before = (transaction.createdAt ?? turn.at) < turn.state.firstStartedAt;
    if (transaction.status === 'confirmed' && before) turn.raise('earlier_paid', about);
    return;
  }
  turn.raise('earlier_order', about);
  revoke(turn, turn.setOffer(forgottenOffer(turn, transaction, { own, orderId })));
}

function forgottenOffer(
  turn: Turn,
  transaction: RemoteTransaction,
  { own, orderId }: { own: OfferParameters; orderId: number | null },
): Offer {
  return {
    id: own.offer as OfferId,
    billId: own.bill as BillId,
    version: 1,
    price: sumOf(transaction) ?? money(0, 'EUR'),
    description: transaction.payments[0]?.description ?? '',
    createdAt: turn.at,
    offeredAt: null,
    reservedAt: null,
    key: transaction.key,
    orderId,
    unwanted: 'forgotten',
    predecessor: null,
    failures: 0,
    // Replaced by the revocation in the same decision.
    stage: { name: 'revokeLater', notBefore: turn.at },
  };
}

/** What a search for this terminal's own open transactions brought, once after each start. */
export function swept(turn: Turn, transactions: readonly RemoteTransaction[], asOf: number): void {
  const { spot, offers } = turn.state;
  if (spot.sweep === null || asOf < spot.sweep) return;
  turn.setSpot({ sweep: null });
  const known = new Set(Object.values(offers).map((offer) => offer.key));
  for (const transaction of transactions) {
    if (!known.has(transaction.key) && !(transaction.key in spot.past)) earlierMet(turn, transaction, null);
  }
}
