import type { LifeStep } from '../../ports/journal.ts';
import { storedEntriesOf, unpacked, type Block } from './block.ts';
import { readTail } from './check.ts';
import { readEntry, type StoredEntry } from './entry.ts';
import type { Shelf } from './shelf.ts';
import { Story } from './story.ts';

/** Entries from a bill's first to its last, in order, with the states around them; what is in an archive is left out. */
export function* lifeSteps(shelf: Shelf, billId: string): Generator<LifeStep> {
  const place = shelf.placeOfBill(billId);
  if (place) {
    let block = shelf.nextBlock(place.first - 1);
    while (block && block.firstRevision <= place.last) {
      if (isWhole(block)) yield* steps(storedEntriesOf(block), unpacked(block).state);
      block = shelf.nextBlock(block.firstRevision);
    }
  }
  if (!readTail(shelf).story.bills.has(billId)) return;
  const checkpoint = shelf.checkpoint();
  yield* steps(shelf.entries(), checkpoint === null ? null : JSON.parse(checkpoint.state));
}

/** A block whose entries are here, and not in an archive. */
export function isWhole(block: Block): block is Block & { readonly packed: Buffer } {
  return block.packed !== null;
}

function* steps(stored: readonly StoredEntry[], state: unknown): Generator<LifeStep> {
  const story = new Story(state);
  for (const { content, hash } of stored) {
    const before = story.state;
    const entry = readEntry(content);
    story.add(entry);
    yield { entry, hash: hash.toString('hex'), before, after: story.state };
  }
}
