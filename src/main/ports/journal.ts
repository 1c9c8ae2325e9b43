import type { BillId } from '../../shared/ids.ts';
import type { Effect } from '../core/bill/effect.ts';
import type { JournalDamage, TerminalEvent } from '../core/bill/event.ts';
import type { Bill, Receipt, TerminalState } from '../core/bill/state.ts';
import type { NewNotice } from '../core/snapshot/notices.ts';
import type { Notice } from './terminal.ts';

/** One decision, written in one transaction before any of its effects leaves (design.md 2). */
export interface Commit {
  readonly event: TerminalEvent;
  /** The state before; null for the very first. */
  readonly before: TerminalState | null;
  readonly state: TerminalState;
  readonly effects: readonly Effect[];
  readonly notices: readonly NewNotice[];
}

/** A step of a bill's life: an entry that touched it, with the states around it, as plain data. */
export interface LifeStep {
  readonly entry: {
    readonly revision: number;
    /** Milliseconds since 1970. */
    readonly at: number;
    readonly event: { readonly type: string; readonly [name: string]: unknown };
    readonly effects: readonly unknown[];
  };
  /** Hexadecimal text. */
  readonly hash: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The terminal's memory. Every method is synchronous: what it has returned from is on the disk. */
export interface JournalPort {
  /** What was wrong with it when it was opened, and is not told of yet by an entry; null when nothing. */
  damage(): JournalDamage | null;
  /** The state as it was last committed; null for a new journal. @throws JournalError */
  load(): TerminalState | null;
  /** Writes a decision; gives its notices with their ids. @throws JournalError, and then nothing of it was written. */
  commit(commit: Commit): readonly Notice[];
  /** Writes something that changes nothing, as durably as a decision. @throws JournalError when that cannot be done */
  probe(): void;
  /** Whether the room that is kept for finishing what runs is there; tries to get it back. Never throws. */
  spare(): boolean;
  /**
   * Packs what is over, if there is enough of it: some milliseconds, for when nothing waits. Gives whether it did.
   * @throws JournalError, and then nothing was changed
   */
  tidy(): boolean;
  /**
   * Checks the next part of what was packed: some milliseconds. Gives a sentence when it is damaged, null when it is
   * sound, undefined after the last one, and then begins anew. @throws JournalError
   */
  checkNext(): string | null | undefined;
  /** The bill that an idempotency key made. */
  earlier(idempotencyKey: string): { readonly billId: BillId; readonly bodyHash: string } | null;
  /** Any bill ever taken, as it was last written. */
  bill(billId: string): Bill | null;
  /** The ids of bills with a number of the merchant's, oldest first. */
  billsNamed(number: string): readonly string[];
  /** Everything that happened to a bill, oldest first, but for what is in archives. */
  life(billId: string): Iterable<LifeStep>;
  /** Any receipt ever made, as it was last written. */
  receipt(number: number): Receipt | null;
  /** Notices after an id, oldest first, at most `limit`. */
  noticesAfter(id: number, limit: number): readonly Notice[];
  /** The id of the newest notice; 0 when there is none. */
  newestNotice(): number;
  close(): void;
}

/** The journal could not be opened or written; `message` says what to do. */
export class JournalError extends Error {
  readonly code: 'journal_damaged' | 'journal_newer' | 'journal_in_use' | 'journal_unwritable';

  constructor(code: JournalError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'JournalError';
    this.code = code;
  }
}
