import type { Limits } from './budget.ts';
import { slowed, type CallbacksVerdict } from './callbacks.ts';
import { isOpen, type OpenSpan } from './opening.ts';

/** How often what is asked, in milliseconds; configuration. */
export interface Cadence {
  /** The shop is closed by its opening hours, and nothing is going on. */
  readonly shopClosedEveryMs: number;
  readonly idleEveryMs: number;
  readonly waitingEveryMs: number;
  /** A bill was just offered: the customer is about to pay. */
  readonly offeredEveryMs: number;
  /** The longest pause for a bill that was offered long ago. */
  readonly offeredOldEveryMs: number;
  /** How long a bill counts as just offered. */
  readonly freshForMs: number;
  readonly openingHours: readonly OpenSpan[];
}

/** What the pace goes by, besides the state. */
export interface Known {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly callbacks: CallbacksVerdict;
  /** Requests of the last hour. */
  readonly lastHour: number;
  readonly limits: Limits;
}

/** Parts of the hour's budget between which everything regular slows down, gently first, in the end to this many times. */
const thriftFrom = 0.6;
const thriftTo = 0.83;
const mostThrift = 40;

/**
 * The more of the hour is spent, the longer the pauses, so that the budget lasts to the hour's end instead of stopping
 * everything for minutes: 1 is no longer than usual. Ends below the part that readings of bills may use (budget.ts).
 */
export function thrift({ lastHour, limits }: Pick<Known, 'lastHour' | 'limits'>): number {
  const used = Math.min(1, Math.max(0, (lastHour / limits.perHour - thriftFrom) / (thriftTo - thriftFrom)));
  return 1 + used ** 3 * (mostThrift - 1);
}

/** The cadence as it is now: by the opening hours, the budget that is left, and whether callbacks tell. */
export function paced(cadence: Cadence, known: Known): Cadence {
  const open = isOpen(cadence.openingHours, known.at, known.timeZone);
  const more = thrift(known);
  const usual = slowed(cadence, known.callbacks);
  return {
    ...usual,
    idleEveryMs: open ? cadence.idleEveryMs * more : Math.max(cadence.idleEveryMs * more, cadence.shopClosedEveryMs),
    waitingEveryMs: usual.waitingEveryMs * more,
    offeredEveryMs: usual.offeredEveryMs * more,
  };
}

/** While nobody is known to be at the spot, the code has to be scanned first: so long, and so often. Milliseconds. */
const scanningMs = 5000;
const scanningEveryMs = 2500;

/** How much longer the pause is at the end of the fresh time than at its beginning. */
const fading = 0.5;

/** A bill that was offered long ago may be seen paid this part of its age later: whoever waited so long waits no more. */
const lateness = 0.03;

/** The pause between looks at a bill that was offered `ageMs` ago. */
export function offeredPause(cadence: Cadence, ageMs: number, somebody: boolean): number {
  if (!somebody && ageMs < scanningMs) return Math.max(cadence.offeredEveryMs, scanningEveryMs);
  // Most pay early; and a minute has no room for a reading each second for its whole length.
  if (ageMs < cadence.freshForMs)
    return cadence.offeredEveryMs * (1 + fading * Math.max(0, ageMs / cadence.freshForMs));
  return Math.max(cadence.offeredEveryMs, Math.min(cadence.offeredOldEveryMs, ageMs * lateness));
}
