import { requestPurposes } from '../../../shared/snapshot.ts';

/** Requests are a currency: 60 a minute and 1,000 an hour for the whole account (api.md 11.5, design.md 6). */
export interface Limits {
  readonly perMinute: number;
  readonly perHour: number;
}

/** 0: confirm, revoke, close. 1: an outcome is unknown, or something is being made. 2: a bill is offered. 3: idle. */
export type Priority = 0 | 1 | 2 | 3;

/** What requests are spent on, as staff see it: money that moves, bills being offered, looking at the spot, the clock. */
export const purposes = requestPurposes;
export type Purpose = (typeof purposes)[number];

interface Sent {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly purpose: Purpose;
}

/** What was spent, by the monotonic clock in milliseconds. */
export interface Budget {
  /** The requests of the last hour, oldest first. */
  readonly sent: readonly Sent[];
  /** After a refusal by the API (429) nothing leaves before. */
  readonly blockedUntil: number;
  /** Refusals in a row. */
  readonly blocks: number;
}

export const freshBudget: Budget = { sent: [], blockedUntil: Number.NEGATIVE_INFINITY, blocks: 0 };

const minute = 60_000;
const hour = 3_600_000;

/**
 * Parts of the limits kept back from the less urgent, so that money is never stopped by curiosity. Of a minute less is
 * kept back from the readings of an offered bill: somebody is waiting for them.
 */
const keptBack: Readonly<Record<Priority, { readonly minute: number; readonly hour: number }>> = {
  0: { minute: 0, hour: 0 },
  1: { minute: 0.03, hour: 0.05 },
  2: { minute: 0.04, hour: 0.15 },
  3: { minute: 0.25, hour: 0.25 },
};

/** After a refusal what is not urgent comes back slowly: for this long it has half of its part of the minute. */
const easingMs = 2 * minute;

/** The earliest moment (monotonic milliseconds) at which a request of that priority may leave. */
export function mayLeaveAt(budget: Budget, limits: Limits, priority: Priority, now: number): number {
  const kept = keptBack[priority];
  const eases = priority >= 2 && now < budget.blockedUntil + easingMs;
  const most = Math.floor(limits.perMinute * (1 - kept.minute) * (eases ? 0.5 : 1));
  const byMinute = windowOpensAt(budget.sent, Math.max(1, most), minute);
  const byHour = windowOpensAt(budget.sent, Math.max(1, Math.floor(limits.perHour * (1 - kept.hour))), hour);
  return Math.max(now, budget.blockedUntil, byMinute, byHour);
}

/** A millisecond more than the window: the other side may count it from the other end. */
const grainMs = 1;

/** With `most` requests in a sliding window: when the next one fits. */
function windowOpensAt(sent: readonly Sent[], most: number, width: number): number {
  const oldest = sent[sent.length - most];
  return oldest === undefined ? Number.NEGATIVE_INFINITY : oldest.at + width + grainMs;
}

/** A request leaves. */
export function spend(budget: Budget, now: number, purpose: Purpose): Budget {
  const sent = budget.sent.filter(({ at }) => at > now - hour);
  sent.push({ at: now, purpose });
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

/** What was spent, for staff. Milliseconds are those until the pause that the API asked for is over; 0 when there is none. */
export interface Spent {
  readonly lastMinute: number;
  readonly lastHour: number;
  readonly byPurpose: Readonly<Record<Purpose, { readonly lastMinute: number; readonly lastHour: number }>>;
  readonly pausedForMs: number;
}

/** Requests of the last minute and hour, and what they were for. */
export function spent(budget: Budget, now: number): Spent {
  const count = (purpose?: Purpose) => {
    const wanted = budget.sent.filter((each) => purpose === undefined || each.purpose === purpose);
    const within = (width: number) => wanted.filter(({ at }) => at > now - width).length;
    return { lastMinute: within(minute), lastHour: within(hour) };
  };
  const [payments, bills, spot, clock] = [count('payments'), count('bills'), count('spot'), count('clock')];
  const pausedForMs = Math.max(0, budget.blockedUntil - now);
  return { ...count(), byPurpose: { payments, bills, spot, clock }, pausedForMs };
}

/** A budget as it outlives the process: moments as milliseconds ago, since no two processes share a monotonic clock. */
export interface RememberedBudget {
  readonly sent: readonly { readonly agoMs: number; readonly purpose: Purpose }[];
  readonly pausedForMs: number;
  readonly blocks: number;
}

/** What to remember of a budget. */
export function remembered(budget: Budget, now: number): RememberedBudget {
  return {
    sent: budget.sent.map(({ at, purpose }) => ({ agoMs: now - at, purpose })),
    pausedForMs: Math.max(0, budget.blockedUntil - now),
    blocks: budget.blocks,
  };
}

/** The budget of an earlier process goes on: whoever restarts in a loop must not overspend. */
export function restored({ sent, pausedForMs, blocks }: RememberedBudget, now: number): Budget {
  const recent = sent.filter(({ agoMs }) => agoMs < hour).map(({ agoMs, purpose }) => ({ at: now - agoMs, purpose }));
  recent.sort((left, right) => left.at - right.at);
  return { sent: recent, blocks, blockedUntil: pausedForMs > 0 ? now + pausedForMs : Number.NEGATIVE_INFINITY };
}
