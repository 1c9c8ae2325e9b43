import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Block } from './block.ts';
import { beginning, type StoredEntry } from './entry.ts';
import type { Story } from './story.ts';

/** The state at the end of the newest block, and where the chain stood. */
export interface Checkpoint {
  readonly revision: number;
  readonly notice: number;
  readonly hash: Buffer;
  /** As JSON. */
  readonly state: string;
}

/**
 * Entries that are not here; 0 to 0 stands for damage that cost none. `doubt`: they are lost, and what is true now may be
 * missing with them; without doubt they are in another file (archive.ts).
 * `told` when a later entry says so.
 */
export interface Gap {
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly doubt: boolean;
  readonly told: boolean;
}

const bytes = z.instanceof(Uint8Array).transform((value) => Buffer.from(value.buffer, value.byteOffset, value.length));
const entryRow = z.object({ revision: z.int(), previous: bytes, hash: bytes, content: z.string() });
const blockRow = z
  .object({
    first_revision: z.int(),
    last_revision: z.int(),
    first_at: z.int(),
    last_at: z.int(),
    notices_before: z.int(),
    last_notice: z.int(),
    entries: z.int(),
    previous: bytes,
    hash: bytes,
    sum: bytes,
    packed: bytes.nullable(),
  })
  .transform((row): Block => ({
    firstRevision: row.first_revision,
    lastRevision: row.last_revision,
    firstAt: row.first_at,
    lastAt: row.last_at,
    noticesBefore: row.notices_before,
    lastNotice: row.last_notice,
    entries: row.entries,
    previous: row.previous,
    hash: row.hash,
    sum: row.sum,
    packed: row.packed,
  }));
const checkpointRow = z.object({ revision: z.int(), notice: z.int(), hash: bytes, state: z.string(), sum: bytes });
const gapRow = z
  .object({ first_revision: z.int(), last_revision: z.int(), doubt: z.int(), told: z.int() })
  .transform((row): Gap => ({
    firstRevision: row.first_revision,
    lastRevision: row.last_revision,
    doubt: row.doubt === 1,
    told: row.told === 1,
  }));
const placeRow = z.object({ first_block: z.int(), last_block: z.int() });

function statements(database: DatabaseSync) {
  const sql = (text: string): StatementSync => database.prepare(text);
  return {
    addEntry: sql('INSERT INTO entries (revision, previous, hash, content) VALUES (?, ?, ?, ?)'),
    entries: sql('SELECT revision, previous, hash, content FROM entries ORDER BY revision LIMIT ?'),
    removeEntries: sql('DELETE FROM entries WHERE revision <= ?'),
    addBlock: sql('INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    block: sql('SELECT * FROM blocks WHERE first_revision = ?'),
    newestBlocks: sql('SELECT * FROM blocks ORDER BY first_revision DESC LIMIT ?'),
    nextBlock: sql('SELECT * FROM blocks WHERE first_revision > ? ORDER BY first_revision LIMIT 1'),
    countBlocks: sql('SELECT count(*) AS count FROM blocks'),
    blockOfNotice: sql('SELECT * FROM blocks WHERE last_notice > ? ORDER BY first_revision LIMIT 1'),
    removePacked: sql('UPDATE blocks SET packed = NULL WHERE first_revision = ?'),
    checkpoint: sql('SELECT revision, notice, hash, state, sum FROM checkpoint WHERE id = 1'),
    setCheckpoint: sql('INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?, ?, ?, ?)'),
    bill: sql('SELECT first_block, last_block FROM bills WHERE id = ?'),
    billIds: sql('SELECT id FROM bills WHERE number = ? ORDER BY first_block'),
    setBill: sql(
      'INSERT INTO bills VALUES (?, ?, ?, ?) ' +
        'ON CONFLICT (id) DO UPDATE SET number = excluded.number, last_block = excluded.last_block',
    ),
    receipt: sql('SELECT block FROM receipts WHERE number = ?'),
    setReceipt: sql('INSERT OR REPLACE INTO receipts VALUES (?, ?)'),
    key: sql('SELECT block FROM idempotency_blocks WHERE hash = ?'),
    setKey: sql('INSERT OR IGNORE INTO idempotency_blocks VALUES (?, ?)'),
    removeKeys: sql('DELETE FROM idempotency_blocks WHERE block = ?'),
    gaps: sql('SELECT first_revision, last_revision, doubt, told FROM gaps ORDER BY first_revision'),
    addGap: sql('INSERT OR REPLACE INTO gaps VALUES (?, ?, ?, 0)'),
    tellGaps: sql('UPDATE gaps SET told = 1 WHERE told = 0'),
  };
}

/** The rows of the journal's file, parsed: what does not fit is damage (`ZodError`). */
export class Shelf {
  readonly #sql: ReturnType<typeof statements>;

  constructor(database: DatabaseSync) {
    this.#sql = statements(database);
  }

  /** The entries that are not in a block yet, oldest first, at most `limit`. */
  entries(limit = -1): readonly StoredEntry[] {
    return this.#sql.entries.all(limit).map((row) => entryRow.parse(row));
  }

  addEntry({ revision, previous, hash, content }: StoredEntry): void {
    this.#sql.addEntry.run(revision, previous, hash, content);
  }

  /** Null when no block was made yet. @throws Error when it was altered */
  checkpoint(): Checkpoint | null {
    const row = this.#sql.checkpoint.get();
    if (!row) return null;
    const { sum, ...checkpoint } = checkpointRow.parse(row);
    if (!sumOfCheckpoint(checkpoint).equals(sum)) throw new SyntaxError('The checkpoint was altered.');
    return checkpoint;
  }

  setCheckpoint(checkpoint: Checkpoint): void {
    const { revision, notice, hash, state } = checkpoint;
    this.#sql.setCheckpoint.run(revision, notice, hash, state, sumOfCheckpoint(checkpoint));
  }

  block(firstRevision: number): Block | undefined {
    const row = this.#sql.block.get(firstRevision);
    return row && blockRow.parse(row);
  }

  /** Newest first. */
  newestBlocks(limit: number): readonly Block[] {
    return this.#sql.newestBlocks.all(limit).map((row) => blockRow.parse(row));
  }

  /** The first block that begins after a revision. */
  nextBlock(afterRevision: number): Block | undefined {
    const row = this.#sql.nextBlock.get(afterRevision);
    return row && blockRow.parse(row);
  }

  /** The first block with a notice after that one. */
  blockOfNotice(afterId: number): Block | undefined {
    const row = this.#sql.blockOfNotice.get(afterId);
    return row && blockRow.parse(row);
  }

  get blockCount(): number {
    return Number(this.#sql.countBlocks.get()?.['count']);
  }

  /** Puts a block in, with what says where to find its bills, receipts and keys. */
  addBlock(block: Block, met: Pick<Story, 'bills' | 'receipts' | 'keys'>): void {
    const { firstRevision, lastRevision, firstAt, lastAt, noticesBefore, lastNotice, entries } = block;
    const numbers = [firstRevision, lastRevision, firstAt, lastAt, noticesBefore, lastNotice, entries];
    this.#sql.addBlock.run(...numbers, block.previous, block.hash, block.sum, block.packed);
    for (const [id, body] of met.bills) this.#sql.setBill.run(id, numberOf(body), firstRevision, firstRevision);
    for (const number of met.receipts.keys()) this.#sql.setReceipt.run(number, firstRevision);
    for (const key of met.keys.keys()) this.#sql.setKey.run(keyHash(key), firstRevision);
  }

  removeEntries(upTo: number): void {
    this.#sql.removeEntries.run(upTo);
  }

  /** Leaves only a block's place in the chain: its entries are in an archive. */
  removePacked(firstRevision: number): void {
    this.#sql.removePacked.run(firstRevision);
    this.#sql.removeKeys.run(firstRevision);
  }

  /** The first and the last block in which a bill is met. */
  placeOfBill(id: string): { readonly first: number; readonly last: number } | undefined {
    const row = this.#sql.bill.get(id);
    if (!row) return undefined;
    const { first_block: first, last_block: last } = placeRow.parse(row);
    return { first, last };
  }

  /** The bills with that number of the merchant's, oldest first. */
  billIds(number: string): readonly string[] {
    return this.#sql.billIds.all(number).map((row) => String(row['id']));
  }

  placeOfReceipt(number: number): number | undefined {
    const row = this.#sql.receipt.get(number);
    return row && Number(row['block']);
  }

  placeOfKey(key: string): number | undefined {
    const row = this.#sql.key.get(keyHash(key));
    return row && Number(row['block']);
  }

  gaps(): readonly Gap[] {
    return this.#sql.gaps.all().map((row) => gapRow.parse(row));
  }

  addGap({ firstRevision, lastRevision, doubt }: Omit<Gap, 'told'>): void {
    this.#sql.addGap.run(firstRevision, lastRevision, doubt ? 1 : 0);
  }

  /** From now on an entry says that they are gone. */
  tellGaps(): void {
    this.#sql.tellGaps.run();
  }
}

/** The state before anything: where the first block begins. */
export const noCheckpoint: Checkpoint = { revision: 0, notice: 0, hash: beginning, state: 'null' };

export function sumOfCheckpoint({ revision, notice, hash, state }: Checkpoint): Buffer {
  return createHash('sha256').update(`${revision} ${notice}\n`).update(hash).update(state).digest();
}

/** A till's key is kept as 64 bits of its hash; the block has the key itself, which is compared. */
function keyHash(key: string): bigint {
  return createHash('sha256').update(key).digest().readBigInt64BE(0);
}

/** The merchant's number of a bill as it was kept; empty when it has none. */
export function numberOf(bill: unknown): string {
  const { number } = bill as { number?: unknown };
  return typeof number === 'string' ? number : '';
}
