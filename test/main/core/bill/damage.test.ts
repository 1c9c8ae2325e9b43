import { describe, expect, it } from 'vitest';
import { decide } from '../../../../src/main/core/bill/decide.ts';
import type { JournalDamage } from '../../../../src/main/core/bill/event.ts';
import type { Receipt, TerminalState } from '../../../../src/main/core/bill/state.ts';
import { facts } from '../receipt/facts.ts';
import { begin, key, run, settings, stateWith, transaction } from './world.ts';

const damage: JournalDamage = {
  gaps: [{ first: 40, last: 44 }],
  doubt: true,
  revision: 44,
  effectsMade: 30,
  receiptsMade: 9,
  keptIn: '/var/lib/spot-terminal/journal.db-damaged-2026-11-23',
};

const started = (state: TerminalState, found?: JournalDamage) =>
  decide(state, { type: 'started', settings, at: begin + 1000, ...(found && { damage: found }) }).state;

const waiting: Receipt = {
  number: 1,
  billId: 'bill_0',
  facts,
  jobId: 'job_1.1',
  papers: 1,
  copy: false,
  queuedAt: begin,
  paper: { name: 'queued', notBefore: begin + 900_000 },
};

const offered = () => stateWith({ name: 'offered', since: 1 });

describe('a start with a journal of which something is lost', () => {
  it('gives no revision, effect id or receipt number again', () => {
    const state = started(offered(), damage);
    expect(state.revision).toBe(45);
    expect(state.effectsMade).toBeGreaterThanOrEqual(30);
    expect(state.receiptsMade).toBe(9);
  });

  it('tells staff how many entries are lost, and which receipt numbers are skipped', () => {
    const state = started(offered(), damage);
    expect(state.attention['journal_lost']).toMatchObject({
      details: { entries: 5, receipts: 9, firstReceipt: 1 },
      dismissable: true,
    });
  });

  it('marks as COPY whatever is printed for a bill of before, because its receipt may be out', () => {
    const state = started({ ...offered(), receipts: { 1: waiting } }, damage);
    expect(state.receipts[1]?.copy).toBe(true);
    const paid = run(state, (now) => ({
      type: 'transactionRead',
      key,
      transaction: transaction('confirmed'),
      asOf: now.revision,
    }));
    expect(paid.state.bills['bill_1']?.status.name).toBe('paid');
    expect(paid.state.receipts[10]).toMatchObject({ number: 10, copy: true });
  });

  it('takes what was paid meanwhile for paid before its memory begins', () => {
    expect(started(offered(), damage).firstStartedAt).toBe(begin + 1000);
  });

  it('only tells, when nothing that is true now can be missing', () => {
    const before = offered();
    const state = started(before, { ...damage, doubt: false, revision: 0, effectsMade: 0, receiptsMade: 0 });
    expect(state.attention['journal_lost']).toMatchObject({ details: { entries: 5, receipts: 0 } });
    expect(state.firstStartedAt).toBe(before.firstStartedAt);
    expect(Object.values(state.bills).map(({ mayHaveReceipt }) => mayHaveReceipt)).toEqual([undefined]);
  });

  it('says that everything was saved when it was', () => {
    const nothing = { ...damage, gaps: [], doubt: false, revision: 0, effectsMade: 0, receiptsMade: 0 };
    const state = started(offered(), nothing);
    expect(state.attention['journal_repaired']).toBeDefined();
    expect(state.attention['journal_lost']).toBeUndefined();
  });

  it('says nothing without damage', () => {
    expect(started(offered()).attention).toEqual({});
  });
});

it('damage of the past that is found while it runs is told', () => {
  const message = 'The entries 1 to 512 are damaged: it was altered.';
  const before = started(offered());
  const { state, effects } = decide(before, { type: 'journalFaultFound', message, at: begin + 5000 });
  expect(state.attention['journal_fault']).toMatchObject({ details: { message } });
  expect(effects).toEqual([]);
});
