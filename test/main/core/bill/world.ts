import type { BillDraft } from '../../../../src/shared/bill.ts';
import { money } from '../../../../src/shared/money.ts';
import { decide, newState, type Decision } from '../../../../src/main/core/bill/decide.ts';
import type { Happening } from '../../../../src/main/core/bill/event.ts';
import type { Bill, Offer, OfferStage, Settings, TerminalState } from '../../../../src/main/core/bill/state.ts';
import type {
  OrderStatus,
  RemoteOrder,
  RemoteSpot,
  RemoteTransaction,
  TransactionStatus,
} from '../../../../src/main/core/remote.ts';

/** Milliseconds since 1970 at which the tests' world begins. */
export const begin = 1_790_000_000_000;

export const settings: Settings = {
  terminal: 'T1',
  merchantLines: ['Café'],
  language: 'en',
  timeZone: 'Europe/Vilnius',
  locationId: 3,
  identifier: 'TABLE1',
  reserveForSeconds: 900,
  billExpiresAfterMs: 7_200_000,
  maximumOpenBills: 3,
  foreignOrders: 'observe',
  closeAfterMs: 1500,
  paidScreenMs: 6000,
  refusedScreenMs: 8000,
  waitingCloseAfterMs: 1_800_000,
  printerConfigured: true,
  printRetryEveryMs: 5000,
  printMaximumAgeMs: 600_000,
  doubtfulReceipts: 'copy',
  pinWrongTries: 3,
  pinLockOutMs: 60_000,
};

export const draft: BillDraft = {
  number: '7',
  lines: [
    { title: 'Coffee', total: 250 },
    { title: 'Cake', total: 400 },
  ],
  total: 650,
  currency: 'EUR',
};

/** The key of the offer's transaction in these tests. */
export const key = 'Qm4xT0aZr7LkW2vN';

export const baseOffer: Offer = {
  id: 'offer_1.1',
  billId: 'bill_1',
  version: 1,
  price: money(650, 'EUR'),
  description: '7: Coffee, Cake',
  createdAt: begin,
  offeredAt: begin,
  reservedAt: null,
  key,
  orderId: 880,
  unwanted: null,
  predecessor: null,
  failures: 0,
  stage: { name: 'offered', since: 1 },
};

export const baseBill: Bill = {
  id: 'bill_1',
  number: draft.number,
  version: 1,
  source: 'staff',
  lines: draft.lines,
  total: money(650, 'EUR'),
  createdAt: begin,
  expiresAt: begin + settings.billExpiresAfterMs,
  offersMade: 1,
  visit: 0,
  status: { name: 'open', offerId: 'offer_1.1' },
  idempotency: null,
};

/** A terminal at a known open spot, with one bill whose offer is in the given stage. */
export function stateWith(
  stage: OfferStage,
  more: { offer?: Partial<Offer>; bill?: Partial<Bill> } = {},
): TerminalState {
  const state = newState(settings, begin);
  return {
    ...state,
    revision: 10,
    effectsMade: 1,
    spot: { ...state.spot, id: 4711, status: 'open', since: begin, access: 'direct', keys: [key] },
    bills: { bill_1: { ...baseBill, ...more.bill } },
    offers: { 'offer_1.1': { ...baseOffer, ...more.offer, stage } },
  };
}

/** A transaction as the API would show it. */
export function transaction(status: TransactionStatus, amount = 650, currency = 'EUR'): RemoteTransaction {
  const payment = { id: 1, description: '7', price: money(amount, currency), parameters: null };
  return { key, status, createdAt: begin, confirmedAt: null, payments: [payment] };
}

/** An order for the tests' transaction. */
export function order(status: OrderStatus, embedded: RemoteTransaction | null = null): RemoteOrder {
  return { id: 880, transactionKey: key, status, transaction: embedded };
}

/** Our spot as a direct reading brings it. */
export function spot(status: RemoteSpot['status'], orders: readonly RemoteOrder[] | null = []): RemoteSpot {
  return { id: 4711, identifier: 'table1', status, title: 'Café', locationId: 3, orders };
}

/** A direct reading of the spot, asked for just now. */
export function spotRead(state: TerminalState, read: RemoteSpot | null): Happening {
  return { type: 'spotRead', access: 'direct', spot: read, asOf: state.revision };
}

/** Decides a row of happenings, one after the other, at growing moments; gives the last decision and all effects. */
export function run(
  state: TerminalState,
  ...happenings: readonly (Happening | ((state: TerminalState) => Happening))[]
): Decision {
  let decision: Decision = { state, effects: [], answer: undefined };
  for (const [index, happening] of happenings.entries()) {
    const happened = typeof happening === 'function' ? happening(decision.state) : happening;
    decision = decide(decision.state, { ...happened, at: begin + 1000 + index });
  }
  return decision;
}
