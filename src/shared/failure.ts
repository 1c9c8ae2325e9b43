/**
 * What may be done after a failure, decided at the edge that saw it:
 * `now` repeat at once, nothing happened; `later` nothing happened, wait first; `never` the answer is final;
 * `unknown` it may have been done: ask before anything else (style.md 15).
 */
export type Retry = 'now' | 'later' | 'never' | 'unknown';

/** A failure as plain data: it crosses the mailbox, the journal and the bridge. */
export interface Failure {
  /** Stable code for programs, in snake_case. */
  readonly code: string;
  readonly retry: Retry;
  /** A sentence for a person, without secrets. */
  readonly message: string;
  /** HTTP status, when there was one. */
  readonly status?: number;
  /** The API's correlation id, when it gave one: support asks for it (api.md 1). */
  readonly correlationId?: string;
  /** Milliseconds to wait, when the other side said so. */
  readonly retryAfterMs?: number;
}

/** For the end of every switch over a union: the compiler lists what a new member breaks. */
export function assertNever(value: never): never {
  throw new Error(`Not handled: ${JSON.stringify(value)}`);
}
