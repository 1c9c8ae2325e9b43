import type { Effect } from '../core/bill/effect.ts';
import type { TerminalEvent } from '../core/bill/event.ts';
import type { Bill, Offer, Receipt, TerminalState } from '../core/bill/state.ts';
import type { RemoteSpot, RemoteTransaction } from '../core/remote.ts';
import type { LifeStep } from '../ports/journal.ts';
import { decimalFromMinorUnits, minorUnits, type Money } from '../../shared/money.ts';

/** The life of a bill as text: who did what, what Paysera and the printer said, what became of it, each with its time. */

type State = Partial<TerminalState>;

const amountOf = ({ amount, currency }: Money) => `${decimalFromMinorUnits(minorUnits(amount))} ${currency}`;
const timeOf = (at: number) => new Date(at).toISOString().replace('T', ' ').replace('Z', '');

/** Lines of text; nothing for a bill that no step touches. */
export function* lifeOf(billId: string, steps: Iterable<LifeStep>): Generator<string> {
  let last: Bill | undefined;
  for (const { entry, hash, before, after } of steps) {
    const [was, is] = [(before ?? {}) as State, (after ?? {}) as State];
    const changes = changesOf(billId, was, is);
    if (changes.length === 0) continue;
    last = billIn(is, billId) ?? last;
    const event = { ...entry.event, at: entry.at } as unknown as TerminalEvent;
    const effects = (entry.effects as unknown as readonly Effect[]).filter((effect) => isAbout(effect, billId, is));
    yield `${timeOf(entry.at)}  ${happened(event, was)}`;
    for (const change of changes) yield `                           ${change}`;
    for (const effect of effects) yield `                           asks: ${asks(effect)}`;
    yield `                           entry ${entry.revision}, hash ${hash.slice(0, 16)}…`;
  }
  if (!last) return;
  yield '';
  yield* headOf(last);
}

function* headOf(bill: Bill): Generator<string> {
  yield `Bill ${bill.number} (${bill.id}), version ${bill.version}, by ${bill.source}`;
  for (const { title, quantity, total } of bill.lines) {
    const many = quantity === undefined ? '' : `${quantity} × `;
    yield `  ${many}${title}  ${amountOf({ ...bill.total, amount: minorUnits(total) })}`;
  }
  yield `  Total ${amountOf(bill.total)}: ${statusOf(bill)}`;
}

function statusOf({ status }: Bill): string {
  if (status.name === 'paid') {
    const receipt = status.receiptNumber === null ? 'no receipt' : `receipt ${status.receiptNumber}`;
    const transaction = status.transactionKey === null ? '' : `, transaction ${status.transactionKey}`;
    return `paid by ${status.how}, ${receipt}${transaction}`;
  }
  return status.name === 'refused' ? `refused (${status.reason})` : status.name;
}

const billIn = ({ bills }: State, id: string) => Object.values(bills ?? {}).find((bill) => bill.id === id);
const offersIn = ({ offers }: State, id: string) => Object.values(offers ?? {}).filter((each) => each.billId === id);
const receiptsIn = ({ receipts }: State, id: string) =>
  Object.values(receipts ?? {}).filter((each) => each.billId === id);
const attentionIn = ({ attention }: State, id: string) =>
  Object.values(attention ?? {}).filter((each) => each.billId === id);

/** What a step made of the bill and of everything that belongs to it. */
function changesOf(id: string, was: State, is: State): string[] {
  const [before, bill] = [billIn(was, id), billIn(is, id)];
  const changes: string[] = [];
  if (bill && JSON.stringify(bill) !== JSON.stringify(before)) changes.push(billChange(before, bill));
  for (const offer of offersIn(is, id)) {
    const old = offersIn(was, id).find((each) => each.id === offer.id);
    if (JSON.stringify(old) !== JSON.stringify(offer)) changes.push(offerChange(old, offer));
  }
  for (const receipt of receiptsIn(is, id)) {
    const old = receiptsIn(was, id).find((each) => each.number === receipt.number);
    if (JSON.stringify(old) !== JSON.stringify(receipt)) changes.push(receiptChange(old, receipt));
  }
  for (const { id: item, code } of attentionIn(is, id)) {
    if (!attentionIn(was, id).some((each) => each.id === item)) changes.push(`staff are told: ${code}`);
  }
  if (before && !bill) changes.push('leaves the terminal’s mind: nothing of it is open');
  return changes;
}

function billChange(before: Bill | undefined, bill: Bill): string {
  if (!before) return `bill ${bill.number} over ${amountOf(bill.total)}: ${statusOf(bill)}`;
  const edited = before.version === bill.version ? '' : `, version ${bill.version} over ${amountOf(bill.total)}`;
  const [from, to] = [statusOf(before), statusOf(bill)];
  return from === to ? `bill: ${to}${edited}` : `bill: ${from} -> ${to}${edited}`;
}

function offerChange(before: Offer | undefined, offer: Offer): string {
  const from = before ? `${before.stage.name} -> ` : '';
  const key = offer.key === null || offer.key === before?.key ? '' : `, transaction ${offer.key}`;
  const order = offer.orderId === null || offer.orderId === before?.orderId ? '' : `, order ${offer.orderId}`;
  const unwanted =
    offer.unwanted === null || offer.unwanted === before?.unwanted ? '' : `, unwanted: ${offer.unwanted}`;
  return `offer ${offer.id}: ${from}${offer.stage.name}${key}${order}${unwanted}`;
}

function receiptChange(before: Receipt | undefined, { number, paper, copy, papers }: Receipt): string {
  const from = before ? `${before.paper.name} -> ` : '';
  const marked = copy ? ', marked COPY' : '';
  const why = 'problem' in paper ? ` (${paper.problem})` : '';
  return `receipt ${number}: ${from}${paper.name}${why}${papers > 1 ? `, paper ${papers}` : ''}${marked}`;
}

function isAbout(effect: Effect, billId: string, state: State): boolean {
  if ('offerId' in effect) return offersIn(state, billId).some((offer) => offer.id === effect.offerId);
  if ('jobId' in effect) return receiptsIn(state, billId).some((receipt) => receipt.jobId === effect.jobId);
  return false;
}

function asks(effect: Effect): string {
  if (effect.type === 'createTransaction') return `Paysera to make a transaction (${effect.effectId})`;
  if ('key' in effect) return `Paysera: ${effect.type}, transaction ${effect.key} (${effect.effectId})`;
  if ('jobId' in effect) return `the printer: ${effect.type}, ${effect.jobId} (${effect.effectId})`;
  return `Paysera: ${effect.type} (${effect.effectId})`;
}

type Told = {
  readonly [Type in TerminalEvent['type']]: (event: Extract<TerminalEvent, { type: Type }>, was: State) => string;
};

const told: Told = {
  started: () => 'The terminal started.',
  journalFaultFound: ({ message }) => `The journal was found to be damaged: ${message}`,
  pinLockOver: () => 'PINs may be tried again.',
  tick: () => 'Time passed.',
  intent: ({ intent }) => `${'source' in intent && intent.source === 'till' ? 'The till' : 'Staff'}: ${intent.type}.`,
  called: ({ effectId, result }, was) =>
    `Paysera answered ${askedBy(was, effectId)}: ${result.ok ? 'done' : `${result.failure.code}, ${result.failure.message}`}`,
  spotRead: ({ spot }) => `Paysera says the spot is ${spot?.status ?? 'unknown'}${ordersOf(spot)}.`,
  transactionRead: ({ transaction, key }) => `Paysera says transaction ${key} is ${standing(transaction)}.`,
  searched: ({ transaction }) =>
    `Looked for the transaction at Paysera: ${transaction ? standing(transaction) : 'none'}.`,
  swept: ({ transactions }) => `Paysera has ${transactions.length} open transactions of this terminal.`,
  printerChecked: ({ problem }) => `The printer ${problem === null ? 'is ready' : `cannot print: ${problem}`}.`,
  paperSent: () => 'All of the receipt has left for the printer.',
  paperEnded: ({ result }) =>
    `The printer: ${result.outcome}${result.outcome === 'printed' ? `, proof ${result.proof}` : `, ${result.problem}`}.`,
  pinTried: () => 'The staff PIN was tried.',
};

function happened(event: TerminalEvent, was: State): string {
  const tell = told[event.type] as ((event: TerminalEvent, was: State) => string) | undefined;
  return tell ? tell(event, was) : `${event.type}.`;
}

/** The orders that came with the spot, with what their transactions are doing. */
function ordersOf(spot: RemoteSpot | null): string {
  const orders = (spot?.orders ?? []).map(
    ({ id, status, transaction }) => `order ${id} ${transaction?.status ?? status}`,
  );
  return orders.length === 0 ? '' : `, ${orders.join(', ')}`;
}

/** Which request an answer belongs to: the offer that waited for it knows. */
function askedBy({ offers }: State, effectId: string): string {
  const offer = Object.values(offers ?? {}).find(({ stage }) => 'effectId' in stage && stage.effectId === effectId);
  return offer ? `(${offer.stage.name}, ${effectId})` : `(${effectId})`;
}

function standing(transaction: RemoteTransaction | null): string {
  if (!transaction) return 'not known to it';
  const prices = transaction.payments.map(({ price }) => (price ? amountOf(price) : 'an unreadable amount'));
  return `${transaction.status}, over ${prices.join(' and ')}`;
}
