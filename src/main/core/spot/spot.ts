import { orderSeen, transactionSeen } from '../bill/reads.ts';
import { attach } from '../bill/offering.ts';
import { billRefused, offerIsOver } from '../bill/outcome.ts';
import { moneyIsMoving, retireAll } from '../bill/retire.ts';
import type { TerminalEvent } from '../bill/event.ts';
import type { Offer } from '../bill/state.ts';
import type { RemoteOrder, RemoteSpot } from '../remote.ts';
import type { Turn } from '../turn.ts';
import { closeIfReopened, closeReadBack } from './closing.ts';
import { foreignOrdersSeen } from './foreign.ts';
import { stillPast } from './past.ts';
import type { SpotState } from './state.ts';

type SpotRead = Extract<TerminalEvent, { type: 'spotRead' }>;

/** A reading of our spot: its status, its orders, and with them perhaps the transactions. */
export function spotRead(turn: Turn, event: SpotRead): void {
  const before = turn.state.spot.status;
  if (!event.spot) {
    spotAbsent(turn, event);
  } else {
    turn.setSpot(readSpot(turn, event, event.spot));
    if (event.spot.orders && event.access === 'direct') ordersRead(turn, event.spot.orders, event.asOf);
  }
  if (event.access === 'list') directlyNoMore(turn);
  statusSeen(turn, before, event.asOf);
  if (event.access === 'direct') closeIfReopened(turn, before, event.spot?.orders ?? []);
}

/** Questions that only a direct reading could answer are put in the way that lists allow. */
function directlyNoMore(turn: Turn): void {
  for (const offer of Object.values(turn.state.offers)) {
    if (offer.stage.name === 'attachLost') turn.stage(offer, { name: 'attachLater', notBefore: turn.at });
    if (offer.stage.name === 'checking' && offer.stage.transaction) {
      turn.stage(offer, { name: 'checking', since: turn.revision, transaction: false, order: false });
    }
  }
}

function readSpot(turn: Turn, event: SpotRead, spot: RemoteSpot): Partial<SpotState> {
  const old = turn.state.spot;
  const status = spot.status ?? old.status;
  const orders = spot.orders ?? [];
  const keys = spot.orders ? orders.map((order) => order.transactionKey) : old.keys;
  return {
    id: spot.id,
    status,
    since: status === old.status ? old.since : turn.at,
    title: spot.title,
    access: event.access,
    embeds: orders.length === 0 ? old.embeds : orders.every((order) => order.transaction !== null),
    keys,
    past: stillPast(old, keys, event.asOf),
  };
}

/** Not in the lists of waiting and open spots: closed, once we know that it exists. Not found directly: unknown. */
function spotAbsent(turn: Turn, event: SpotRead): void {
  const old = turn.state.spot;
  const status = event.access === 'list' ? (old.id === null ? 'unknown' : 'closed') : 'unknown';
  turn.setSpot({ access: event.access, status, since: status === old.status ? old.since : turn.at });
}

function statusSeen(turn: Turn, before: SpotState['status'], asOf: number): void {
  const { status } = turn.state.spot;
  if (status === 'waiting') turn.setSpot({ somebody: true });
  if (status === 'closed') turn.setSpot({ somebody: false });
  if (status === 'closed' && (before === 'waiting' || before === 'open')) {
    customerLeft(turn);
    turn.setSpot({ visits: turn.state.spot.visits + 1 });
  }
  if (status !== 'unknown') attachWaiting(turn, before);
  closeReadBack(turn, asOf);
}

/**
 * The spot was closed, and not by us while bills were open: the last customer left, or other software closed it. What
 * was offered to that customer, or was about to be, must not be shown to the next one. Money that is moving already is
 * seen to its end.
 */
function customerLeft(turn: Turn): void {
  for (const bill of Object.values(turn.state.bills)) {
    if (bill.status.name !== 'open' || turn.offersOf(bill.id).some(moneyIsMoving)) continue;
    if (bill.source === 'foreign' && turn.offer(bill.status.offerId)?.stage.name === 'observed') continue;
    billRefused(turn, bill, 'order_closed');
    retireAll(turn, bill, 'order_closed');
  }
}

/**
 * Offers that waited for the spot to be known, or for somebody to check in, get their order now. Through lists an order
 * cannot be seen to be gone: it is made sure of when somebody comes.
 */
function attachWaiting(turn: Turn, before: SpotState['status']): void {
  const { id, status, access } = turn.state.spot;
  if (id === null) return;
  const opened = status !== 'closed' && (before === 'closed' || before === 'unknown');
  for (const offer of Object.values(turn.state.offers)) {
    if (offer.unwanted || turn.bill(offer.billId)?.source === 'foreign') continue;
    if (needsItsOrder(offer, { opened, unseen: access === 'list' })) attach(turn, offer);
  }
}

function needsItsOrder({ stage }: Offer, spot: { opened: boolean; unseen: boolean }): boolean {
  if (stage.name === 'awaitingSpot') return stage.why === 'unknown' || spot.opened;
  return stage.name === 'offered' && spot.opened && spot.unseen;
}

function ordersRead(turn: Turn, orders: readonly RemoteOrder[], asOf: number): void {
  for (const known of Object.values(turn.state.offers)) {
    const order = orders.find((each) => each.transactionKey === known.key) ?? null;
    if (order?.transaction) withOffer(turn, known, (offer) => transactionSeen(turn, offer, order.transaction, asOf));
    withOffer(turn, known, (offer) => {
      orderSeen(turn, offer, order, asOf);
    });
  }
  foreignOrdersSeen(turn, orders);
}

function withOffer(turn: Turn, known: Offer, act: (offer: Offer) => void): void {
  const offer = turn.offer(known.id);
  if (offer && !offerIsOver(offer)) act(offer);
}
