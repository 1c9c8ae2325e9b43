import type { TerminalState } from '../bill/state.ts';
import type { Cadence } from './pace.ts';

/**
 * Whether the API's callbacks reach this terminal (api.md 12), told by what is read: money that a reading finds reserved
 * should have been told of. Pure: events in, a verdict out. All times are monotonic milliseconds. Not journaled: after a
 * start callbacks have to prove themselves anew.
 */

/** `silent`: they do not come, or have not shown yet that they do. Only `working` lets polling slow down. */
export type CallbacksVerdict = 'off' | 'working' | 'silent';

/** A transaction that was made with our address, and what became of its callback. */
interface Promised {
  readonly key: string;
  readonly callback:
    | { readonly name: 'waiting' }
    /** A reading found the money reserved, and nobody has told. */
    | { readonly name: 'owed'; readonly since: number }
    | { readonly name: 'missed' }
    | { readonly name: 'told' };
}

export interface CallbackRecord {
  readonly standing: 'unproven' | 'working' | 'silent';
  /** When a callback last proved that they come. */
  readonly heardAt: number | null;
  /** Oldest first. */
  readonly promised: readonly Promised[];
}

export type CallbackEvent =
  /** A transaction was made with our address in it. */
  | { readonly type: 'promised'; readonly key: string }
  /** A callback with a right signature. */
  | { readonly type: 'heard'; readonly key: string; readonly kind: string; readonly at: number }
  /** A reading said `reserved`. */
  | { readonly type: 'foundReserved'; readonly key: string; readonly at: number }
  | { readonly type: 'timePassed'; readonly at: number };

/** How patient the verdict is, in milliseconds. */
export interface Patience {
  /** A callback may come this long after the money was found reserved. */
  readonly silentAfterMs: number;
  /** Without any callback for this long, the last one proves nothing any more. */
  readonly trustedForMs: number;
}

/** Nothing has been promised or heard. */
export const nothingHeard: CallbackRecord = { standing: 'unproven', heardAt: null, promised: [] };

/** More transactions than are payable at a spot at once; the oldest are not judged any more. */
const mostPromised = 200;

/** These say that the money is reserved (or, with auto_confirm, already taken), which is what a reading finds too. */
const tellsOfReservation: readonly string[] = ['reserved', 'confirmed'];

/** The record after an event. Gives the same object when nothing changed. */
export function callbacksAfter(record: CallbackRecord, event: CallbackEvent, patience: Patience): CallbackRecord {
  switch (event.type) {
    case 'promised':
      return promise(record, event.key);
    case 'heard':
      return hear(record, event);
    case 'foundReserved':
      return changed(record, event.key, ({ callback }) =>
        callback.name === 'waiting' ? { name: 'owed', since: event.at } : callback,
      );
    case 'timePassed':
      return judge(record, event.at, patience);
  }
}

function promise(record: CallbackRecord, key: string): CallbackRecord {
  if (record.promised.some((each) => each.key === key)) return record;
  const promised = [...record.promised, { key, callback: { name: 'waiting' as const } }];
  return { ...record, promised: promised.slice(-mostPromised) };
}

function changed(
  record: CallbackRecord,
  key: string,
  change: (promised: Promised) => Promised['callback'],
): CallbackRecord {
  const old = record.promised.find((each) => each.key === key);
  const callback = old && change(old);
  if (!old || callback === old.callback || callback === undefined) return record;
  const promised = record.promised.map((each) => (each === old ? { key, callback } : each));
  return { ...record, promised };
}

/** Only a callback about a transaction of this run is a proof: an old one that somebody sends again is none. */
function hear(record: CallbackRecord, { key, kind, at }: Extract<CallbackEvent, { type: 'heard' }>): CallbackRecord {
  const known = record.promised.find((each) => each.key === key);
  if (!known || known.callback.name === 'told') return record;
  const told = tellsOfReservation.includes(kind);
  const after = changed(record, key, ({ callback }) => (told ? { name: 'told' } : callback));
  return { ...after, standing: 'working', heardAt: at };
}

function judge(record: CallbackRecord, at: number, { silentAfterMs, trustedForMs }: Patience): CallbackRecord {
  const isMissed = ({ callback }: Promised) => callback.name === 'owed' && at - callback.since >= silentAfterMs;
  if (record.promised.some(isMissed)) {
    const promised = record.promised.map((each) =>
      isMissed(each) ? { key: each.key, callback: { name: 'missed' as const } } : each,
    );
    return { ...record, standing: 'silent', promised };
  }
  const stale = record.standing === 'working' && record.heardAt !== null && at - record.heardAt >= trustedForMs;
  return stale ? { ...record, standing: 'unproven' } : record;
}

/** When time alone changes the verdict next; undefined when it does not. */
export function nextJudgement(record: CallbackRecord, patience: Patience): number | undefined {
  const due = record.promised.flatMap(({ callback }) =>
    callback.name === 'owed' ? [callback.since + patience.silentAfterMs] : [],
  );
  if (record.standing === 'working' && record.heardAt !== null) due.push(record.heardAt + patience.trustedForMs);
  return due.length === 0 ? undefined : Math.min(...due);
}

/** The verdict that the polling policy goes by. */
export function verdictOf(record: CallbackRecord): CallbacksVerdict {
  return record.standing === 'working' ? 'working' : 'silent';
}

/** How many times longer offered bills may wait for a reading while callbacks tell of them. */
const slowdown = 4;

/** The cadence with callbacks: only what they tell of is read less often. Check-ins they do not tell of (api.md 12). */
export function slowed(cadence: Cadence, verdict: CallbacksVerdict): Cadence {
  if (verdict !== 'working') return cadence;
  return {
    ...cadence,
    offeredEveryMs: cadence.offeredEveryMs * slowdown,
    offeredOldEveryMs: cadence.offeredOldEveryMs * slowdown,
  };
}

/**
 * What a callback about that transaction is good for now: `read` it at once, `keep` the hint until the order is known to
 * be there, or `drop` it, because nothing of ours waits for it or its stage asks by itself.
 */
export function hintUse(state: TerminalState, key: string): 'read' | 'keep' | 'drop' {
  const offer = Object.values(state.offers).find((each) => each.key === key);
  switch (offer?.stage.name) {
    case 'offered':
    case 'superseded':
      return 'read';
    case 'awaitingSpot':
    case 'attaching':
    case 'attachLater':
    case 'attachLost':
      return 'keep';
    default:
      return 'drop';
  }
}
