import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../../../src/main/adapters/journal/journal.ts';
import { migrations } from '../../../../src/main/adapters/journal/migrations/index.ts';
import { readJournal } from '../../../../src/main/adapters/journal/read.ts';
import type { JournalPort } from '../../../../src/main/ports/journal.ts';
import { truthOf, type Truth } from '../../../journal/cases.ts';
import { copyJournal, recorded } from '../../../journal/recorded.ts';

/** A morning's payments of the real terminal: some blocks, and entries that are not in one yet. */
let folder: string;
let truth: Truth;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'chain-'));
  const { path } = await recorded({ seed: 7, salesAnHour: 60, hours: 1.5, into: folder });
  truth = truthOf(path, join(folder, 'truth'));
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A copy of it to be worked on. */
function copy(): string {
  const into = mkdtempSync(join(folder, 'copy-'));
  const path = join(into, 'journal.db');
  copyJournal(truth.path, path);
  return path;
}

function open(path: string): JournalPort {
  const journal = openJournal(path, { reserveBytes: 0, now: () => Date.UTC(2026, 10, 23, 12) });
  onTestFinished(() => {
    journal.close();
  });
  return journal;
}

function verdict(path: string) {
  const reader = readJournal(path);
  try {
    return reader.verify();
  } finally {
    reader.close();
  }
}

/** Changes rows behind the journal's back. */
function tampered(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

describe('the chain', () => {
  it('is as it was written after a morning, also while the file is in use', () => {
    const path = copy();
    const journal = open(path);
    const { entries, blocks, faults, newest } = verdict(path);
    expect(faults).toEqual([]);
    expect(entries).toBe(truth.hashes.size);
    expect(blocks).toBeGreaterThan(0);
    expect(newest.revision).toBe(truth.state.revision);
    // It was not touched by being looked at.
    expect(journal.load()).toEqual(truth.state);
  });

  it('gives every bill, receipt, key and notice, also those in blocks', () => {
    const journal = open(copy());
    expect(truth.bills.length).toBeGreaterThan(60);
    for (const bill of truth.bills) expect(journal.bill(bill.id)).toEqual(bill);
    for (const receipt of truth.receipts) expect(journal.receipt(receipt.number)).toEqual(receipt);
    expect(truth.receipts.map(({ number }) => number)).toEqual(truth.receipts.map((_, index) => index + 1));
    expect(journal.noticesAfter(0, 1_000_000)).toEqual(truth.notices);
    expect(journal.noticesAfter(100, 7)).toEqual(truth.notices.slice(100, 107));
    expect(journal.newestNotice()).toBe(truth.notices.length);
  });

  it('packs what is over, in small steps, and nothing is different afterwards', () => {
    const path = copy();
    tampered(path, 'PRAGMA user_version'); // takes the write-ahead log in
    const journal = open(path);
    const before = journal.load();
    while (journal.tidy());
    expect(journal.load()).toEqual(before);
    expect(journal.checkNext()).toBeNull();
    let checked = 1;
    while (journal.checkNext() === null) checked += 1;
    expect(checked).toBe(verdict(path).blocks);
  });

  it.each([
    ['an entry', `UPDATE entries SET content = replace(content, '"EUR"', '"EUX"')`],
    ['a hash', `UPDATE entries SET hash = zeroblob(32) WHERE revision = (SELECT max(revision) FROM entries)`],
    ['the order', `UPDATE entries SET revision = revision + 1000000`],
    ['the state', `UPDATE checkpoint SET state = replace(state, '"EUR"', '"EUX"')`],
    ['a block', `UPDATE blocks SET packed = zeroblob(2000)`],
    ['what a block says of itself', `UPDATE blocks SET last_at = last_at + 1`],
    ['where a bill is found', `DELETE FROM bills WHERE id = (SELECT min(id) FROM bills)`],
    ['where a receipt is found', `DELETE FROM receipts`],
    ['an entry that is taken out', `DELETE FROM entries WHERE revision = (SELECT min(revision) FROM entries)`],
    ['the newest entry that is taken out', `DELETE FROM entries WHERE revision = (SELECT max(revision) FROM entries)`],
  ])('is noticed to be altered: %s', (_, sql) => {
    const path = copy();
    tampered(path, sql);
    expect(verdict(path).faults).not.toEqual([]);
    expect(open(path).damage()).not.toBeNull();
  });

  it('keeps the damaged files, builds a new journal from what is sound, and goes on after what is lost', () => {
    const path = copy();
    tampered(path, 'DELETE FROM entries WHERE revision > (SELECT max(revision) FROM entries) - 10');
    const damagedFile = join(folder, 'as-it-was');
    copyFileSync(path, damagedFile);
    const journal = open(path);
    const damage = journal.damage();
    const newest = truth.state.revision;
    // Deleted rows still stand on their pages: what proves itself by its hash is taken back.
    expect(damage).toMatchObject({ revision: newest, receiptsMade: truth.state.receiptsMade });
    expect(damage?.keptIn).toMatch(/journal\.db-damaged-2026-11-23T12\.00\.00\.000Z$/);
    expect(readdirSync(damage?.keptIn ?? '')).toContain('journal.db');
  });

  it('begins an empty journal where the old one certainly was, when its file is gone', () => {
    const path = copy();
    for (const part of ['', '-wal']) rmSync(path + part, { force: true });
    const journal = open(path);
    expect(journal.load()).toBeNull();
    expect(journal.damage()).toMatchObject({
      gaps: [{ first: 1, last: truth.state.revision }],
      doubt: true,
      revision: truth.state.revision,
      effectsMade: truth.state.effectsMade,
      receiptsMade: truth.state.receiptsMade,
    });
    expect(journal.newestNotice()).toBe(truth.notices.length);
  });

  it('says that its witness is gone or unreadable, and makes it anew with the next entry', () => {
    for (const damage of ['gone', 'unreadable']) {
      const path = copy();
      if (damage === 'gone') rmSync(`${path}-head`);
      else writeFileSync(`${path}-head`, 'nonsense');
      const journal = open(path);
      expect(journal.load()).toEqual(truth.state);
      expect(journal.damage()).toMatchObject({ gaps: [], doubt: false });
      const { state } = truth;
      const next = { ...state, revision: state.revision + 1 };
      journal.commit({ event: { type: 'tick', at: 1 }, before: state, state: next, effects: [], notices: [] });
      journal.close();
      expect(open(path).damage()).toBeNull();
    }
  });

  it('finishes a rebuilding that the power interrupted', () => {
    const path = copy();
    open(path).close();
    copyFileSync(path, `${path}-sound`);
    writeFileSync(path, 'half of a file');
    expect(open(path).load()).toEqual(truth.state);
  });
});

describe('migration 0002', () => {
  it('brings a journal of the first form over, with everything in it', () => {
    const path = join(mkdtempSync(join(folder, 'first-')), 'journal.db');
    const database = new DatabaseSync(path);
    migrations[0]?.(database);
    const { bills, offers, receipts, attention, ...core } = truth.state;
    const put = database.prepare('INSERT INTO entities VALUES (?, ?, ?, ?, ?)');
    const event = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?)');
    const draft = { number: '1', lines: [], total: 1, currency: 'EUR' };
    const intent = { type: 'createBill', billId: 'bill_k', draft, idempotency: { key: 'k1', bodyHash: 'h1' } };
    event.run(1, 1000, 'started', JSON.stringify({ type: 'started', at: 1000 }));
    event.run(2, 2000, 'intent', JSON.stringify({ type: 'intent', intent, at: 2000 }));
    put.run('core', 'core', 1, 2, JSON.stringify({ ...core, revision: 2 }));
    for (const [kind, list] of Object.entries({ bills, offers, receipts, attention })) {
      for (const [id, body] of Object.entries(list)) put.run(kind, id, 1, 2, JSON.stringify(body));
    }
    const [ended] = truth.bills.filter(({ id }) => !(id in bills));
    put.run('bills', ended?.id ?? '', 0, 2, JSON.stringify(ended));
    const data = { spot: { status: 'open' } };
    database.prepare('INSERT INTO notices VALUES (41, 2, 2000, ?, ?)').run('spot.open', JSON.stringify(data));
    database.exec('PRAGMA user_version = 1');
    database.close();

    const journal = open(path);
    expect(journal.damage()).toBeNull();
    expect(journal.load()).toEqual({ ...truth.state, revision: 3 });
    expect(journal.bill(ended?.id ?? '')).toEqual(ended);
    expect(journal.earlier('k1')).toEqual({ billId: 'bill_k', bodyHash: 'h1' });
    expect(journal.noticesAfter(0, 10)).toEqual([{ id: 41, at: 2000, type: 'spot.open', data }]);
    expect(journal.newestNotice()).toBe(41);
    journal.close();
    const { entries, faults } = verdict(path);
    // Nothing was written since, so there is no witness yet.
    expect(faults.filter((fault) => !fault.includes('witness'))).toEqual([]);
    expect(entries).toBe(3);
  });
});
