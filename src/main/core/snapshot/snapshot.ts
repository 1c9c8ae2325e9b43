import { spotCode } from '../../../shared/ids.ts';
import type { BillView } from '../../../shared/bill.ts';
import type { CustomerView, Language, Snapshot, StaffSnapshot } from '../../../shared/snapshot.ts';
import type { Spent } from '../polling/budget.ts';
import type { TerminalState } from '../bill/state.ts';
import { screenTimeLeft } from '../bill/tick.ts';
import { unavailable, type LinkState } from '../link/link.ts';
import { mustStayOpen } from '../spot/closing.ts';
import { billView, currentOffer } from './bill-view.ts';

/** What of the configuration the screens show. */
export interface Shown {
  readonly terminalName: string;
  readonly place: string;
  readonly spotName: string;
  readonly currency: string;
  readonly unavailableAfterMs: number;
  readonly version: string;
  readonly perMinute: number;
  readonly perHour: number;
}

/** Everything a snapshot is made of. `at` is milliseconds since 1970. */
export interface Seen {
  readonly state: TerminalState;
  readonly link: LinkState;
  readonly shown: Shown;
  readonly language: Language;
  readonly revision: number;
  readonly at: number;
  readonly spent: Spent;
}

/** The snapshot that anybody may see. */
export function publicSnapshot(seen: Seen): Snapshot {
  const { state, link, shown } = seen;
  const { settings, pin } = state;
  return {
    revision: seen.revision,
    at: seen.at,
    language: seen.language,
    terminal: { name: shown.terminalName, locale: { en: 'en-GB', lt: 'lt-LT' } },
    spot: {
      code: spotCode(settings.locationId, settings.identifier),
      name: shown.spotName,
      place: shown.place || state.spot.title,
      currency: shown.currency,
    },
    customer: {
      ...customer(seen),
      offline: link.api.status === 'failing',
      attention: Object.keys(state.attention).length > 0,
    },
    ...(pin.lockedUntil > 0 ? { pinLockedUntil: pin.lockedUntil } : {}),
  };
}

function viewOf(state: TerminalState, id: string): BillView | undefined {
  const bill = Object.values(state.bills).find((each) => each.id === id);
  return bill && billView(bill, currentOffer(bill, state.offers));
}

function allViews(state: TerminalState): readonly BillView[] {
  return Object.values(state.bills).flatMap((bill) => viewOf(state, bill.id) ?? []);
}

/**
 * What the customer sees. Money that is moving goes before everything, then what has just happened, then whether we
 * can serve at all, then what is to be paid.
 */
function customer({ state, link, shown, at }: Seen): Pick<Snapshot['customer'], 'view' | 'reason' | 'scan' | 'bills'> {
  const views = allViews(state).filter((view) => belongsToThisVisit(state, view.id));
  const of = (...statuses: readonly BillView['status'][]) => views.filter((view) => statuses.includes(view.status));
  const recent = (status: BillView['status']) => of(status).filter((view) => isRecent(state, view.id, at));
  const show = (view: CustomerView, bills: readonly BillView[]) => ({
    view,
    bills: [...bills],
    scan: !state.spot.somebody,
  });

  const checking = of('checking');
  if (checking.length > 0) return show('checking', checking);
  const open = of('offered', 'preparing');
  const paid = recent('paid');
  if (paid.length > 0 && open.length === 0) return show('paid', paid);
  const refused = recent('refused').filter((view) => view.reason !== 'order_closed');
  if (refused.length > 0) return show('refused', refused);
  const reason = unavailable(link, shown.unavailableAfterMs, at);
  if (reason) return { ...show('unavailable', []), reason };
  if (paid.length > 0) return show('paid', paid);
  if (open.length > 0) return show('bill', open);
  return state.spot.status === 'waiting' ? show('welcome', []) : show('idle', []);
}

/**
 * Nothing of one customer is shown to the next: once the spot has closed, what belonged to that visit stays only until
 * the spot is in use again.
 */
function belongsToThisVisit({ bills, spot }: TerminalState, billId: string): boolean {
  const bill = Object.values(bills).find((each) => each.id === billId);
  return bill?.visit === spot.visits || spot.status === 'closed' || spot.status === 'unknown';
}

/** The time in which the screen tells of a bill that was paid or refused is not over, and nobody new has checked in. */
function isRecent(state: TerminalState, billId: string, at: number): boolean {
  const bill = Object.values(state.bills).find((each) => each.id === billId);
  if (!bill || screenTimeLeft(state, bill) <= at) return false;
  const endedAt = 'at' in bill.status ? bill.status.at : 0;
  return !(state.spot.status === 'waiting' && state.spot.since > endedAt);
}

/**
 * When time alone changes the snapshot next, in milliseconds since 1970; infinite when it does not: a screen whose time
 * is over, an API that has been away for too long, a pause that is over.
 */
export function nextChange({ state, link, shown, at, spent }: Seen): number {
  const moments = [
    ...Object.values(state.bills).map((bill) => screenTimeLeft(state, bill)),
    link.api.status === 'failing' ? link.api.since + shown.unavailableAfterMs : 0,
    spent.pausedForMs > 0 ? at + spent.pausedForMs : 0,
  ];
  return Math.min(...moments.filter((moment) => moment > at), Number.POSITIVE_INFINITY);
}

/** What staff see besides, on a screen that they have unlocked. */
export function staffSnapshot(seen: Seen): Omit<StaffSnapshot, 'role' | 'locksAt'> {
  const { state, link, shown } = seen;
  return {
    bills: [...allViews(state)].sort((left, right) => right.createdAt - left.createdAt),
    receipts: receiptViews(state),
    attention: Object.values(state.attention).map((item) => attentionView(state, item)),
    health: {
      api: link.api,
      printer: link.printer,
      clock: link.clock,
      ...(link.callbacks ? { callbacks: link.callbacks } : {}),
      displays: Object.entries(link.displays).map(([name, health]) => ({ name, ...health })),
      ...(link.journal.status === 'unknown' ? {} : { journal: link.journal }),
    },
    spot: {
      status: state.spot.status,
      access: state.spot.access,
      mayClose: (state.spot.status === 'waiting' || state.spot.status === 'open') && !mustStayOpen(state),
    },
    requests: requestsOf(seen),
    version: shown.version,
  };
}

/** Whole seconds, so that a pause that runs down does not make a new snapshot at every look. */
function requestsOf({ spent, shown, at }: Seen): StaffSnapshot['requests'] {
  const { pausedForMs, lastMinute, lastHour, byPurpose } = spent;
  const paused = pausedForMs > 0 ? { pausedUntil: Math.ceil((at + pausedForMs) / 1000) * 1000 } : {};
  return { lastMinute, lastHour, byPurpose, perMinute: shown.perMinute, perHour: shown.perHour, ...paused };
}

function receiptViews(state: TerminalState): StaffSnapshot['receipts'] {
  return Object.values(state.receipts)
    .map(({ number, billId, facts, paper, papers }) => ({
      number,
      billId,
      billNumber: facts.billNumber,
      total: facts.total.amount,
      currency: facts.total.currency,
      how: facts.how,
      at: facts.paidAt,
      print: paper.name === 'checkingPrinter' ? ('queued' as const) : paper.name,
      copies: papers - 1,
    }))
    .sort((left, right) => right.number - left.number);
}

function attentionView(
  state: TerminalState,
  item: TerminalState['attention'][string],
): StaffSnapshot['attention'][number] {
  const bill = item.billId === null ? undefined : state.bills[item.billId];
  const receipt = item.receiptNumber === null ? undefined : state.receipts[item.receiptNumber];
  const billNumber = bill?.number ?? receipt?.facts.billNumber;
  return {
    id: item.id,
    code: item.code,
    since: item.since,
    ...(item.billId === null ? {} : { billId: item.billId }),
    ...(billNumber === undefined ? {} : { billNumber }),
    ...(item.receiptNumber === null ? {} : { receiptNumber: item.receiptNumber }),
    details: { ...item.details },
    dismissable: item.dismissable,
  };
}
