import { isDeepStrictEqual } from 'node:util';
import type { World } from '../../sandbox/world/world.ts';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { readJournal } from '../../src/main/adapters/journal/read.ts';
import type { Bill, Offer, Receipt, TerminalState } from '../../src/main/core/bill/state.ts';
import type { TerminalProcess } from './process.ts';
import { ours, totalOf, Witness } from './witness.ts';

/** Something on which terminal, journal, paper and API do not agree (yet). */
export interface Disagreement {
  readonly invariant: number;
  readonly message: string;
}

interface Agreed {
  readonly world: World;
  readonly process: TerminalProcess;
  readonly witness: Witness;
}

/** Everything that must hold once the faults have ended and everybody has left: none when it does. */
export function agreement({ world, process, witness }: Agreed): readonly Disagreement[] {
  const { state } = process;
  if (!process.alive || !state) return [{ invariant: 6, message: 'The terminal is not running.' }];
  world.advance();
  return [
    ...hanging(world),
    ...Object.values(state.offers).flatMap((offer) => aboutOffer(world, state, offer)),
    ...aboutSpot(world, state),
    ...receipts(state, witness),
  ];
}

/** Invariant 3: no reservation is left. */
function hanging(world: World): readonly Disagreement[] {
  return [...world.transactions.values()]
    .filter((transaction) => ours(transaction) && ['reserved', 'waiting_funds', 'waiting'].includes(transaction.status))
    .map(({ key, status }) => ({ invariant: 3, message: `Transaction ${key} is still ${status}.` }));
}

/** Invariant 6: what the terminal believes of an offer is what the API says. */
function aboutOffer(world: World, state: TerminalState, offer: Offer): readonly Disagreement[] {
  const wrong = (message: string) => [{ invariant: 6, message: `Offer ${offer.id} (${offer.stage.name}): ${message}` }];
  const bill: Bill | undefined = state.bills[offer.billId];
  if (bill?.source === 'foreign') return [];
  const transaction = world.transactions.get(offer.key ?? '');
  const stage = offer.stage.name;
  if (stage === 'awaitingSpot') return [];
  if (Witness.isLive(offer) && stage !== 'offered') return wrong('is still being worked on.');
  if (stage === 'offered') {
    if (transaction?.status !== 'new') return wrong(`its transaction is ${transaction?.status ?? 'unknown'}.`);
    // Through lists the orders of a spot cannot be seen (api.md 17.1): it is made anew when somebody checks in.
    if (state.spot.access === 'list') return [];
    const order = [...world.orders.values()].find(
      (each) => each.transactionKey === offer.key && each.status === 'pending',
    );
    return order ? [] : wrong('it has no order at the spot.');
  }
  if (stage === 'confirmed')
    return transaction?.status === 'confirmed' ? [] : wrong('its transaction is not confirmed.');
  return transaction?.status === 'new' || transaction?.status === 'reserved'
    ? wrong(`its transaction is ${transaction.status}.`)
    : [];
}

/** Invariant 6: the spot, as far as it can be read; nothing payable of ours is left that no bill wants. */
function aboutSpot(world: World, state: TerminalState): readonly Disagreement[] {
  const found: Disagreement[] = [];
  const spot = [...world.spots.values()].find(({ id }) => id === state.spot.id);
  if (spot && state.spot.status !== spot.status) {
    found.push({ invariant: 6, message: `The spot is ${spot.status}; the terminal believes ${state.spot.status}.` });
  }
  const wanted = new Set(
    Object.values(state.offers)
      .filter(Witness.isLive)
      .map(({ key }) => key),
  );
  for (const order of world.orders.values()) {
    const transaction = world.transactions.get(order.transactionKey);
    if (!transaction || !ours(transaction) || order.status !== 'pending' || transaction.status !== 'new') continue;
    if (!wanted.has(order.transactionKey)) {
      found.push({ invariant: 6, message: `Order ${order.id} can be paid, and no bill wants it.` });
    }
  }
  return found;
}

/** Invariants 4 and 5: receipts without gaps, each on one unmarked paper, or in a doubt that staff can see. */
function receipts(state: TerminalState, witness: Witness): readonly Disagreement[] {
  const found: Disagreement[] = [];
  for (const receipt of Object.values(state.receipts)) {
    const papers = witness.papers.filter(({ receiptNumber }) => receiptNumber === receipt.number);
    // What is marked from the first paper on is one whose receipt may be out, unknown to the journal.
    const wanted = receipt.copy && receipt.papers === 1;
    if (papers.some(({ copy }) => copy === wanted)) continue;
    if (!isInDoubt(receipt, papers.length)) {
      found.push({
        invariant: 4,
        message: `Receipt ${receipt.number} (${receipt.paper.name}) is on no paper, and nobody is told.`,
      });
    }
  }
  return found;
}

function isInDoubt({ paper, papers }: Receipt, out: number): boolean {
  return paper.name === 'doubtful' || paper.name === 'failed' || (papers > 1 && out > 0);
}

/** Whether every entry follows from the one before, to the last one that was committed. */
function chainFaults(path: string): readonly string[] {
  const reader = readJournal(path);
  try {
    return reader.verify().faults;
  } finally {
    reader.close();
  }
}

/** Invariants 2, 5 and 6, from the journal's file alone: every bill and every receipt ever made. */
export function journalAgrees(path: string, world: World, state: TerminalState): readonly Disagreement[] {
  const found = chainFaults(path).map((message): Disagreement => ({ invariant: 6, message }));
  const journal = openJournal(path);
  try {
    if (!isDeepStrictEqual(journal.load(), state)) {
      found.push({ invariant: 6, message: 'The journal gives another state than the one committed last.' });
    }
    const bills = new Set<string>();
    for (let number = 1; number <= state.receiptsMade; number += 1) {
      const receipt = journal.receipt(number);
      if (!receipt) found.push({ invariant: 5, message: `There is no receipt ${number}.` });
      else if (bills.has(receipt.billId))
        found.push({ invariant: 5, message: `Receipt ${number} is the second of its bill.` });
      else bills.add(receipt.billId);
    }
    for (const transaction of world.transactions.values()) {
      const bill = journal.bill(ours(transaction)?.bill ?? '');
      if (!bill || transaction.status !== 'confirmed') continue;
      if (bill.status.name !== 'paid' || totalOf(transaction) !== bill.total.amount) {
        found.push({ invariant: 2, message: `Bill ${bill.number} is ${bill.status.name}, but its money was taken.` });
      }
    }
    return found;
  } finally {
    journal.close();
  }
}
