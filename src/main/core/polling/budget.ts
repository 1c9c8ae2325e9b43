/** Requests are a currency: 60 a minute and 1,000 an hour for the whole account (api.md 11.5, design.md 6). */
export interface Limits {
  readonly perMinute: number;
  readonly perHour: number;
}

/** 0: confirm, revoke, close. 1: an outcome is unknown, or something is being made. 2: a bill is offered. 3: idle. */
export type Priority = 0 | 1 | 2 | 3;

/** What was spent, by the monotonic clock in milliseconds. */
export interface Budget {
  /** When each request of the last hour left, oldest first. */
  readonly sent: readonly number[];
  /** After a refusal by the API (429) nothing leaves before. */
  readonly blockedUntil: number;
  /** Refusals in a row. */
  readonly blocks: number;
}

export const freshBudget: Budget = { sent: [], blockedUntil: 0, blocks: 0 };

const minute = 60_000;
const hour = 3_600_000;

/** Parts of each limit kept back from the less urgent, so that money is never stopped by curiosity. */
const keptBack: Readonly<Record<Priority, number>> = { 0: 0, 1: 0.05, 2: 0.15, 3: 0.25 };

/** The earliest moment (monotonic milliseconds) at which a request of that priority may leave. */
export function mayLeaveAt(budget: Budget, limits: Limits, priority: Priority, now: number): number {
  const share = 1 - keptBack[priority];
  const byMinute = windowOpensAt(budget.sent, Math.max(1, Math.floor(limits.perMinute * share)), minute);
  const byHour = windowOpensAt(budget.sent, Math.max(1, Math.floor(limits.perHour * share)), hour);
  return Math.max(now, budget.blockedUntil, byMinute, byHour);
}

/** With `most` requests in a sliding window: when the next one fits. */
function windowOpensAt(sent: readonly number[], most: number, width: number): number {
  const oldest = sent[sent.length - most];
  return oldest === undefined ? 0 : oldest + width;
}

/** A request leaves. */
export function spend(budget: Budget, now: number): Budget {
  const sent = budget.sent.filter((time) => time > now - hour);
  sent.push(now);
  return { ...budget, sent };
}

/** The API refused by 429: pause as it says, else a minute, doubled up to a quarter of an hour (api.md 11.5). */
export function blocked(budget: Budget, now: number, retryAfterMs: number | undefined): Budget {
  const pause = retryAfterMs ?? Math.min(15 * minute, minute * 2 ** Math.min(budget.blocks, 4));
  return { ...budget, blocks: budget.blocks + 1, blockedUntil: Math.max(budget.blockedUntil, now + pause) };
}

/** The API answered something else than 429. */
export function unblocked(budget: Budget): Budget {
  return budget.blocks === 0 ? budget : { ...budget, blocks: 0 };
}

/** Requests of the last minute and hour, for staff. */
export function spent(budget: Budget, now: number): { lastMinute: number; lastHour: number } {
  return {
    lastMinute: budget.sent.filter((time) => time > now - minute).length,
    lastHour: budget.sent.filter((time) => time > now - hour).length,
  };
}
