import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../../src/main/core/bill/event.ts';
import type { TerminalState } from '../../../../src/main/core/bill/state.ts';
import { begin, key, run, settings, stateWith, transaction } from '../bill/world.ts';

const paid = (more: Partial<typeof settings> = {}): TerminalState => {
  const state = stateWith({ name: 'readingBack', since: 10 });
  const confirmed: Happening = { type: 'transactionRead', key, transaction: transaction('confirmed'), asOf: 10 };
  return run({ ...state, settings: { ...settings, ...more } }, confirmed).state;
};

/** What the printer says of the paper that is under way. */
function printer(
  state: TerminalState,
  what: 'ready' | 'sent' | 'printed' | 'failed' | 'doubtful' | 'out of paper',
): Happening {
  const paper = Object.values(state.receipts).find((receipt) => 'effectId' in receipt.paper)?.paper;
  if (!paper || !('effectId' in paper)) throw new Error('The printer is not asked for anything.');
  const { effectId } = paper;
  if (what === 'ready') return { type: 'printerChecked', effectId, problem: null };
  if (what === 'sent') return { type: 'paperSent', effectId };
  if (what === 'out of paper') return { type: 'printerChecked', effectId, problem: 'No paper.' };
  if (what === 'printed') return { type: 'paperEnded', effectId, result: { outcome: 'printed', proof: 'process_id' } };
  return { type: 'paperEnded', effectId, result: { outcome: what, problem: 'It went away.' } };
}
const says = (what: Parameters<typeof printer>[1]) => (state: TerminalState) => printer(state, what);
const copyOf = (decision: ReturnType<typeof run>) =>
  decision.effects.flatMap((effect) => (effect.type === 'print' ? [effect.document.copy] : []));

describe('a receipt', () => {
  it('is journaled as sending before its first byte leaves, and is printed when the printer says so', () => {
    const sending = run(paid(), says('ready'));
    expect(sending.state.receipts[1]?.paper.name).toBe('sending');
    expect(copyOf(sending)).toEqual([false]);
    const printed = run(sending.state, says('printed'));
    expect(printed.state.receipts[1]).toMatchObject({ paper: { name: 'printed', proof: 'process_id' }, papers: 1 });
  });
  it('is journaled as sent once all of it has left, and is not printed before the printer says so', () => {
    const sent = run(paid(), says('ready'), says('sent'));
    expect(sent.state.receipts[1]?.paper.name).toBe('sent');
    expect(run(sent.state, { type: 'tick' }).effects).toEqual([]);
    expect(run(sent.state, says('printed')).state.receipts[1]?.paper.name).toBe('printed');
    expect(run(sent.state, says('doubtful')).state.receipts[1]).toMatchObject({ copy: true, papers: 2 });
  });
  it('that was sent when the process ended is in doubt', () => {
    const restarted = run(run(paid(), says('ready'), says('sent')).state, { type: 'started', settings });
    expect(restarted.state.receipts[1]).toMatchObject({ copy: true, papers: 2 });
    expect(restarted.state.attention['receipt_doubtful:1']).toBeDefined();
  });
  it('tells staff of a roll that is nearly used up, until a new one is in', () => {
    const checked = (receiptsLeft: number | null | undefined) => (state: TerminalState) => ({
      ...printer(state, 'ready'),
      ...(receiptsLeft === undefined ? {} : { paperLow: { receiptsLeft } }),
    });
    const notes = ({ state }: ReturnType<typeof run>) =>
      Object.values(state.attention).map(({ code, details }) => [code, details]);
    const low = run(paid(), checked(7));
    expect(notes(low)).toEqual([['printer_paper_low', { receipts: 7 }]]);
    const again: Happening = { type: 'intent', intent: { type: 'reprintReceipt', receiptNumber: 1, archived: null } };
    const long = run(run(low.state, says('printed'), again).state, checked(null));
    expect(notes(long)).toEqual([['printer_paper_low_long', {}]]);
    expect(notes(run(run(long.state, says('printed'), again).state, checked(undefined)))).toEqual([]);
  });
  it('waits for a printer that cannot print, and staff are told until it can', () => {
    const waiting = run(paid(), says('out of paper'));
    expect(waiting.state.receipts[1]?.paper.name).toBe('queued');
    expect(waiting.state.attention['printer_problem']?.details).toEqual({ problem: 'No paper.' });
  });
  it('of which nothing left is tried again, unmarked', () => {
    const again = run(paid(), says('ready'), says('failed'));
    expect(again.state.receipts[1]).toMatchObject({ copy: false, papers: 1, paper: { name: 'queued' } });
  });
  it('in doubt is followed by one marked copy', () => {
    const doubtful = run(paid(), says('ready'), says('doubtful'));
    expect(doubtful.state.receipts[1]).toMatchObject({ copy: true, papers: 2 });
    expect(doubtful.state.attention['receipt_doubtful:1']).toBeDefined();
    const copy = run(doubtful.state, says('ready'));
    expect(copyOf(copy)).toEqual([true]);
    const twice = run(copy.state, says('doubtful'));
    expect(twice.state.receipts[1]).toMatchObject({ papers: 2, paper: { name: 'doubtful' } });
  });
  it('in doubt waits for a person where the merchant wants it so', () => {
    const doubtful = run(paid({ doubtfulReceipts: 'ask' }), says('ready'), says('doubtful'));
    expect(doubtful.state.receipts[1]).toMatchObject({ copy: false, papers: 1, paper: { name: 'doubtful' } });
  });
  it('that was being sent when the process ended is in doubt', () => {
    const restarted = run(run(paid(), says('ready')).state, { type: 'started', settings });
    expect(restarted.state.receipts[1]).toMatchObject({ copy: true, papers: 2 });
  });
  it('whose printer was only being asked when the process ended is printed unmarked', () => {
    const restarted = run(paid(), { type: 'started', settings });
    expect(restarted.state.receipts[1]).toMatchObject({ copy: false, papers: 1, paper: { name: 'checkingPrinter' } });
  });
  it('that waited too long is not printed by itself', () => {
    const old = run(paid(), says('out of paper')).state;
    const receipt = old.receipts[1];
    if (!receipt) throw new Error('The receipt is missing.');
    const late = run({ ...old, receipts: { 1: { ...receipt, queuedAt: begin - 600_001 } } }, { type: 'tick' });
    expect(late.state.receipts[1]?.paper.name).toBe('failed');
    expect(late.state.attention['receipt_too_old:1']).toBeDefined();
  });
  it('asked for again says COPY, unless certainly none has left', () => {
    const printed = run(paid(), says('ready'), says('printed')).state;
    const again: Happening = { type: 'intent', intent: { type: 'reprintReceipt', receiptNumber: 1, archived: null } };
    expect(copyOf(run(run(printed, again).state, says('ready')))).toEqual([true]);
    const failed = paid({ printerConfigured: false });
    expect(failed.receipts[1]?.paper.name).toBe('failed');
    expect(copyOf(run(run(failed, again).state, says('ready')))).toEqual([false]);
  });
  it('from the archive is printed as a copy', () => {
    const printed = run(paid(), says('ready'), says('printed')).state;
    const archived = printed.receipts[1] ?? null;
    const again: Happening = { type: 'intent', intent: { type: 'reprintReceipt', receiptNumber: 1, archived } };
    const decision = run({ ...printed, receipts: {} }, again);
    expect(decision.answer).toEqual({ ok: true, receiptNumber: 1 });
    expect(decision.state.receipts[1]).toMatchObject({ copy: true, papers: 2 });
  });
  it('that never was is refused', () => {
    const intent = { type: 'reprintReceipt', receiptNumber: 9, archived: null } as const;
    expect(run(paid(), { type: 'intent', intent }).answer).toMatchObject({ code: 'receipt_unknown' });
  });
  it('gets the next number, without gaps', () => {
    expect(paid().receiptsMade).toBe(1);
  });
});
