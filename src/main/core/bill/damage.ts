import type { Turn } from '../turn.ts';
import type { JournalDamage } from './event.ts';
import type { TerminalState } from './state.ts';

/** The state with counters that go on where they certainly had not come yet: no number is ever given twice. */
export function countersAfter(state: TerminalState, damage: JournalDamage | undefined): TerminalState {
  if (!damage) return state;
  return {
    ...state,
    revision: Math.max(state.revision, damage.revision),
    effectsMade: Math.max(state.effectsMade, damage.effectsMade),
    receiptsMade: Math.max(state.receiptsMade, damage.receiptsMade),
  };
}

/**
 * Part of the memory is gone: staff are told, and what may have happened meanwhile is allowed for. The API is asked
 * about everything after each start anyway; paper is what it cannot tell of, so whatever is printed for a bill of
 * before may be the second one, and says COPY.
 * @param receiptsBefore the receipts that the state knew of
 */
export function journalDamaged(turn: Turn, damage: JournalDamage, receiptsBefore: number): void {
  const entries = damage.gaps.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  if (entries === 0 && !damage.doubt) turn.raise('journal_repaired');
  else {
    const skipped = turn.state.receiptsMade - receiptsBefore;
    turn.raise('journal_lost', { details: { entries, receipts: skipped, firstReceipt: receiptsBefore + 1 } });
  }
  if (!damage.doubt) return;
  // What was paid meanwhile is from before this memory: it is told of when it is met (spot/earlier.ts).
  turn.change({ firstStartedAt: turn.at });
  for (const bill of Object.values(turn.state.bills)) turn.setBill({ ...bill, mayHaveReceipt: true });
  for (const receipt of Object.values(turn.state.receipts)) {
    const waits = receipt.paper.name === 'queued' || receipt.paper.name === 'checkingPrinter';
    if (waits) turn.setReceipt({ ...receipt, copy: true });
  }
}
