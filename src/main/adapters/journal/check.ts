import { faultOf, unpacked, type Block } from './block.ts';
import { isTrue, readEntry, type Entry, type StoredEntry } from './entry.ts';
import type { Head } from './head.ts';
import { noCheckpoint, numberOf, type Gap, type Shelf } from './shelf.ts';
import { Story } from './story.ts';

/** The part of a journal that is not in blocks, read and found sound. */
export interface Tail {
  readonly story: Story;
  readonly revision: number;
  readonly hash: Buffer;
  readonly notice: number;
  /** When each entry was written, milliseconds since 1970. */
  readonly times: readonly number[];
}

/** Something in the journal is not as it was written; `message` says what. */
export class Damage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Damage';
  }
}

/** Whether all revisions from one to another are known to be gone. */
function isKnown(gaps: readonly Gap[], first: number, last: number): boolean {
  return gaps.some(({ firstRevision, lastRevision }) => firstRevision <= first && last <= lastRevision);
}

/** Reads the entries after the newest block, and holds them against the chain. @throws Damage */
export function readTail(shelf: Shelf): Tail {
  const checkpoint = shelf.checkpoint() ?? noCheckpoint;
  const gaps = shelf.gaps();
  const [block] = shelf.newestBlocks(1);
  if ((block?.lastRevision ?? 0) !== checkpoint.revision || (block && !block.hash.equals(checkpoint.hash))) {
    throw new Damage('The checkpoint does not stand at the end of the newest block.');
  }
  const story = new Story(JSON.parse(checkpoint.state));
  let { revision, hash, notice } = checkpoint;
  const times: number[] = [];
  for (const stored of shelf.entries()) {
    if (!stored.previous.equals(hash) || !follows(gaps, revision, stored.revision)) {
      throw new Damage(`Entry ${stored.revision} does not follow entry ${revision}.`);
    }
    const entry = readSound(stored);
    story.add(entry);
    times.push(entry.at);
    ({ revision, hash } = stored);
    notice = entry.notices.at(-1)?.id ?? notice;
  }
  return { story, revision, hash, notice, times };
}

function readSound(stored: StoredEntry): Entry {
  const entry = readEntry(stored.content);
  if (!isTrue(stored) || entry.revision !== stored.revision) throw new Damage(`Entry ${stored.revision} was altered.`);
  return entry;
}

/** Whether nothing is missing between two revisions but what is known to be gone. */
function follows(gaps: readonly Gap[], before: number, revision: number): boolean {
  return revision === before + 1 || isKnown(gaps, before + 1, revision - 1);
}

/** Holds the newest entry against the witness beside the journal. @throws Damage */
export function checkHead(shelf: Shelf, tail: Tail, head: Head | null): void {
  if (head === null) return;
  if (head.revision > tail.revision) {
    if (isKnown(shelf.gaps(), tail.revision + 1, head.revision)) return;
    throw new Damage(`The journal ends with entry ${tail.revision}, but entry ${head.revision} was written.`);
  }
  const same = shelf.entries().find(({ revision }) => revision === head.revision)?.hash;
  const [block] = shelf.newestBlocks(1);
  const known = same ?? (block?.lastRevision === head.revision ? block.hash : undefined);
  if (known && known.toString('hex') !== head.hash) throw new Damage(`Entry ${head.revision} is not the one written.`);
}

/** What is wrong with one block, its place after the one before, and what says where to find its bills. */
export function blockFault(shelf: Shelf, block: Block, before: Block | undefined): string | undefined {
  const fault = faultOf(block);
  if (fault !== undefined) return `The entries ${range(block)} are damaged: ${fault}.`;
  const previous = { hash: before?.hash ?? noCheckpoint.hash, revision: before?.lastRevision ?? 0 };
  const next = block.firstRevision === previous.revision + 1 && block.previous.equals(previous.hash);
  const known = isKnown(shelf.gaps(), previous.revision + 1, block.firstRevision - 1);
  const begins = known || isKnown(shelf.gaps(), block.firstRevision, block.firstRevision);
  if (!next && !begins) return `The entries ${range(block)} do not follow entry ${previous.revision}.`;
  return isFound(shelf, block) ? undefined : `What is in the entries ${range(block)} is not found by its names.`;
}

const range = ({ firstRevision, lastRevision }: Block) => `${firstRevision} to ${lastRevision}`;

function isFound(shelf: Shelf, block: Block): boolean {
  if (block.packed === null) return true;
  const { state, contents } = unpacked({ packed: block.packed });
  const story = new Story(state);
  for (const content of contents) story.add(readEntry(content));
  const place = block.firstRevision;
  const bills = [...story.bills].every(([id, body]) => {
    const found = shelf.placeOfBill(id);
    const named = shelf.billIds(numberOf(body)).includes(id);
    return named && found !== undefined && found.first <= place && place <= found.last;
  });
  const receipts = [...story.receipts.keys()].every((number) => (shelf.placeOfReceipt(number) ?? 0) >= place);
  const keys = [...story.keys.keys()].every((key) => (shelf.placeOfKey(key) ?? Infinity) <= place);
  return bills && receipts && keys;
}
