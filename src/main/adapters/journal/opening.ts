import type { DatabaseSync } from 'node:sqlite';
import type { JournalDamage } from '../../core/bill/event.ts';
import type { TerminalState } from '../../core/bill/state.ts';
import type { JournalError } from '../../ports/journal.ts';
import { blockFault, checkHead, Damage, readTail, type Tail } from './check.ts';
import { readHead, type Head, type HeadRead } from './head.ts';
import { asJournalError, damaged, openDatabase } from './open.ts';
import { forgetLog, keepLog, partsOf, salvage, takePlace } from './salvage/salvage.ts';
import { isState } from './schema.ts';
import { Shelf, type Gap } from './shelf.ts';

/** A journal that was opened and found sound, or made sound. */
export interface Opened {
  readonly database: DatabaseSync;
  readonly shelf: Shelf;
  readonly tail: Tail;
  /** The witness beside it; undefined for a journal in memory. */
  readonly head: HeadRead | undefined;
  readonly damage: JournalDamage | null;
}

/**
 * Opens a journal; a damaged one is built anew from everything sound in it first.
 * @param now milliseconds since 1970
 * @throws JournalError
 */
export function openOrSave(path: string, now: () => number): Opened {
  if (path === ':memory:') return guarded(path, () => openSound(path, undefined));
  guarded(path, () => {
    takePlace(path);
    keepLog(path);
  });
  let opened: Opened;
  try {
    opened = openSound(path, readHead(partsOf(path).head));
  } catch (error) {
    const problem = asJournalError(error, path);
    if (problem.code !== 'journal_damaged') throw problem;
    const keptIn = save(path, now, problem);
    const again = guarded(path, () => openSound(path, readHead(partsOf(path).head)));
    opened = { ...again, damage: again.damage && { ...again.damage, keptIn } };
  }
  guarded(path, () => {
    forgetLog(path);
  });
  return opened;
}

function guarded<Result>(path: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw asJournalError(error, path);
  }
}

function save(path: string, now: () => number, problem: JournalError): string {
  const keptIn = guarded(path, () => salvage(path, now()));
  if (keptIn === undefined) throw damaged(path, problem.cause);
  return keptIn;
}

/** A journal of few blocks is checked whole at each opening; of more, the newest ones, and the others one by one later. */
const fewBlocks = 8;
const newestBlocks = 2;

/** Opens a journal and holds its newest part against everything that proves it. @throws JournalError, Damage, ZodError */
function openSound(path: string, head: HeadRead | undefined): Opened {
  const { database, migrated } = openDatabase(path);
  try {
    const shelf = new Shelf(database);
    const tail = readTail(shelf);
    checkHead(shelf, tail, head?.head ?? null);
    checkNewestBlocks(shelf);
    if (tail.story.state !== null && !isState(tail.story.state)) throw new Damage('The state is none.');
    const untold = shelf.gaps().filter(({ told }) => !told);
    const told = untold.length === 0 && (!head || isWhole(head, tail.revision > 0 && !migrated));
    const damage = told ? null : damageOf(tail, head?.head ?? null, untold);
    return { database, shelf, tail, head, damage };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @param expected whether the journal was written with a witness beside it */
function isWhole({ head, damaged: places }: HeadRead, expected: boolean): boolean {
  return places === 0 && (head !== null || !expected);
}

function checkNewestBlocks(shelf: Shelf): void {
  const count = shelf.blockCount <= fewBlocks ? fewBlocks : newestBlocks;
  const blocks = shelf.newestBlocks(count + 1);
  for (const [index, block] of blocks.slice(0, count).entries()) {
    const fault = blockFault(shelf, block, blocks[index + 1]);
    if (fault !== undefined) throw new Damage(fault);
  }
}

/** Counters that nobody knows any more go on so much further, so that no number is given twice. */
const unknownCounters = { revision: 1_000_000, effectsMade: 10_000, receiptsMade: 1000 };
const nothingMade = { revision: 0, effectsMade: 0, receiptsMade: 0 };

function damageOf(tail: Tail, head: Head | null, untold: readonly Gap[]): JournalDamage {
  const gaps = untold.filter(({ firstRevision }) => firstRevision > 0);
  const doubt = untold.some((gap) => gap.doubt);
  const known = head ?? nothingMade;
  const further = head || !doubt ? nothingMade : unknownCounters;
  const made = { ...nothingMade, ...(tail.story.state as TerminalState | null) };
  return {
    gaps: gaps.map(({ firstRevision, lastRevision }) => ({ first: firstRevision, last: lastRevision })),
    doubt,
    revision: Math.max(known.revision, tail.revision + further.revision),
    effectsMade: Math.max(known.effectsMade, made.effectsMade + further.effectsMade),
    receiptsMade: Math.max(known.receiptsMade, made.receiptsMade + further.receiptsMade),
    keptIn: null,
  };
}
