import { WalletError } from './error.ts';
import type { WireMetadata } from './wire.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly metadata: WireMetadata;
}

interface Pages<Item> {
  /** How many items are asked for at a time. */
  readonly pageSize: number;
  readonly idOf: (item: Item) => string;
  readonly page: (offset: number) => Promise<Page<Item>>;
}

/** More pages than any location or day has: an API that goes on after that is not paging. */
const mostPages = 50;

function isLast<Item>({ items, metadata }: Page<Item>, received: number, pageSize: number): boolean {
  const { total, limit, has_next: hasNext } = metadata ?? {};
  if (items.length === 0 || hasNext === false) return true;
  if (typeof total === 'number') return received >= total;
  // Without a total a short page is the last one; the API may have lowered the limit.
  return hasNext !== true && items.length < (limit ?? pageSize);
}

/**
 * Reads a list to its end, each item once. The offset follows what was received, not what was asked for, since the
 * largest limit is not known (api.md 17.2).
 * @throws WalletError `endless_list` when pages repeat themselves or do not end: half a list would be taken for all.
 */
export async function readAllPages<Item>({ pageSize, idOf, page }: Pages<Item>): Promise<Item[]> {
  const found = new Map<string, Item>();
  let received = 0;
  for (let count = 0; count < mostPages; count += 1) {
    const next = await page(received);
    const before = found.size;
    for (const item of next.items) found.set(idOf(item), item);
    received += next.items.length;
    if (isLast(next, received, pageSize)) return [...found.values()];
    if (found.size === before) break;
  }
  const message = 'The API repeats its list without an end: the terminal asks again later; tell Paysera if it stays.';
  throw new WalletError(message, { code: 'endless_list', retry: 'later' });
}
