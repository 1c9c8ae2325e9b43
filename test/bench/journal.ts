import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { lifeOf } from '../../src/main/admin/life.ts';
import { packed, unpacked, type Block } from '../../src/main/adapters/journal/block.ts';
import { beginning, hashOf, readEntry, type StoredEntry } from '../../src/main/adapters/journal/entry.ts';
import { HeadFile } from '../../src/main/adapters/journal/head.ts';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { inTransaction, openDatabase } from '../../src/main/adapters/journal/open.ts';
import { readJournal } from '../../src/main/adapters/journal/read.ts';
import { Shelf } from '../../src/main/adapters/journal/shelf.ts';
import { Story } from '../../src/main/adapters/journal/story.ts';
import { decide, newState } from '../../src/main/core/bill/decide.ts';
import type { TerminalState } from '../../src/main/core/bill/state.ts';
import { chanceFrom } from '../../sandbox/world/chance.ts';
import { recorded } from '../journal/recorded.ts';
import { settings } from '../main/core/bill/world.ts';
import { row, tableOf } from './figures.ts';

/**
 * `npm run bench:journal`: a journal with a year of payments. One day of the real terminal is recorded in simulated time;
 * its blocks are then written again and again with other ids, keys and times, through the terminal's own packing.
 */

const { values } = parseArgs({
  options: {
    bills: { type: 'string', default: '200000' },
    keep: { type: 'string' },
    runs: { type: 'string', default: '7' },
  },
});
const wanted = Number(values.bills);
const runs = Number(values.runs);

/** What differs from one day to the next: random ids and keys, and when. Numbers that count go on by themselves. */
const randomName = /(?<=(?:bill|offer)_)[0-9a-z]+|(?<=")[A-Za-z0-9]{32}(?=")/g;
/** In the recording ids are shorter than those of a real terminal, which have twenty digits. */
const billDigits = 20;
const dayMs = 24 * 3_600_000;

/** Writes a recorded day's blocks as those of another day. */
class Multiplier {
  readonly #chance: () => number;
  readonly #names = new Map<string, string>();
  readonly #day: number;
  readonly #revisions: number;
  readonly #receipts: number;

  constructor(day: number, { revisions, receipts }: { revisions: number; receipts: number }) {
    this.#day = day;
    this.#revisions = day * revisions;
    this.#receipts = day * receipts;
    this.#chance = chanceFrom(1000 + day);
  }

  text(text: string): string {
    return text
      .replace(randomName, (name) => this.#other(name))
      .replace(/"B(\d+)/g, (_, number: string) => `"2026-${this.#day}-${number}`)
      .replace(/(?<=[":[ ,])1[78]\d{11}(?=[,}\]])/g, (at) => String(Number(at) + this.#day * dayMs))
      .replace(
        /"(revision|asOf|since)":(\[?)(\d{1,7})(?=[,}\]])/g,
        (_, name: string, list: string, number: string) => `"${name}":${list}${Number(number) + this.#revisions}`,
      )
      .replace(
        /"(receiptNumber|number|receiptsMade)":(\[?)(\d{1,6})(?=[,}\]])/g,
        (_, name: string, list: string, number: string) => `"${name}":${list}${Number(number) + this.#receipts}`,
      )
      .replace(/"(\d{1,6})":(?=[[{])/g, (_, number: string) => `"${Number(number) + this.#receipts}":`);
  }

  #other(name: string): string {
    let other = this.#names.get(name) ?? '';
    const isKey = name.length === 32;
    const letters = isKey ? 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz023456789' : '0123456789abcdef';
    while (other.length < (isKey ? name.length : billDigits)) {
      other += letters[Math.floor(this.#chance() * letters.length)] ?? '0';
    }
    this.#names.set(name, other);
    return other;
  }
}

/** A day's blocks, with what they hold. */
interface RecordedDay {
  readonly blocks: readonly { readonly state: unknown; readonly contents: readonly string[] }[];
  readonly bills: number;
  readonly revisions: number;
  readonly receipts: number;
}

async function recordDay(folder: string): Promise<RecordedDay> {
  mkdirSync(folder);
  const { path, state } = await recorded({ seed: 11, salesAnHour: 55, hours: 10, into: folder });
  const journal = openJournal(path, { reserveBytes: 0 });
  while (journal.tidy());
  journal.close();
  const database = new DatabaseSync(path);
  const shelf = new Shelf(database);
  const blocks = [...blocksOf(shelf)].map((block) => unpacked({ packed: block.packed ?? Buffer.alloc(0) }));
  database.close();
  if (blocks.length === 0) throw new Error('Nothing was recorded.');
  const revisions = blocks.reduce((sum, { contents }) => sum + contents.length, 0);
  const bills = new Set(
    blocks.flatMap(({ contents }) => contents.flatMap((text) => text.match(/bill_[0-9a-z]+/g) ?? [])),
  );
  return { blocks, bills: bills.size, revisions, receipts: state.receiptsMade };
}

function* blocksOf(shelf: Shelf): Generator<Block> {
  for (let block = shelf.nextBlock(0); block; block = shelf.nextBlock(block.firstRevision)) yield block;
}

/** Writes a journal of that many bills; gives the ids of some of them. */
function multiply(path: string, day: RecordedDay): { bills: number; entries: number; some: readonly string[] } {
  const { database } = openDatabase(path);
  database.exec('PRAGMA synchronous = OFF');
  const shelf = new Shelf(database);
  let previous: Buffer = beginning;
  let [revision, notice, bills] = [0, 0, 0];
  let state: unknown = null;
  const some: string[] = [];
  for (let count = 0; bills < wanted; count += 1) {
    const other = new Multiplier(count, day);
    inTransaction(database, () => {
      for (const block of day.blocks) {
        const before = JSON.parse(other.text(JSON.stringify(block.state))) as unknown;
        const entries = block.contents.map((content): StoredEntry => {
          const entry = readEntry(other.text(content));
          revision += 1;
          const notices = entry.notices.map((each) => ({ ...each, id: (notice += 1) }));
          const text = JSON.stringify({ ...entry, revision, notices });
          const stored = { revision, previous, hash: hashOf(previous, text), content: text };
          previous = stored.hash;
          return stored;
        });
        const notices = entries.reduce((sum, { content }) => sum + readEntry(content).notices.length, 0);
        const made = packed(entries, { state: before, notice: notice - notices });
        const story = new Story(before);
        for (const { content } of entries) story.add(readEntry(content));
        shelf.addBlock(made, story);
        state = story.state;
        const [id] = story.bills.keys();
        if (count % 10 === 0 && id !== undefined) some.push(id);
      }
    });
    bills += day.bills;
    if (process.stderr.isTTY) process.stderr.write(`\r${bills} bills`);
  }
  const sound = { ...(state as TerminalState), revision };
  shelf.setCheckpoint({ revision, notice, hash: previous, state: JSON.stringify(sound) });
  database.exec('PRAGMA synchronous = FULL');
  database.close();
  const head = new HeadFile(`${path}-head`);
  const { effectsMade, receiptsMade } = sound;
  head.tell({ revision, hash: previous.toString('hex'), effectsMade, receiptsMade, notices: notice });
  head.close();
  return { bills, entries: revision, some };
}

const timed = (act: () => unknown): number => {
  const begun = performance.now();
  act();
  return performance.now() - begun;
};

/** Opens a journal as a start does, and loads the state: milliseconds each. */
function starts(path: string): number[] {
  return Array.from({ length: runs }, () => {
    let journal: ReturnType<typeof openJournal> | undefined;
    const took = timed(() => {
      journal = openJournal(path);
      journal.load();
    });
    journal?.close();
    return took;
  });
}

function lives(path: string, ids: readonly string[]): { took: number[]; lines: number[] } {
  const reader = readJournal(path);
  const lines: number[] = [];
  const took = ids.map((id) => timed(() => lines.push([...lifeOf(id, reader.life(id))].length)));
  reader.close();
  return { took, lines };
}

/** Commits of ticks that change the state, a second: each durable. */
function commitsASecond(folder: string): number[] {
  return Array.from({ length: runs }, (_, index) => {
    const journal = openJournal(join(folder, `commits-${index}.db`));
    let before: TerminalState | null = null;
    let state = decide(newState(settings, 0), { type: 'started', settings, at: 0 }).state;
    const count = 1000;
    const took = timed(() => {
      for (let each = 0; each < count; each += 1) {
        journal.commit({ event: { type: 'tick', at: each }, before, state, effects: [], notices: [] });
        before = state;
        state = { ...state, revision: state.revision + 1, effectsMade: each };
      }
    });
    journal.close();
    return (count / took) * 1000;
  });
}

/** Milliseconds for packing a full tail of a real day's entries. */
function sealings(folder: string, day: RecordedDay): number[] {
  const { database } = openDatabase(join(folder, 'sealing.db'));
  const shelf = new Shelf(database);
  const took = day.blocks.slice(0, runs).map(({ state, contents }) => {
    let previous: Buffer = beginning;
    const entries = contents.map((content) => {
      const stored = { revision: readEntry(content).revision, previous, hash: hashOf(previous, content), content };
      previous = stored.hash;
      return stored;
    });
    return timed(() => {
      inTransaction(database, () => {
        const story = new Story(state);
        for (const { content } of entries) story.add(readEntry(content));
        shelf.addBlock(packed(entries, { state, notice: 0 }), story);
      });
    });
  });
  database.close();
  return took;
}

async function main(): Promise<void> {
  const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'bench-journal-'));
  mkdirSync(folder, { recursive: true });
  try {
    const day = await recordDay(join(folder, 'day'));
    const year = join(folder, 'year.db');
    const building = performance.now();
    const { bills, entries, some } = multiply(year, day);
    const seconds = ((performance.now() - building) / 1000).toFixed(0);
    const empty = join(folder, 'empty.db');
    openJournal(empty).close();
    const megabytes = statSync(year).size / 1e6;
    const without = starts(empty);
    const withYear = starts(year);
    const { took, lines } = lives(year, some);
    process.stdout.write(
      `A day of ${day.bills} bills in ${day.revisions} entries, written ${Math.round(entries / day.revisions)} times in ` +
        `${seconds} s: ${bills} bills, ${entries} entries, ${megabytes.toFixed(1)} MB, ` +
        `${((megabytes * 1e6) / bills).toFixed(0)} bytes a bill. Lives of ${lines.length} bills, ` +
        `${Math.min(...lines)} to ${Math.max(...lines)} lines.\n\n`,
    );
    const milliseconds = { unit: 'ms', digits: 1 };
    const rows = [
      row(`file of ${bills} bills`, '200 MB', [megabytes], { unit: 'MB', digits: 1 }),
      row('opening and loading an empty journal', '', without, milliseconds),
      row('opening and loading a year', 'empty + 300 ms', withYear, milliseconds),
      row('life of a bill', '100 ms', took, milliseconds),
      row('packing 512 entries', '', sealings(folder, day), milliseconds),
      row('durable commits a second', '', commitsASecond(folder), { unit: '' }),
    ];
    process.stdout.write(`${tableOf(rows)}\n`);
  } finally {
    if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

await main();
