import type { OtherWay } from '../../../shared/bill.ts';
import type { EffectId } from '../../../shared/ids.ts';
import type { PrintResult, TerminalEvent } from '../bill/event.ts';
import type { Bill, PaperStage, Receipt } from '../bill/state.ts';
import type { Turn } from '../turn.ts';
import { isDue } from '../waiting.ts';
import { composeReceipt } from './compose.ts';
import type { ReceiptFacts } from './document.ts';

/** Gives a paid bill the next receipt number and queues its paper; gives the number. */
export function queueReceipt(turn: Turn, bill: Bill, how: 'wallet' | OtherWay, key: string | null): number {
  const number = turn.state.receiptsMade + 1;
  turn.change({ receiptsMade: number });
  turn.setReceipt({
    number,
    billId: bill.id,
    facts: factsOf(turn, bill, { number, how, key }),
    jobId: `job_${number}.1`,
    papers: 1,
    copy: bill.mayHaveReceipt === true,
    queuedAt: turn.at,
    paper: turn.state.settings.printerConfigured
      ? { name: 'queued', notBefore: turn.at }
      : { name: 'failed', problem: 'No receipt printer is configured.' },
  });
  return number;
}

function factsOf(
  turn: Turn,
  bill: Bill,
  paid: { number: number; how: 'wallet' | OtherWay; key: string | null },
): ReceiptFacts {
  const { settings } = turn.state;
  return {
    number: paid.number,
    terminal: settings.terminal,
    merchant: settings.merchantLines,
    billNumber: bill.number,
    lines: bill.lines.map(({ title, quantity, total }) =>
      quantity === undefined ? { title, total } : { title, quantity, total },
    ),
    total: bill.total,
    how: paid.how,
    ...(paid.key === null ? {} : { transactionKey: paid.key }),
    paidAt: turn.at,
    language: settings.language,
    timeZone: settings.timeZone,
  };
}

/** Asks the printer for the next paper that waits, one at a time: first whether it could print. */
export function printNext(turn: Turn): void {
  const receipts = Object.values(turn.state.receipts);
  if (receipts.some(({ paper }) => 'effectId' in paper)) return;
  for (const receipt of receipts) {
    if (receipt.paper.name !== 'queued') continue;
    if (turn.at - receipt.queuedAt > turn.state.settings.printMaximumAgeMs) {
      stage(turn, receipt, { name: 'failed', problem: 'It waited too long for the printer.' });
      turn.raise('receipt_too_old', { billId: receipt.billId, receiptNumber: receipt.number });
    } else if (isDue(receipt.paper.notBefore, turn.at)) {
      const effectId = turn.effect({ type: 'checkPrinter', jobId: receipt.jobId });
      stage(turn, receipt, { name: 'checkingPrinter', effectId });
      return;
    }
  }
}

function stage(turn: Turn, receipt: Receipt, paper: PaperStage): void {
  turn.setReceipt({ ...receipt, paper });
}

function awaiting(turn: Turn, effectId: EffectId): Receipt | undefined {
  return Object.values(turn.state.receipts).find(({ paper }) => 'effectId' in paper && paper.effectId === effectId);
}

type PrinterChecked = Extract<TerminalEvent, { type: 'printerChecked' }>;

/** The printer's answer. Ready: the paper is journaled as sending before its first byte leaves. */
export function printerChecked(turn: Turn, { effectId, problem, paperLow }: PrinterChecked): void {
  const receipt = awaiting(turn, effectId);
  if (receipt?.paper.name !== 'checkingPrinter') return;
  if (problem !== null) {
    stage(turn, receipt, { name: 'queued', notBefore: turn.at + turn.state.settings.printRetryEveryMs });
    turn.raise('printer_problem', { details: { problem }, dismissable: false });
    return;
  }
  turn.lower((item) => item.code === 'printer_problem');
  paperNote(turn, paperLow);
  const document = composeReceipt(receipt.facts, { copy: receipt.copy });
  stage(turn, receipt, { name: 'sending', effectId: turn.effect({ type: 'print', jobId: receipt.jobId, document }) });
}

const paperNotes: readonly string[] = ['printer_paper_low', 'printer_paper_low_long'];

/** Staff hear in time that a new roll is needed, and for how many receipts the old one may do. */
function paperNote(turn: Turn, paperLow: PrinterChecked['paperLow']): void {
  const receipts = paperLow?.receiptsLeft ?? null;
  const code = paperLow && (receipts === null ? 'printer_paper_low_long' : 'printer_paper_low');
  turn.lower((item) => paperNotes.includes(item.code) && item.code !== code);
  if (code) turn.raise(code, { details: receipts === null ? {} : { receipts }, dismissable: false });
}

/** All of a paper has left this machine; whether it comes out is still to be heard. */
export function paperSent(turn: Turn, effectId: EffectId): void {
  const receipt = awaiting(turn, effectId);
  if (receipt?.paper.name === 'sending') stage(turn, receipt, { name: 'sent', effectId });
}

/** How a paper ended. */
export function paperEnded(turn: Turn, effectId: EffectId, result: PrintResult): void {
  const receipt = awaiting(turn, effectId);
  if (receipt?.paper.name !== 'sending' && receipt?.paper.name !== 'sent') return;
  if (result.outcome === 'printed') {
    stage(turn, receipt, { name: 'printed', proof: result.proof });
    turn.lower((item) => item.receiptNumber === receipt.number);
  } else if (result.outcome === 'failed') {
    stage(turn, receipt, { name: 'queued', notBefore: turn.at + turn.state.settings.printRetryEveryMs });
    turn.raise('printer_problem', { details: { problem: result.problem }, dismissable: false });
  } else {
    doubtful(turn, receipt, result.problem);
  }
}

/** Something left for the printer and nobody knows what came of it: a marked copy, or a person decides. */
export function doubtful(turn: Turn, receipt: Receipt, problem: string): void {
  stage(turn, receipt, { name: 'doubtful', problem });
  turn.raise('receipt_doubtful', {
    billId: receipt.billId,
    receiptNumber: receipt.number,
    details: { receiptNumber: receipt.number, problem },
  });
  // Once: a copy that is in doubt itself would only begin the same again.
  if (turn.state.settings.doubtfulReceipts === 'copy' && !receipt.copy)
    newPaper(turn, turn.state.receipts[receipt.number], true);
}

function newPaper(turn: Turn, receipt: Receipt | undefined, copy: boolean): void {
  if (!receipt) return;
  const papers = receipt.papers + 1;
  turn.setReceipt({
    ...receipt,
    papers,
    copy,
    jobId: `job_${receipt.number}.${papers}`,
    queuedAt: turn.at,
    paper: { name: 'queued', notBefore: turn.at },
  });
}

/** Staff ask for the paper again. It says COPY unless certainly none has left yet. */
export function reprint(turn: Turn, receiptNumber: number, archived: Receipt | null): void {
  const receipt = turn.state.receipts[receiptNumber] ?? archived;
  if (!receipt) {
    turn.refuse('receipt_unknown', `There is no receipt ${receiptNumber}.`);
    return;
  }
  const { paper } = receipt;
  if (paper.name === 'printed' || paper.name === 'doubtful' || paper.name === 'failed') {
    newPaper(turn, receipt, receipt.copy || paper.name !== 'failed');
    turn.lower((item) => item.receiptNumber === receiptNumber);
  }
  turn.accept({ receiptNumber });
}
