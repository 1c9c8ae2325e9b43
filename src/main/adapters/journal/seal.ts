import { packed } from './block.ts';
import { readEntry } from './entry.ts';
import { noCheckpoint, type Shelf } from './shelf.ts';
import { Story } from './story.ts';

/** Entries in one block: about 25 bills. More take less place and longer to read. */
export const sealedEntries = 512;

/**
 * How many of the oldest entries are to be sealed into a block now: 0 while there are too few. A block never goes over
 * the end of a month, so that months can be archived.
 * @param times of the entries without a block, oldest first, in milliseconds since 1970
 */
export function toSeal(times: readonly number[]): number {
  const [first] = times;
  const last = times.at(-1);
  if (first === undefined || last === undefined) return 0;
  if (times.length >= sealedEntries || monthOf(first) !== monthOf(last)) {
    const others = times.slice(0, sealedEntries).findIndex((at) => monthOf(at) !== monthOf(first));
    return others > 0 ? others : Math.min(times.length, sealedEntries);
  }
  return 0;
}

/** The month of a moment, in UTC: `2026-11`. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/**
 * Seals the oldest entries into a block. Belongs into one transaction.
 * @param count at least 1
 */
export function seal(shelf: Shelf, count: number): void {
  const before = shelf.checkpoint() ?? noCheckpoint;
  const entries = shelf.entries(count);
  const last = entries.at(-1);
  if (!last) return;
  const story = new Story(JSON.parse(before.state));
  for (const { content } of entries) story.add(readEntry(content));
  const block = packed(entries, { state: JSON.parse(before.state), notice: before.notice });
  shelf.addBlock(block, story);
  shelf.removeEntries(last.revision);
  shelf.setCheckpoint({
    revision: last.revision,
    notice: block.lastNotice,
    hash: last.hash,
    state: JSON.stringify(story.state ?? null),
  });
}
