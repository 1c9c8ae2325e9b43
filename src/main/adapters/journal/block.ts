import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { hashOf, readEntry, type StoredEntry } from './entry.ts';

/**
 * Entries that are over, many in one: compressed together they take a fiftieth of the place. Each block begins with
 * the state before its first entry, so that it can be read without any other.
 */
export interface Block {
  readonly firstRevision: number;
  readonly lastRevision: number;
  /** Milliseconds since 1970: the least and the greatest time in it (a clock may have been set back meanwhile). */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The newest notice before it, and the newest at its end. */
  readonly noticesBefore: number;
  readonly lastNotice: number;
  readonly entries: number;
  /** The hash of the entry before the first one, and that of the last. */
  readonly previous: Buffer;
  readonly hash: Buffer;
  /** SHA-256 of all the above and of what is packed. */
  readonly sum: Buffer;
  /** Null when the entries are in an archive. */
  readonly packed: Buffer | null;
}

/** What a block holds. */
export interface Unpacked {
  /** The state before the first entry, as plain data. */
  readonly state: unknown;
  readonly contents: readonly string[];
}

/** Level 12 of 22: measured with a year of payments, more costs time and saves little (docs/journal.md). */
const level = 12;

/** Packs entries that follow each other. @param state what they begin with, as plain data */
export function packed(
  entries: readonly StoredEntry[],
  before: { readonly state: unknown; readonly notice: number },
): Block {
  const [first] = entries;
  const last = entries.at(-1);
  if (!first || !last) throw new Error('A block has at least one entry.');
  const read = entries.map(({ content }) => readEntry(content));
  const times = read.map(({ at }) => at);
  const text = [JSON.stringify(before.state ?? null), ...entries.map(({ content }) => content)].join('\n');
  const block = {
    firstRevision: first.revision,
    lastRevision: last.revision,
    firstAt: Math.min(...times),
    lastAt: Math.max(...times),
    noticesBefore: before.notice,
    lastNotice: read.reduce((newest, { notices }) => notices.at(-1)?.id ?? newest, before.notice),
    entries: entries.length,
    previous: first.previous,
    hash: last.hash,
    packed: zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: level } }),
  };
  return { ...block, sum: sumOf(block, block.packed) };
}

/** SHA-256 of a block's description and of what is packed in it. */
export function sumOf(block: Omit<Block, 'sum' | 'packed'>, inside: Uint8Array): Buffer {
  const { firstRevision, lastRevision, firstAt, lastAt, noticesBefore, lastNotice, entries, previous, hash } = block;
  const numbers = [firstRevision, lastRevision, firstAt, lastAt, noticesBefore, lastNotice, entries].join(' ');
  return createHash('sha256').update(`${numbers}\n`).update(previous).update(hash).update(inside).digest();
}

/** A block is at most this large when it is unpacked, in bytes: a damaged one cannot fill the memory. */
const mostBytes = 256 * 1024 * 1024;

/** @throws when it is damaged; what is given then still has to be held against the chain */
export function unpacked({ packed: inside }: { readonly packed: Uint8Array }): Unpacked {
  const text = zstdDecompressSync(inside, { maxOutputLength: mostBytes }).toString('utf8');
  const [state = 'null', ...contents] = text.split('\n');
  return { state: JSON.parse(state) as unknown, contents };
}

/** What is wrong with a block; undefined when its entries lead from its first hash to its last. */
export function faultOf(block: Block): string | undefined {
  if (block.packed === null) return undefined;
  if (!sumOf(block, block.packed).equals(block.sum)) return 'it was altered';
  try {
    const { contents } = unpacked({ packed: block.packed });
    let hash: Buffer = block.previous;
    for (const content of contents) hash = hashOf(hash, content);
    if (contents.length !== block.entries || !hash.equals(block.hash)) return 'its entries are not those that it names';
  } catch (error) {
    return `it cannot be unpacked (${error instanceof Error ? error.message : String(error)})`;
  }
  return undefined;
}

/** A block's entries with their hashes, for building anew. @throws when it is damaged */
export function storedEntriesOf(block: Block & { readonly packed: Buffer }): readonly StoredEntry[] {
  let previous = block.previous;
  return unpacked(block).contents.map((content) => {
    const stored = { revision: readEntry(content).revision, previous, hash: hashOf(previous, content), content };
    previous = stored.hash;
    return stored;
  });
}
