import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { truthOf, type Truth } from '../journal/cases.ts';
import { copyJournal, recorded } from '../journal/recorded.ts';

/** The tool as a technician runs it, on the journal of a real terminal's hour. */

const program = fileURLToPath(new URL('../../scripts/journal.ts', import.meta.url));
let folder: string;
let truth: Truth;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'journal-tool-'));
  const { path } = await recorded({ seed: 5, salesAnHour: 60, hours: 1, into: folder });
  truth = truthOf(path, join(folder, 'truth'));
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly complaint: string;
}

function run(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [program, ...args], options, (error, output, complaint) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output, complaint });
    });
  });
}

function copy(): string {
  const path = join(mkdtempSync(join(folder, 'copy-')), 'journal.db');
  copyJournal(truth.path, path);
  return path;
}

const paid = () => {
  const bill = truth.bills.find(({ status }) => status.name === 'paid');
  if (bill?.status.name !== 'paid') throw new Error('Nothing was paid.');
  return { bill, status: bill.status };
};

describe('verify', () => {
  it('says that everything is as it was written, while a terminal is writing it, and touches nothing', async () => {
    const path = copy();
    const journal = openJournal(path);
    onTestFinished(() => {
      journal.close();
    });
    const before = readdirSync(join(path, '..'));
    const { code, output } = await run('verify', path);
    expect(output).toContain(`${truth.hashes.size} entries`);
    expect(output).toContain('Everything is as it was written.');
    expect(code).toBe(0);
    expect(readdirSync(join(path, '..'))).toEqual(before);
  });

  it('says what is wrong, and ends with 1', async () => {
    const path = copy();
    const database = new DatabaseSync(path);
    database.exec('UPDATE entries SET hash = zeroblob(32) WHERE revision = (SELECT min(revision) FROM entries)');
    database.close();
    const { code, output } = await run('verify', path);
    expect(output).toMatch(/Entry \d+ was altered|does not follow/);
    expect(code).toBe(1);
  });
});

describe('show', () => {
  it('tells the whole life of a bill, by its number and by its id', async () => {
    const { bill, status } = paid();
    const byNumber = await run('show', copy(), bill.number);
    expect(byNumber.code).toBe(0);
    for (const part of [
      'Staff: createBill.',
      'asks: Paysera to make a transaction',
      `transaction ${status.transactionKey ?? ''}`,
      'offer',
      '-> confirming',
      'asks: Paysera: confirm',
      '-> paid by wallet',
      `receipt ${status.receiptNumber ?? 0}: checkingPrinter`,
      '-> printed',
      `Bill ${bill.number} (${bill.id})`,
      'Lunch',
    ]) {
      expect(byNumber.output).toContain(part);
    }
    expect((await run('show', copy(), bill.id)).output).toBe(byNumber.output);
  });

  it('says when there is no such bill', async () => {
    const { code, output } = await run('show', copy(), 'B-none');
    expect(output).toContain('There is no bill B-none');
    expect(code).toBe(1);
  });
});

describe('export', () => {
  it('gives every entry with its hash, in order', async () => {
    const { output } = await run('export', copy());
    const lines = output.trim().split('\n');
    const read = lines.map((line) => JSON.parse(line) as { revision: number; hash: string });
    expect(new Map(read.map(({ revision, hash }) => [revision, hash]))).toEqual(truth.hashes);
  });

  it('gives only the days that were asked for', async () => {
    const before = await run('export', copy(), '--to', '2026-11-01');
    expect(before.output).toBe('');
    const after = await run('export', copy(), '--from', '2026-11-01');
    expect(after.output.trim().split('\n')).toHaveLength(truth.hashes.size);
  });

  it('gives a table for a spreadsheet, with every payment, in which nothing is a formula', async () => {
    const { output } = await run('export', copy(), '--format', 'csv');
    const [head = '', ...lines] = output.trim().split('\n');
    expect(head.split(',').slice(0, 3)).toEqual(['revision', 'time', 'event']);
    const { bill, status } = paid();
    const line = lines.find((each) => each.includes('bill.paid') && each.includes(bill.id)) ?? '';
    expect(line).toContain(`,wallet,${status.transactionKey ?? ''},${status.receiptNumber ?? 0},`);
    expect(lines.filter((each) => /(^|,)[=+@-]/.test(each))).toEqual([]);
  });
});

describe('archive', () => {
  it('puts a month away, and leaves the chain unbroken on both sides', async () => {
    const path = copy();
    openJournal(path).close();
    const into = join(path, '..', 'archive');
    const done = await run('archive', path, '--before', '2027-01', '--to', into);
    expect(done).toMatchObject({ code: 0, complaint: '' });
    expect(done.output).toContain('2026-11:');
    const [file = ''] = readdirSync(into).filter((name) => name.endsWith('.db'));
    const archive = await run('verify', join(into, file));
    expect(archive).toMatchObject({ code: 0, complaint: '' });
    const left = await run('verify', path);
    expect(left.output).toContain('more entries in archives');
    expect(left.code).toBe(0);

    const { bill } = paid();
    expect((await run('show', join(into, file), bill.id)).output).toContain('paid by wallet');
    expect((await run('show', path, bill.id)).output).toContain('in an archive');
    // The terminal goes on with it, and still gives what it is working on.
    const journal = openJournal(path);
    expect(journal.damage()).toBeNull();
    expect(journal.load()).toEqual(truth.state);
    expect(journal.bill(bill.id)).toBeNull();
    journal.close();
    const again = await run('archive', path, '--before', '2027-01', '--to', into);
    expect(again.output).toContain('Nothing was changed');
  });

  it('is refused while a terminal is running', async () => {
    const path = copy();
    const journal = openJournal(path);
    onTestFinished(() => {
      journal.close();
    });
    const { code, complaint } = await run('archive', path, '--before', '2027-01', '--to', join(path, '..', 'archive'));
    expect(complaint).toContain('Another terminal is running');
    expect(code).toBe(1);
  });
});

it.each([
  [['--help'], 0, 'verify FILE'],
  [[], 2, 'verify FILE'],
  [['verify'], 2, 'Give the path of a journal.'],
  [['verify', '/nowhere/journal.db'], 1, 'There is no journal'],
  [['show', program], 2, 'Give the number'],
  [['export', program, '--from', 'yesterday'], 2, 'is no day'],
  [['export', program, '--format', 'xml'], 2, 'jsonl or csv'],
  [['archive', program, '--to', '/tmp'], 2, '--before takes'],
  [['dance', program], 2, 'no command dance'],
  [['verify', program], 1, 'damaged'],
])('is clear when it is asked %j', async (args, code, text) => {
  const ended = await run(...args);
  expect(ended.output + ended.complaint).toContain(text);
  expect(ended.code).toBe(code);
});
