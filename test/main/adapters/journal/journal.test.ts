import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openJournal } from '../../../../src/main/adapters/journal/journal.ts';
import { migrations } from '../../../../src/main/adapters/journal/migrations/index.ts';
import { decide, newState } from '../../../../src/main/core/bill/decide.ts';
import type { Happening } from '../../../../src/main/core/bill/event.ts';
import type { TerminalState } from '../../../../src/main/core/bill/state.ts';
import { noticesOf } from '../../../../src/main/core/snapshot/notices.ts';
import type { JournalPort } from '../../../../src/main/ports/journal.ts';
import { begin, draft, key, order, settings, transaction } from '../../core/bill/world.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});
const path = () => join(folder, 'journal.db');

/** Decides and commits, as the loop does; gives the states in order. */
function live(journal: JournalPort, ...happenings: readonly Happening[]): TerminalState {
  let before = journal.load();
  let state = before ?? newState(settings, begin);
  for (const [index, happening] of happenings.entries()) {
    const event = { ...happening, at: begin + index };
    const decision = decide(state, event);
    if (decision.state === state) continue;
    journal.commit({
      event,
      before,
      state: decision.state,
      effects: decision.effects,
      notices: noticesOf(state, decision.state),
    });
    state = decision.state;
    before = state;
  }
  return state;
}

const bill: Happening = {
  type: 'intent',
  intent: {
    type: 'createBill',
    billId: 'bill_1',
    source: 'till',
    draft,
    idempotency: { key: 'k1', bodyHash: 'h1' },
    earlier: null,
  },
};
const life: readonly Happening[] = [
  { type: 'started', settings },
  bill,
  { type: 'called', effectId: 'effect_1', result: { ok: true, transaction: transaction('new') } },
  {
    type: 'spotRead',
    access: 'direct',
    spot: { id: 4711, identifier: 'table1', status: 'closed', title: 'Café', locationId: 3, orders: [] },
    asOf: 3,
  },
  { type: 'called', effectId: 'effect_2', result: { ok: true, order: order('pending') } },
  { type: 'transactionRead', key, transaction: transaction('confirmed'), asOf: 99 },
];

describe('the journal', () => {
  it('is empty at first', () => {
    const journal = openJournal(path());
    expect(journal.load()).toBeNull();
    journal.close();
  });

  it('gives back exactly the state that was committed last', () => {
    const journal = openJournal(path());
    const state = live(journal, ...life);
    journal.close();
    const again = openJournal(path());
    expect(again.load()).toEqual(state);
    expect(state.bills['bill_1']?.status.name).toBe('paid');
    again.close();
  });

  it('keeps what has left the state, for the till and for reprints', () => {
    const journal = openJournal(path());
    const state = live(journal, ...life);
    const bare = { ...state, revision: state.revision + 1, bills: {}, offers: {}, receipts: {} };
    journal.commit({ event: { type: 'tick', at: begin + 50 }, before: state, state: bare, effects: [], notices: [] });
    expect(journal.load()).toEqual(bare);
    expect(journal.bill('bill_1')).toEqual(state.bills['bill_1']);
    expect(journal.receipt(1)).toEqual(state.receipts[1]);
    expect(journal.bill('bill_2')).toBeNull();
    journal.close();
  });

  it('remembers idempotency keys, the first bill of a key winning', () => {
    const journal = openJournal(path());
    live(journal, ...life.slice(0, 2));
    expect(journal.earlier('k1')).toEqual({ billId: 'bill_1', bodyHash: 'h1' });
    expect(journal.earlier('k2')).toBeNull();
    journal.close();
  });

  it('numbers notices and gives them after any one', () => {
    const journal = openJournal(path());
    live(journal, ...life);
    const all = journal.noticesAfter(0, 100);
    expect(all.map((notice) => notice.type)).toEqual(['bill.preparing', 'spot.closed', 'bill.offered', 'bill.paid']);
    expect(journal.noticesAfter(all[1]?.id ?? 0, 1)).toEqual([all[2]]);
    journal.close();
  });

  it('keeps of each decision what happened, what it asked for, what it told and what it made of the state', () => {
    const journal = openJournal(path());
    live(journal, ...life);
    journal.close();
    const database = new DatabaseSync(path());
    const rows = database.prepare('SELECT content FROM entries ORDER BY revision').all();
    const entries = rows.map(({ content }) => JSON.parse(String(content)) as Record<string, unknown>);
    expect(entries[1]).toMatchObject({
      revision: 2,
      at: begin + 1,
      event: { type: 'intent', intent: { type: 'createBill', billId: 'bill_1' } },
      effects: [{ type: 'createTransaction', effectId: 'effect_1' }],
      notices: [{ id: 1, type: 'bill.preparing' }],
      change: { revision: [2], effectsMade: [1], bills: { bill_1: [{ id: 'bill_1', number: draft.number }] } },
    });
    database.close();
  });

  it('writes nothing of a commit that fails', () => {
    const journal = openJournal(path());
    const state = live(journal, ...life.slice(0, 2));
    const broken = { event: { type: 'tick' as const, at: begin }, before: state, state, effects: [], notices: [] };
    expect(() => journal.commit(broken)).toThrow(expect.objectContaining({ code: 'journal_unwritable' }));
    expect(journal.load()).toEqual(state);
    journal.close();
  });

  it('is refused to a second terminal, with a sentence', () => {
    const journal = openJournal(path());
    expect(() => openJournal(path())).toThrow(
      expect.objectContaining({
        code: 'journal_in_use',
        message: expect.stringContaining('Another terminal is running'),
      }),
    );
    journal.close();
    openJournal(path()).close();
  });

  it('refuses a file that is no database, and leaves it as it is', () => {
    writeFileSync(path(), 'This is not a database, but it is long enough to be looked at as one.'.repeat(20));
    const before = readFileSync(path());
    expect(() => openJournal(path())).toThrow(expect.objectContaining({ code: 'journal_damaged' }));
    expect(readFileSync(path())).toEqual(before);
  });

  it('refuses a database from a newer program', () => {
    openJournal(path()).close();
    const database = new DatabaseSync(path());
    database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
    database.close();
    expect(() => openJournal(path())).toThrow(
      expect.objectContaining({ code: 'journal_newer', message: expect.stringContaining('newer version') }),
    );
  });

  it('says what to do when its folder cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openJournal(join(folder, 'file', 'journal.db'))).toThrow(
      expect.objectContaining({
        code: 'journal_unwritable',
        message: expect.stringContaining('Check that the disk is not full'),
      }),
    );
  });

  it('syncs each commit to the disk: WAL with synchronous FULL', () => {
    openJournal(path()).close();
    const database = new DatabaseSync(path());
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    database.close();
  });
});
