import { z } from 'zod';
import { faultOf, type Block } from '../block.ts';
import { isTrue, readEntry, type StoredEntry } from '../entry.ts';
import { sumOfCheckpoint, type Checkpoint } from '../shelf.ts';
import { rowsOf, type Pages, type Row, type Value } from './pages.ts';

/** Everything of a damaged journal that proves by its own hash that it is sound. */
export interface Gathered {
  readonly entries: ReadonlyMap<number, StoredEntry>;
  readonly blocks: ReadonlyMap<number, Block>;
  /** By the hash of the entry at which they stand, as hexadecimal text. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
}

/** Looks at every row that can be read; what does not prove itself is not believed. */
export function gather(pages: Pages): Gathered {
  const entries = new Map<number, StoredEntry>();
  const blocks = new Map<number, Block>();
  const checkpoints = new Map<string, Checkpoint>();
  for (const row of rowsOf(pages)) {
    const entry = entryOf(row);
    if (entry) entries.set(entry.revision, entry);
    const block = blockOf(row);
    // A block that was archived later has a stub beside it on pages that are free again: the whole one says more.
    if (block && !blocks.get(block.firstRevision)?.packed) blocks.set(block.firstRevision, block);
    const checkpoint = checkpointOf(row);
    if (checkpoint) checkpoints.set(checkpoint.hash.toString('hex'), checkpoint);
  }
  return { entries, blocks, checkpoints };
}

const isNumber = (value: Value | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value);
const isHash = (value: unknown): value is Buffer => Buffer.isBuffer(value) && value.length === 32;

const number = z.int();
const bytes = z.custom<Buffer>((value) => Buffer.isBuffer(value));
const hash = z.custom<Buffer>(isHash);
const blockValues = z.tuple([number, number, number, number, number, number, hash, hash, hash, bytes.nullable()]);

function entryOf({ rowid, values }: Row): StoredEntry | undefined {
  const [key, previous, hash, content] = values;
  if (values.length !== 4 || key !== null || !isHash(previous) || !isHash(hash) || typeof content !== 'string') {
    return undefined;
  }
  const entry = { revision: rowid, previous, hash, content };
  return isTrue(entry) && readsAs(entry) ? entry : undefined;
}

/** The revision is inside the content too, which the hash covers. */
function readsAs({ revision, content }: StoredEntry): boolean {
  try {
    return readEntry(content).revision === revision;
  } catch {
    return false;
  }
}

function blockOf({ rowid, values }: Row): Block | undefined {
  const [key, ...rest] = values;
  if (values.length !== 11 || key !== null) return undefined;
  const read = blockValues.safeParse(rest.map(asNumber));
  if (!read.success) return undefined;
  const [lastRevision, firstAt, lastAt, noticesBefore, lastNotice, entries, previous, hash, sum, packed] = read.data;
  const described = { firstRevision: rowid, lastRevision, firstAt, lastAt, noticesBefore, lastNotice, entries };
  const block: Block = { ...described, previous, hash, sum, packed };
  return faultOf(block) === undefined ? block : undefined;
}

function checkpointOf({ values }: Row): Checkpoint | undefined {
  const [key, revision, notice, hash, state, sum] = values.map(asNumber);
  if (values.length !== 6 || (key !== null && key !== 1)) return undefined;
  if (!isNumber(revision) || !isNumber(notice) || !isHash(hash) || typeof state !== 'string' || !isHash(sum)) {
    return undefined;
  }
  const checkpoint = { revision, notice, hash, state };
  return sumOfCheckpoint(checkpoint).equals(sum) ? checkpoint : undefined;
}

function asNumber(value: Value): Value {
  return typeof value === 'bigint' ? Number(value) : value;
}
