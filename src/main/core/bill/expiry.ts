import type { Turn } from '../turn.ts';
import { moneyIsMoving } from './retire.ts';
import type { Offer, TerminalState } from './state.ts';

/** Part of the reservation's time after which staff are warned. */
const warnAfter = 0.75;

/** When the reserved money goes back by itself, in milliseconds since 1970; infinite when none was seen. */
export function reservationEndsAt({ settings }: TerminalState, { reservedAt }: Offer): number {
  return reservedAt === null ? Number.POSITIVE_INFINITY : reservedAt + settings.reserveForSeconds * 1000;
}

/** When staff are to be told that the reservation will not last; undefined when there is nothing to tell. */
export function warningAt(state: TerminalState, offer: Offer): number | undefined {
  if (offer.reservedAt === null || !moneyIsMoving(offer)) return undefined;
  const left = reservationEndsAt(state, offer) - offer.reservedAt;
  return offer.reservedAt + left * warnAfter;
}

/** Money that is still not confirmed when its reservation nears its end: staff should not hand anything out on trust. */
export function warnOfExpiry(turn: Turn, offer: Offer): void {
  const at = warningAt(turn.state, offer);
  if (at !== undefined && at <= turn.at)
    turn.raise('reservation_expiring', { billId: offer.billId, dismissable: false });
}
