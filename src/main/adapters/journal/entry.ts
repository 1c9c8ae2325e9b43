import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Change } from './change.ts';

/** A notice as an entry keeps it. */
export interface KeptNotice {
  readonly id: number;
  readonly type: string;
  readonly data: unknown;
}

/**
 * One decision in the journal: what happened, what it was answered with, and what it made of the state. `ended` only
 * in the entry that brought an older form of the journal into this one: what had left the state before.
 */
export interface Entry {
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: { readonly type: string; readonly [key: string]: unknown };
  readonly effects: readonly { readonly type: string; readonly [key: string]: unknown }[];
  readonly notices: readonly KeptNotice[];
  readonly change: Change;
  readonly ended?: { readonly bills: Bodies; readonly receipts: Bodies };
}

export type Bodies = Readonly<Record<string, unknown>>;

/** An entry as it stands in the file: `content` is the very text that the hash covers. */
export interface StoredEntry {
  readonly revision: number;
  readonly previous: Buffer;
  readonly hash: Buffer;
  readonly content: string;
}

/** Before the first entry. */
export const beginning: Buffer = Buffer.alloc(32);

/** Events and effects are what this program or one before it wrote, and the hash proves it: only their kind is read. */
const happened = z.custom<Entry['event']>(
  (value) => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string',
);
const entrySchema = z.object({
  revision: z.int().min(1),
  at: z.int(),
  event: happened,
  effects: z.array(happened),
  notices: z.array(z.object({ id: z.int(), type: z.string(), data: z.unknown() })),
  change: z.custom<Change>((value) => typeof value === 'object' && value !== null),
  ended: z.object({ bills: z.record(z.string(), z.unknown()), receipts: z.record(z.string(), z.unknown()) }).optional(),
});

/** SHA-256 over the hash of the entry before and this one's content: nothing before it can be altered unseen. */
export function hashOf(previous: Uint8Array, content: string): Buffer {
  return createHash('sha256').update(previous).update(content).digest();
}

/** An entry with its place in the chain. */
export function chained(previous: Buffer, entry: Entry): StoredEntry {
  const content = JSON.stringify(entry);
  return { revision: entry.revision, previous, hash: hashOf(previous, content), content };
}

/** Whether the hash is that of the content. */
export function isTrue({ previous, hash, content }: StoredEntry): boolean {
  return hashOf(previous, content).equals(hash);
}

/** @throws ZodError or SyntaxError when it is no entry */
export function readEntry(content: string): Entry {
  const { ended, ...entry } = entrySchema.parse(JSON.parse(content));
  return ended ? { ...entry, ended } : entry;
}
