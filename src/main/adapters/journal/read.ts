import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { JournalError, type LifeStep } from '../../ports/journal.ts';
import { storedEntriesOf, type Block } from './block.ts';
import { blockFault, checkHead, Damage, readTail } from './check.ts';
import { readEntry, type Entry, type StoredEntry } from './entry.ts';
import { readHead } from './head.ts';
import { isWhole, lifeSteps } from './life.ts';
import { migrations } from './migrations/index.ts';
import { asJournalError } from './open.ts';
import { partsOf } from './salvage/salvage.ts';
import { Shelf, type Gap } from './shelf.ts';
import { Story } from './story.ts';

/** An entry with its place in the chain. */
export interface ReadEntry {
  readonly entry: Entry;
  /** Hexadecimal text. */
  readonly hash: string;
}

/** What a whole look at a journal found. */
export interface Verdict {
  readonly entries: number;
  readonly blocks: number;
  /** Entries that are in archives. */
  readonly archived: number;
  readonly newest: { readonly revision: number; readonly hash: string };
  /** What is wrong, as sentences; empty when everything is as it was written. */
  readonly faults: readonly string[];
}

/** A journal that is only looked at. */
export interface JournalReader {
  /** All entries whose time is in the range, oldest first; times are milliseconds since 1970, `to` is not in it. */
  entries(range?: { readonly from?: number; readonly to?: number }): Generator<ReadEntry>;
  verify(): Verdict;
  /** The bill's id, for an id or a number of the merchant's (the newest with it); undefined when there is none. */
  findBill(name: string): string | undefined;
  /** Entries from the bill's first to its last, in order, with the states around them. */
  life(billId: string): Generator<LifeStep>;
  /** Whether part of the bill's life is in an archive. */
  isArchived(billId: string): boolean;
  close(): void;
}

/**
 * Opens a journal to look at it, also while a terminal is writing it: nothing of it is touched. A journal that is in
 * use, or was not closed, is copied first; one that is at rest is read where it is.
 * @throws JournalError when it is none, of another form, or too damaged to be opened
 */
export function readJournal(path: string): JournalReader {
  if (!existsSync(path)) {
    throw new JournalError('journal_unwritable', `There is no journal ${path}. Give the path of its file.`);
  }
  const copied = existsSync(partsOf(path).log) ? copyOf(path) : undefined;
  try {
    const database = openToRead(copied?.path ?? path, copied === undefined);
    checkForm(database, path);
    return new Reader(path, database, copied?.remove);
  } catch (error) {
    copied?.remove();
    throw asJournalError(error, path);
  }
}

/** While something is being written the copy may be torn; it is made again until nothing was. */
const copies = 20;

function copyOf(path: string): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'journal-look-'));
  const parts = partsOf(path);
  const copy = partsOf(join(folder, 'journal.db'));
  const marks = () => [parts.file, parts.log].map((each) => existsSync(each) && statSync(each).mtimeMs).join(' ');
  for (let times = 0; times < copies; times += 1) {
    const before = marks();
    for (const [from, to] of [
      [parts.file, copy.file],
      [parts.log, copy.log],
      [parts.head, copy.head],
    ] as const) {
      rmSync(to, { force: true });
      if (existsSync(from)) copyFileSync(from, to, constants.COPYFILE_FICLONE);
    }
    if (marks() === before) break;
  }
  return {
    path: copy.file,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function openToRead(path: string, atRest: boolean): DatabaseSync {
  if (!atRest) return new DatabaseSync(path);
  const address = pathToFileURL(resolve(path));
  // No lock, no file beside it: nothing is made where it lies.
  address.searchParams.set('immutable', '1');
  return new DatabaseSync(address, { readOnly: true });
}

function checkForm(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version === migrations.length) return;
  const what =
    version > migrations.length
      ? 'was written by a newer version of Spot Terminal; use the tool of that version'
      : 'is of an earlier form, or none; start the terminal once, which brings it into the present one';
  throw new JournalError('journal_newer', `The journal ${path} ${what}.`);
}

class Reader implements JournalReader {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #shelf: Shelf;
  readonly #remove: (() => void) | undefined;

  constructor(path: string, database: DatabaseSync, remove: (() => void) | undefined) {
    this.#path = path;
    this.#database = database;
    this.#shelf = new Shelf(database);
    this.#remove = remove;
  }

  *entries({ from = -Infinity, to = Infinity } = {}): Generator<ReadEntry> {
    for (const block of this.#blocks()) {
      if (!isWhole(block) || block.lastAt < from || block.firstAt >= to) continue;
      yield* inRange(storedEntriesOf(block), from, to);
    }
    yield* inRange(this.#shelf.entries(), from, to);
  }

  verify(): Verdict {
    const faults: string[] = [];
    const check = this.#database.prepare('PRAGMA integrity_check(10)').all();
    const wrong = check.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok');
    faults.push(...wrong.map((text) => `The file is damaged: ${text}.`));
    faults.push(...this.#shelf.gaps().flatMap(gapFault));
    let before: Block | undefined;
    let blocks = 0;
    let entries = 0;
    let archived = 0;
    for (const block of this.#blocks()) {
      const fault = blockFault(this.#shelf, block, before);
      if (fault !== undefined) faults.push(fault);
      if (block.packed) entries += block.entries;
      else archived += block.entries;
      blocks += 1;
      before = block;
    }
    const newest = this.#verifyTail(before, faults);
    return { entries: entries + newest.entries, blocks, archived, newest, faults };
  }

  findBill(name: string): string | undefined {
    const state = [...this.#tailStory().bills];
    const here = state.find(([id]) => id === name) ?? state.findLast(([, body]) => numberIn(body) === name);
    if (here) return here[0];
    return this.#shelf.placeOfBill(name) ? name : this.#shelf.billIds(name).at(-1);
  }

  isArchived(billId: string): boolean {
    const place = this.#shelf.placeOfBill(billId);
    return place !== undefined && [...this.#blocks(place)].some((block) => !isWhole(block));
  }

  life(billId: string): Generator<LifeStep> {
    return lifeSteps(this.#shelf, billId);
  }

  close(): void {
    this.#database.close();
    this.#remove?.();
  }

  #tailStory(): Story {
    return readTail(this.#shelf).story;
  }

  /** What a fault in the tail leaves is counted as far as it goes. */
  #verifyTail(before: Block | undefined, faults: string[]) {
    try {
      const tail = readTail(this.#shelf);
      const { head, damaged, missing } = readHead(partsOf(this.#path).head);
      if (missing) faults.push('The witness beside the journal is missing: whether its end is there cannot be told.');
      if (damaged > 0) faults.push('The witness beside the journal is damaged.');
      checkHead(this.#shelf, tail, head);
      return { entries: tail.times.length, revision: tail.revision, hash: tail.hash.toString('hex') };
    } catch (error) {
      if (!(error instanceof Damage || error instanceof SyntaxError) && !isZod(error)) throw error;
      faults.push(error.message);
      return { entries: 0, revision: before?.lastRevision ?? 0, hash: before?.hash.toString('hex') ?? '' };
    }
  }

  *#blocks(place: { readonly first: number; readonly last: number } = { first: 1, last: Infinity }): Generator<Block> {
    let block = this.#shelf.nextBlock(place.first - 1);
    while (block && block.firstRevision <= place.last) {
      yield block;
      block = this.#shelf.nextBlock(block.firstRevision);
    }
  }
}

function isZod(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ZodError';
}

/** Without doubt they are not lost, but in another file: this one is an archive. */
function gapFault({ firstRevision, lastRevision, doubt }: Gap): string[] {
  return firstRevision === 0 || !doubt ? [] : [`The entries ${firstRevision} to ${lastRevision} are lost.`];
}

function numberIn(bill: unknown): unknown {
  return (bill as { number?: unknown }).number;
}

function* inRange(stored: readonly StoredEntry[], from: number, to: number): Generator<ReadEntry> {
  for (const { content, hash } of stored) {
    const entry = readEntry(content);
    if (entry.at >= from && entry.at < to) yield { entry, hash: hash.toString('hex') };
  }
}
