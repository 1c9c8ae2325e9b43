import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { JournalError } from '../../ports/journal.ts';
import type { TerminalState } from '../../core/bill/state.ts';
import { storedEntriesOf, unpacked, type Block } from './block.ts';
import { readTail } from './check.ts';
import { readEntry } from './entry.ts';
import { HeadFile, type Head } from './head.ts';
import { asJournalError, inTransaction, openDatabase } from './open.ts';
import { readJournal } from './read.ts';
import { partsOf } from './salvage/salvage.ts';
import { monthOf, seal, toSeal } from './seal.ts';
import { Shelf } from './shelf.ts';
import { Story } from './story.ts';

/** A month that was put away. */
export interface Archived {
  /** `2026-11` */
  readonly month: string;
  readonly file: string;
  readonly entries: number;
}

/**
 * Puts whole months into files of their own, each a journal that can be verified and shown by itself. In the journal the
 * places of their blocks stay, with their hashes: the chain goes on unbroken. Only for a terminal that does not run.
 * @param before the first month that stays: `2026-11`
 * @throws JournalError; what was not put away whole and verified is still in the journal
 */
export function archiveMonths(path: string, before: string, folder: string): readonly Archived[] {
  if (!existsSync(path)) {
    throw new JournalError('journal_unwritable', `There is no journal ${path}. Give the path of its file.`);
  }
  const { database } = openDatabase(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const shelf = new Shelf(database);
    for (let count = toSeal(readTail(shelf).times); count > 0; count = toSeal(readTail(shelf).times)) {
      inTransaction(database, () => {
        seal(shelf, count);
      });
    }
    const done: Archived[] = [];
    for (const [month, blocks] of monthsOf(shelf, before)) {
      const file = join(folder, `journal-${month}.db`);
      writeArchive(file, blocks);
      inTransaction(database, () => {
        for (const { firstRevision } of blocks) shelf.removePacked(firstRevision);
      });
      done.push({ month, file, entries: blocks.reduce((sum, { entries }) => sum + entries, 0) });
    }
    if (done.length > 0) database.exec('VACUUM');
    return done;
  } catch (error) {
    throw asJournalError(error, path);
  } finally {
    database.close();
  }
}

type WholeBlock = Block & { readonly packed: Buffer };

function monthsOf(shelf: Shelf, before: string): ReadonlyMap<string, readonly WholeBlock[]> {
  const months = new Map<string, WholeBlock[]>();
  for (let block = shelf.nextBlock(0); block; block = shelf.nextBlock(block.firstRevision)) {
    const month = monthOf(block.firstAt);
    if (month >= before || block.packed === null) continue;
    const blocks = months.get(month) ?? [];
    blocks.push({ ...block, packed: block.packed });
    months.set(month, blocks);
  }
  return months;
}

function writeArchive(file: string, blocks: readonly WholeBlock[]): void {
  if (existsSync(file)) {
    throw new JournalError('journal_unwritable', `There is an archive ${file} already. Choose another folder.`);
  }
  const { database } = openDatabase(file);
  try {
    const shelf = new Shelf(database);
    const head = inTransaction(database, () => fill(shelf, blocks));
    const witness = new HeadFile(partsOf(file).head);
    witness.tell(head);
    witness.close();
  } finally {
    database.close();
  }
  const archive = readJournal(file);
  try {
    const { faults } = archive.verify();
    if (faults.length > 0)
      throw new JournalError('journal_damaged', `The archive ${file} is damaged: ${faults.join(' ')}`);
  } finally {
    archive.close();
  }
}

function fill(shelf: Shelf, blocks: readonly WholeBlock[]): Head {
  let revision = 0;
  let head: Head = { revision, hash: '', effectsMade: 0, receiptsMade: 0, notices: 0 };
  for (const block of blocks) {
    // What lies between is in other files.
    if (block.firstRevision > revision + 1) {
      shelf.addGap({ firstRevision: revision + 1, lastRevision: block.firstRevision - 1, doubt: false });
    }
    const story = new Story(unpacked(block).state);
    for (const { content } of storedEntriesOf(block)) story.add(readEntry(content));
    shelf.addBlock(block, story);
    shelf.setCheckpoint({
      revision: block.lastRevision,
      notice: block.lastNotice,
      hash: block.hash,
      state: JSON.stringify(story.state ?? null),
    });
    revision = block.lastRevision;
    const { effectsMade, receiptsMade } = story.state as TerminalState;
    head = { revision, hash: block.hash.toString('hex'), effectsMade, receiptsMade, notices: block.lastNotice };
  }
  shelf.tellGaps();
  return head;
}
