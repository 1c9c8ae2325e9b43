import type { EffectId } from '../../../shared/ids.ts';
import type { SpotStatus } from '../remote.ts';

/** Closing the spot, step by step. */
export type Closing =
  | { readonly name: 'none' }
  /**
   * Everything is paid: closed after a dwell. `at` is milliseconds since 1970; `since` is the revision from which on a
   * reading that finds the spot closed is believed.
   */
  | { readonly name: 'due'; readonly at: number; readonly since: number }
  | { readonly name: 'closing'; readonly effectId: EffectId }
  /** Answered, or the answer lost: only reading the spot tells. */
  | { readonly name: 'readingBack'; readonly since: number };

/** What is known of our spot. */
export interface SpotState {
  /** Null until the API has told it. */
  readonly id: number | null;
  readonly status: 'unknown' | SpotStatus;
  /** Milliseconds since 1970 when the status changed last. */
  readonly since: number;
  readonly title: string;
  /** How the spot can be read: directly, or only through lists (api.md 17.1). */
  readonly access: 'untried' | 'direct' | 'list';
  /** Whether a read of the spot brings the orders' transactions with it. */
  readonly embeds: boolean;
  /** Visits that have ended: how often the spot was seen to close. */
  readonly visits: number;
  /** Whether somebody is known to have checked in since the spot was last closed. */
  readonly somebody: boolean;
  /** Keys of the orders that the last reading held. */
  readonly keys: readonly string[];
  /**
   * Transactions that are done with, and the revision at which they were forgotten: what was read before that, or is still
   * listed, is never taken for something new.
   */
  readonly past: Readonly<Record<string, number>>;
  /** Since which revision it is to be found out what an earlier journal left behind; null when it is known. */
  readonly sweep: number | null;
  /** Foreign orders whose transaction has not been read yet: key -> order id. */
  readonly unread: Readonly<Record<string, number>>;
  readonly closing: Closing;
  readonly closeFailures: number;
}

export const unknownSpot: SpotState = {
  id: null,
  status: 'unknown',
  since: 0,
  title: '',
  access: 'untried',
  embeds: true,
  visits: 0,
  somebody: false,
  keys: [],
  past: {},
  sweep: null,
  unread: {},
  closing: { name: 'none' },
  closeFailures: 0,
};
