import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../../src/main/adapters/journal/journal.ts';
import { readJournal } from '../../../src/main/adapters/journal/read.ts';
import type { Happening } from '../../../src/main/core/bill/event.ts';
import type { LinkEvent } from '../../../src/main/core/link/link.ts';
import { keepJournal } from '../../../src/main/terminal/journal-keeper.ts';
import { keepingLog } from '../../fakes/log.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { copyJournal, recorded } from '../../journal/recorded.ts';

/** A journal with more blocks than are checked when it is opened. */
let folder: string;
let path: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keeper-'));
  ({ path } = await recorded({ seed: 2, salesAnHour: 60, hours: 8, into: folder }));
  openJournal(path).close();
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function keep(change?: string) {
  const copy = join(mkdtempSync(join(folder, 'copy-')), 'journal.db');
  copyJournal(path, copy);
  if (change !== undefined) {
    const database = new DatabaseSync(copy);
    database.exec(change);
    database.close();
  }
  const journal = openJournal(copy);
  const clock = new VirtualClock();
  const log = keepingLog();
  const happened: Happening[] = [];
  const links: LinkEvent[] = [];
  const stop = keepJournal({
    journal,
    clock,
    log,
    dispatch: (happening) => happened.push(happening),
    onLink: (event) => links.push(event),
  });
  onTestFinished(() => {
    stop();
    expect(clock.pending).toBe(0);
    journal.close();
  });
  return { journal, clock, log, happened, links, copy };
}

function blocksIn(copy: string): number {
  const reader = readJournal(copy);
  const { blocks, faults } = reader.verify();
  reader.close();
  expect(faults).toEqual([]);
  return blocks;
}

it('checks everything that was packed, a block at a time, and says nothing when it is sound', async () => {
  const { clock, happened, log, links, copy } = keep();
  expect(blocksIn(copy)).toBeGreaterThan(8);
  await clock.advance(20 * 10_000);
  expect([happened, log.lines, links]).toEqual([[], [], []]);
});

it('finds damage in the past that the start did not look for, and tells of it', async () => {
  const { journal, clock, happened, log } = keep(
    'UPDATE blocks SET packed = zeroblob(5000) WHERE first_revision = (SELECT min(first_revision) FROM blocks)',
  );
  // What the terminal works with is not touched by it.
  expect(journal.damage()).toBeNull();
  await clock.advance(10_000);
  expect(happened).toEqual([
    {
      type: 'journalFaultFound',
      message: expect.stringMatching(/^The entries 1 to \d+ are damaged: it was altered\.$/),
    },
  ]);
  expect(log.lines.map(({ level }) => level)).toEqual(['error']);
});

it('rests for a day after it has looked at everything', async () => {
  const { journal, clock } = keep();
  let checked = 0;
  const { checkNext } = journal;
  Object.assign(journal, {
    checkNext: () => {
      checked += 1;
      return checkNext();
    },
  });
  await clock.advance(40 * 10_000);
  const once = checked;
  await clock.advance(12 * 3_600_000);
  expect(checked).toBe(once);
  await clock.advance(12 * 3_600_000);
  expect(checked).toBeGreaterThan(once);
});
