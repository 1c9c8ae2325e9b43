/**
 * What the API told of a transaction, its signature checked. It is never believed itself: it says only that the
 * transaction is worth reading now (api.md 12).
 */
export interface Callback {
  readonly key: string;
  /** What is said to have happened: `reserved`, `rejected`, `failed`… or a word that nobody knows yet. */
  readonly kind: string;
}

/** The terminal as the listener for callbacks sees it. */
export interface CallbackDesk {
  /** Has the transaction read soon if a bill waits for it. Never throws; repeats and unknown keys do no harm. */
  hear(callback: Callback): void;
}
