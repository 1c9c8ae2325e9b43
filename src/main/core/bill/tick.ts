import { closeWhenDue, due, isInUse, mustStayOpen } from '../spot/closing.ts';
import { remember } from '../spot/past.ts';
import { printNext } from '../receipt/printing.ts';
import type { Turn } from '../turn.ts';
import { lookAt } from '../waiting.ts';
import { resumeOffer } from './calls.ts';
import { warningAt, warnOfExpiry } from './expiry.ts';
import { endBill, isUnpaid } from './intents.ts';
import { create } from './offering.ts';
import { moneyIsMoving } from './retire.ts';
import type { Bill, Offer, Receipt, TerminalState } from './state.ts';

/** Receipts that staff see in the list of the last ones. */
const lastReceipts = 20;

/** What is due by the time: put-off steps, expired bills, the spot to be closed, paper, things to be forgotten. */
export function timePasses(turn: Turn): void {
  for (const offer of Object.values(turn.state.offers)) {
    resumeOffer(turn, offer, (each, again) => {
      create(each, again);
    });
  }
  for (const offer of Object.values(turn.state.offers)) warnOfExpiry(turn, offer);
  for (const bill of Object.values(turn.state.bills)) expire(turn, bill);
  abandonedSpot(turn);
  closeWhenDue(turn);
  printNext(turn);
  forget(turn);
}

/** An unpaid bill of ours gets its time to live once the clock is trusted, and ends when it is over. */
function expire(turn: Turn, bill: Bill): void {
  if (bill.source === 'foreign' || !clockIsTrusted(turn)) return;
  if (bill.status.name !== 'open' && bill.status.name !== 'refused') return;
  if (bill.expiresAt === null) turn.setBill({ ...bill, expiresAt: turn.at + turn.state.settings.billExpiresAfterMs });
  else if (bill.expiresAt <= turn.at && !turn.offersOf(bill.id).some(moneyIsMoving)) endBill(turn, bill, 'expired');
}

/**
 * The API has answered since the start: it accepted our time, or corrected it. Before that the machine's clock may be
 * days off, and nothing is ended because of it.
 */
function clockIsTrusted(turn: Turn): boolean {
  return turn.state.spot.access !== 'untried';
}

/**
 * In use, but nothing happened for long: somebody checked in and left without checking out, or a bill opened the spot
 * and was withdrawn, or the terminal was away when it should have been closed. It is freed for others (api.md 9.1, 10).
 */
function abandonedSpot(turn: Turn): void {
  const { spot, settings } = turn.state;
  if (!clockIsTrusted(turn) || !isInUse(spot) || spot.closing.name !== 'none' || mustStayOpen(turn.state)) return;
  const at = spot.since + settings.waitingCloseAfterMs;
  if (at <= turn.at) turn.setSpot({ closing: due(turn, at) });
}

/**
 * Ended things leave the state once nothing can refer to them; the journal keeps them. Never in the decision that ended
 * them: what leaves is kept, and told of, as it last stood in a state.
 */
function forget(turn: Turn): void {
  const { before, at } = turn;
  const stood = (kind: 'offers' | 'bills', id: string, now: unknown) =>
    (before[kind] as Readonly<Record<string, unknown>>)[id] === now;
  const over = Object.values(turn.state.offers).filter(
    (offer) => stood('offers', offer.id, offer) && mayForgetOffer(turn.state, offer, at),
  );
  if (over.length > 0) forgetOffers(turn, over);
  const { state } = turn;
  const bills = Object.values(state.bills).filter(
    (bill) => !stood('bills', bill.id, bill) || !mayForgetBill(state, bill, at),
  );
  if (bills.length < Object.values(state.bills).length) {
    turn.change({ bills: Object.fromEntries(bills.map((bill) => [bill.id, bill])) });
  }
  forgetReceipts(turn);
}

/** Their orders may be listed for long after: the keys are remembered, so that nobody takes them for foreign ones. */
function forgetOffers(turn: Turn, over: readonly Offer[]): void {
  const gone = new Set(over.map((offer) => offer.id));
  const left = Object.entries(turn.state.offers).filter(([, offer]) => !gone.has(offer.id));
  turn.change({ offers: Object.fromEntries(left) });
  for (const { key } of over) if (key !== null) remember(turn, key);
}

function mayForgetOffer(state: TerminalState, offer: Offer, at: number): boolean {
  if (!['confirmed', 'settled', 'observed'].includes(offer.stage.name)) return false;
  const bill = state.bills[offer.billId];
  return !bill || (!isUnpaid(bill) && screenTimeLeft(state, bill) <= at);
}

function mayForgetBill(state: TerminalState, bill: Bill, at: number): boolean {
  const hasOffers = Object.values(state.offers).some((offer) => offer.billId === bill.id);
  return !isUnpaid(bill) && screenTimeLeft(state, bill) <= at && !hasOffers;
}

/** Whether something ended only just now, and leaves with the next decision. */
function isToBeForgotten(state: TerminalState, at: number): boolean {
  return (
    Object.values(state.offers).some((offer) => mayForgetOffer(state, offer, at)) ||
    Object.values(state.bills).some((bill) => mayForgetBill(state, bill, at))
  );
}

function forgetReceipts(turn: Turn): void {
  const receipts = Object.values(turn.state.receipts);
  const oldest = turn.state.receiptsMade - lastReceipts;
  const stood = (receipt: Receipt) => turn.before.receipts[receipt.number] === receipt;
  const kept = receipts.filter((receipt) => receipt.number > oldest || !isOnPaper(receipt) || !stood(receipt));
  if (kept.length < receipts.length) {
    turn.change({ receipts: Object.fromEntries(kept.map((receipt) => [receipt.number, receipt])) });
  }
}

function isOnPaper(receipt: Receipt): boolean {
  return receipt.paper.name === 'printed' || receipt.paper.name === 'failed';
}

/** Until when the customer screen tells of an ended bill, in milliseconds since 1970. */
export function screenTimeLeft(state: TerminalState, bill: Bill): number {
  if (bill.status.name === 'paid') return bill.status.at + state.settings.paidScreenMs;
  return bill.status.name === 'refused' ? bill.status.at + state.settings.refusedScreenMs : 0;
}

/** When bills expire, and when the screen stops telling of ended ones. */
function billTimes(state: TerminalState, at: number): readonly number[] {
  return Object.values(state.bills).flatMap((bill) => {
    const unpaid = bill.status.name === 'open' || bill.status.name === 'refused';
    const expires = unpaid && bill.expiresAt !== null ? [bill.expiresAt] : [];
    const until = screenTimeLeft(state, bill);
    return until > at ? [...expires, until] : expires;
  });
}

function offerTimes(state: TerminalState, offer: Offer, at: number): readonly number[] {
  const warning = warningAt(state, offer);
  return [
    ...('notBefore' in offer.stage ? [lookAt(offer.stage.notBefore, at)] : []),
    ...(warning !== undefined && warning > at ? [warning] : []),
  ];
}

/** When time alone changes something next, in milliseconds since 1970; undefined when it never does. */
export function nextWakeUp(state: TerminalState, at: number): number | undefined {
  const times: number[] = [...billTimes(state, at)];
  if (isToBeForgotten(state, at)) times.push(at);
  for (const offer of Object.values(state.offers)) times.push(...offerTimes(state, offer, at));
  for (const { paper, queuedAt } of Object.values(state.receipts)) {
    if (paper.name === 'queued')
      times.push(Math.min(lookAt(paper.notBefore, at), queuedAt + state.settings.printMaximumAgeMs + 1));
  }
  const { closing, since } = state.spot;
  if (closing.name === 'due' && !mustStayOpen(state)) times.push(lookAt(closing.at, at));
  if (isInUse(state.spot) && closing.name === 'none') times.push(since + state.settings.waitingCloseAfterMs);
  const earliest = Math.min(...times);
  return Number.isFinite(earliest) ? earliest : undefined;
}
