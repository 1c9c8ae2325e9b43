import type { BillView } from '../../../shared/bill.ts';
import type { Bill, Receipt, TerminalState } from '../bill/state.ts';
import { billView, currentOffer } from './bill-view.ts';

/** What the till is told: a type and plain data. */
export interface NewNotice {
  readonly type: string;
  readonly data: {
    readonly bill?: BillView;
    readonly spot?: { readonly status: string };
    readonly receiptNumber?: number;
  };
}

/** What changed between two states, as the till hears it. Journaled with the change itself. */
export function noticesOf(before: TerminalState, after: TerminalState): readonly NewNotice[] {
  const notices: NewNotice[] = [];
  for (const bill of Object.values(after.bills)) {
    const view = viewIn(after, bill);
    const old = before.bills[bill.id];
    if (!old || JSON.stringify(viewIn(before, old)) !== JSON.stringify(view)) {
      notices.push({ type: `bill.${view.status}`, data: { bill: view } });
    }
  }
  for (const receipt of Object.values(after.receipts)) {
    const became = paperNotice(before.receipts[receipt.number], receipt);
    if (became) notices.push({ type: `receipt.${became}`, data: { receiptNumber: receipt.number } });
  }
  if (before.spot.status !== after.spot.status) {
    notices.push({ type: `spot.${after.spot.status}`, data: { spot: { status: after.spot.status } } });
  }
  return notices;
}

/** What became of a receipt's paper. One in doubt may be followed by its copy in the same decision. */
function paperNotice(old: Receipt | undefined, { paper, papers }: Receipt): string | undefined {
  const wasLeaving = old?.paper.name === 'sending' || old?.paper.name === 'sent';
  if (wasLeaving && papers > old.papers) return 'doubtful';
  const told = ['printed', 'failed', 'doubtful'].includes(paper.name);
  return told && (old?.paper.name !== paper.name || old.papers !== papers) ? paper.name : undefined;
}

function viewIn(state: TerminalState, bill: Bill): BillView {
  return billView(bill, currentOffer(bill, state.offers));
}
