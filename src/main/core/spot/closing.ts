import { isUnpaid } from '../bill/intents.ts';
import type { CallResult } from '../bill/event.ts';
import { moneyIsMoving } from '../bill/retire.ts';
import { offerIsOver } from '../bill/outcome.ts';
import type { Offer, TerminalState } from '../bill/state.ts';
import type { Turn } from '../turn.ts';
import { backOffMs } from '../turn.ts';
import { isDue } from '../waiting.ts';
import type { RemoteOrder } from '../remote.ts';
import type { Closing, SpotState } from './state.ts';

/** Closings that changed nothing, in a row, until staff are told. */
const stuckAfter = 3;

/** The API may ask for a longer pause; the scheduler keeps it, the step only looks in between. Milliseconds. */
const longestRetryAfterMs = 900_000;

/** Everything of ours is paid: the spot is closed after a dwell (design.md 5, row 9). */
export function dueToClose(turn: Turn): void {
  if (Object.values(turn.state.bills).some((bill) => bill.source !== 'foreign' && isUnpaid(bill))) return;
  turn.setSpot({ closing: due(turn, turn.at + turn.state.settings.closeAfterMs), closeFailures: 0 });
}

/** Closed from `at` on (milliseconds since 1970), unless a reading asked for after this decision finds it closed. */
export function due(turn: Turn, at: number): Closing {
  return { name: 'due', at, since: turn.revision };
}

/**
 * The spot was closed and is open again with nobody there, and nothing at it can still be paid: an order of ours for
 * what is paid already has arrived late, because its answer was lost and another one was made. It is closed again soon,
 * instead of standing open until it counts as abandoned.
 */
export function closeIfReopened(turn: Turn, before: SpotState['status'], orders: readonly RemoteOrder[]): void {
  const { status, closing } = turn.state.spot;
  if (before !== 'closed' || status !== 'open' || closing.name !== 'none') return;
  const over = orders.every((order) => order.status === 'confirmed' || order.status === 'closed');
  if (over && orders.some((order) => order.status === 'confirmed')) dueToClose(turn);
}

/** Somebody is checked in, or an order has opened it. */
export function isInUse({ status }: SpotState): boolean {
  return status === 'waiting' || status === 'open';
}

/** Something at the spot must not be cut off by closing it: unpaid bills, offers on their way, orders of others. */
export function mustStayOpen(state: TerminalState): boolean {
  return Object.values(state.bills).some(isUnpaid) || Object.values(state.offers).some((offer) => isUnderWay(offer));
}

/** Not over, and in a form that an order or a reservation may hang on. */
function isUnderWay(offer: Offer): boolean {
  return !offerIsOver(offer) || offer.stage.name === 'removingOrder' || offer.stage.name === 'removeOrderLater';
}

/** Closes the spot when it is due and nothing speaks against it. */
export function closeWhenDue(turn: Turn): void {
  const { closing } = turn.state.spot;
  if (closing.name !== 'due' || !isDue(closing.at, turn.at) || mustStayOpen(turn.state)) return;
  close(turn);
}

function close(turn: Turn): void {
  const { id, status } = turn.state.spot;
  if (id === null) {
    turn.setSpot({ closing: { name: 'none' } });
    return;
  }
  if (status === 'closed') {
    // Last read before the payment: an order may have opened it since. What was paid by wallet was at an open spot.
    turn.setSpot({ closing: { name: 'readingBack', since: turn.revision } });
    return;
  }
  const effectId = turn.effect({ type: 'closeSpot', spotId: id });
  turn.setSpot({ closing: { name: 'closing', effectId } });
}

/** Staff ask for the spot to be closed. Reserved money is settled first (api.md 9.4.6). */
export function closeByStaff(turn: Turn): void {
  const { spot, bills, offers } = turn.state;
  if (spot.id === null) {
    turn.refuse(
      'spot_unknown',
      'The spot has not been found at Paysera yet. Check the connection and the spot in the configuration.',
    );
  } else if (spot.status === 'closed') {
    turn.refuse('spot_closed_already', 'The spot is closed already.');
  } else if (Object.values(offers).some(moneyIsMoving)) {
    turn.refuse(
      'money_reserved',
      'A customer has reserved money. Wait until it is confirmed or given back, then close the spot.',
    );
  } else if (Object.values(bills).some((bill) => bill.source !== 'foreign' && isUnpaid(bill))) {
    turn.refuse('bills_open', 'There are unpaid bills. Settle or withdraw them, then close the spot.');
  } else {
    if (spot.closing.name !== 'closing') close(turn);
    turn.accept();
  }
}

/** The answer to closing. Only reading the spot tells whether it is closed. */
export function closeAnswered(turn: Turn, result: CallResult): void {
  const { spot } = turn.state;
  if (result.ok || result.failure.retry === 'unknown') {
    turn.setSpot({ closing: { name: 'readingBack', since: turn.revision } });
  } else if (result.failure.retry === 'never' && result.failure.code !== 'unauthorized') {
    turn.raise('spot_close_failed', { details: { message: result.failure.message } });
    turn.setSpot({ closing: { name: 'none' } });
  } else {
    const at =
      turn.at +
      Math.max(backOffMs(spot.closeFailures), Math.min(longestRetryAfterMs, result.failure.retryAfterMs ?? 0));
    turn.setSpot({ closing: due(turn, at), closeFailures: spot.closeFailures + 1 });
  }
}

/** A reading of the spot that was asked for at revision `asOf`: one from before the closing was due says nothing. */
export function closeReadBack(turn: Turn, asOf: number): void {
  const { spot } = turn.state;
  if (spot.status === 'closed') {
    if ('since' in spot.closing && asOf >= spot.closing.since) turn.setSpot({ closing: { name: 'none' } });
    turn.lower((item) => item.code === 'spot_close_failed' || item.code === 'spot_stuck_open');
  } else if (spot.closing.name === 'readingBack' && asOf >= spot.closing.since) {
    const at = turn.at + backOffMs(spot.closeFailures);
    turn.setSpot({ closing: due(turn, at), closeFailures: spot.closeFailures + 1 });
    if (spot.closeFailures >= stuckAfter) turn.raise('spot_stuck_open', { dismissable: false });
  }
}
