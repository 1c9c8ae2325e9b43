import { assertNever } from '../../../shared/failure.ts';
import type { OfferId } from '../../../shared/ids.ts';
import type { Offer, TerminalState } from '../bill/state.ts';
import { offeredPause, type Cadence } from './pace.ts';

/** One thing that can be asked of the API. */
export type Read =
  | { readonly kind: 'spotByCode' }
  | { readonly kind: 'spot'; readonly spotId: number }
  /** Our spot among the waiting and open ones: for merchants who may not read it directly (api.md 17.1). */
  | { readonly kind: 'spotList' }
  | { readonly kind: 'transaction'; readonly key: string }
  /** A transaction whose creation went unanswered, by our own data in it. */
  /** What of this terminal's own the API still has open: once after each start. */
  | { readonly kind: 'sweep'; readonly fromSeconds: number }
  | { readonly kind: 'search'; readonly offerId: OfferId; readonly fromSeconds: number };

/** A reading that the state calls for. */
export interface Want {
  readonly read: Read;
  /** Names what is read: one at a time of each. */
  readonly target: string;
  /** Urgent: wanted at once if none was begun since this revision, then with growing pauses. */
  readonly since: number | null;
  /** Otherwise: this long after the last one was begun. */
  readonly everyMs: number;
  /** Lower goes first: 1 money is moving or an outcome is unknown, 2 a bill is being offered, 3 idle. */
  readonly priority: 1 | 2 | 3;
}

/** What the state wants to know, and how soon (design.md 6: what cannot change is not asked). */
export function wantsOf(state: TerminalState, cadence: Cadence, at: number): readonly Want[] {
  const wants = [...Object.values(state.offers).flatMap((offer) => offerWants(state, offer, { cadence, at }))];
  for (const key of Object.keys(state.spot.unread)) wants.push(transactionWant(key, null, cadence.offeredOldEveryMs));
  if (state.spot.sweep !== null) wants.push(sweepWant(state.spot.sweep, at));
  wants.push(spotWant(state, cadence, at));
  return merged(wants);
}

function spotRead(state: TerminalState): { read: Read; target: string } {
  const { spot } = state;
  if (spot.access === 'list') return { read: { kind: 'spotList' }, target: 'spot' };
  if (spot.access === 'untried' || spot.id === null) return { read: { kind: 'spotByCode' }, target: 'spot' };
  return { read: { kind: 'spot', spotId: spot.id }, target: 'spot' };
}

function spotWant(state: TerminalState, cadence: Cadence, at: number): Want {
  const { spot } = state;
  const base = spotRead(state);
  if (spot.closing.name === 'readingBack') return { ...base, since: spot.closing.since, everyMs: 0, priority: 1 };
  const offered = Object.values(state.offers).filter((offer) => offer.stage.name === 'offered');
  if (offered.length > 0 && spot.access === 'direct') {
    const newest = Math.max(...offered.map((offer) => offer.offeredAt ?? 0));
    return { ...base, since: null, everyMs: offeredPause(cadence, at - newest, spot.somebody), priority: 2 };
  }
  const everyMs = spot.status === 'waiting' || spot.status === 'open' ? cadence.waitingEveryMs : cadence.idleEveryMs;
  return { ...base, since: null, everyMs, priority: 3 };
}

function transactionWant(key: string, since: number | null, everyMs: number): Want {
  return {
    read: { kind: 'transaction', key },
    target: `transaction:${key}`,
    since,
    everyMs,
    priority: since === null ? 2 : 1,
  };
}

interface Moment {
  readonly cadence: Cadence;
  readonly at: number;
}

function offerWants(state: TerminalState, offer: Offer, moment: Moment): readonly Want[] {
  const { stage } = offer;
  switch (stage.name) {
    case 'searching':
      return [searchWant(offer, stage.since)];
    case 'attachLost':
      return [{ ...spotRead(state), since: stage.since, everyMs: 0, priority: 1 }];
    case 'offered':
      return offeredWants(state, offer, moment);
    case 'checking':
      return checkingWants(state, offer, stage);
    case 'readingBack':
    case 'revokeReading':
      return offer.key === null ? [] : [transactionWant(offer.key, stage.since, 0)];
    case 'superseded':
      return offer.key === null ? [] : [transactionWant(offer.key, null, moment.cadence.offeredEveryMs)];
    case 'observed':
      return observedWants(state, offer, moment.cadence);
    case 'creating':
    case 'createLater':
    case 'awaitingSpot':
    case 'attaching':
    case 'attachLater':
    case 'confirming':
    case 'confirmLater':
    case 'confirmed':
    case 'revoking':
    case 'revokeLater':
    case 'removingOrder':
    case 'removeOrderLater':
    case 'settled':
      return [];
    default:
      return assertNever(stage);
  }
}

function searchWant(offer: Offer, since: number): Want {
  // An hour earlier than we think it was made: our clock may have been off when it was.
  const fromSeconds = Math.floor(offer.createdAt / 1000) - 3600;
  return {
    read: { kind: 'search', offerId: offer.id, fromSeconds },
    target: `search:${offer.id}`,
    since,
    everyMs: 0,
    priority: 1,
  };
}

/** As long as anything can stay reserved, in seconds (api.md 9.4.3); longer ago nothing can hang any more. */
const sweepSeconds = 3 * 86_400;

function sweepWant(since: number, at: number): Want {
  const fromSeconds = Math.floor(at / 1000) - sweepSeconds;
  return { read: { kind: 'sweep', fromSeconds }, target: 'sweep', since, everyMs: 0, priority: 2 };
}

/** The spot's own reading tells of its transactions too, where it brings them along (api.md 4). */
function offeredWants(state: TerminalState, offer: Offer, { cadence, at }: Moment): readonly Want[] {
  const covered = state.spot.access === 'direct' && state.spot.embeds;
  if (covered || offer.key === null) return [];
  const pause = offeredPause(cadence, at - (offer.offeredAt ?? 0), state.spot.somebody);
  return [transactionWant(offer.key, null, pause)];
}

function checkingWants(
  state: TerminalState,
  offer: Offer,
  stage: Extract<Offer['stage'], { name: 'checking' }>,
): readonly Want[] {
  const direct = state.spot.access === 'direct';
  const wants: Want[] = [];
  if (direct && (!stage.order || (state.spot.embeds && !stage.transaction))) {
    wants.push({ ...spotRead(state), since: stage.since, everyMs: 0, priority: 1 });
  }
  if (offer.key !== null && !stage.transaction && !(direct && state.spot.embeds)) {
    wants.push(transactionWant(offer.key, stage.since, 0));
  }
  return wants;
}

function observedWants(state: TerminalState, offer: Offer, cadence: Cadence): readonly Want[] {
  const unpaid = state.bills[offer.billId]?.status.name === 'open';
  const covered = state.spot.access === 'direct' && state.spot.embeds;
  return unpaid && !covered && offer.key !== null ? [transactionWant(offer.key, null, cadence.offeredOldEveryMs)] : [];
}

/** One want per target: urgent before regular, the later question before the earlier, the shorter pause before the longer. */
function merged(wants: readonly Want[]): readonly Want[] {
  const byTarget = new Map<string, Want>();
  for (const want of wants) {
    const other = byTarget.get(want.target);
    byTarget.set(want.target, other ? stronger(other, want) : want);
  }
  return [...byTarget.values()];
}

function stronger(left: Want, right: Want): Want {
  if (left.since !== null && right.since !== null) return left.since >= right.since ? left : right;
  if (left.since !== null) return left;
  if (right.since !== null) return right;
  return left.everyMs <= right.everyMs ? left : right;
}
