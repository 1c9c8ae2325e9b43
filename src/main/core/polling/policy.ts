import { backOffMs } from '../turn.ts';
import type { Want } from './wants.ts';

/** What is remembered of the readings of one target. Not journaled: after a start everything is asked anew. */
export interface ReadMemory {
  /** Milliseconds (monotonic) when the last one was begun. */
  readonly begunAt: number;
  /** The state's revision at that moment. */
  readonly revision: number;
  /** Readings begun for the same urgent question. */
  readonly tries: number;
  /** Failures in a row. */
  readonly failures: number;
}

/** The pause after an urgent reading that did not settle its question, in milliseconds. */
const urgentPauseMs = 400;

/** When a want is due, in monotonic milliseconds; 0 when at once. `jitter` in 0..1 spreads terminals by ±10 %. */
export function dueAt(want: Want, memory: ReadMemory | undefined, jitter: number): number {
  if (!memory) return 0;
  const pause = memory.failures > 0 ? backOffMs(memory.failures - 1) : 0;
  if (want.since === null) return memory.begunAt + Math.max(pause, want.everyMs * (0.9 + 0.2 * jitter));
  if (memory.revision < want.since && memory.failures === 0) return 0;
  const patience = memory.revision < want.since ? 0 : Math.min(60_000, urgentPauseMs * 2 ** Math.min(memory.tries, 8));
  return memory.begunAt + Math.max(pause, patience);
}

/** What to remember when a reading begins. */
export function begun(want: Want, memory: ReadMemory | undefined, now: { at: number; revision: number }): ReadMemory {
  const sameQuestion = memory !== undefined && want.since !== null && memory.revision >= want.since;
  return {
    begunAt: now.at,
    revision: now.revision,
    tries: sameQuestion ? memory.tries + 1 : 0,
    failures: memory?.failures ?? 0,
  };
}

/** What to remember when it has ended. */
export function ended(memory: ReadMemory, ok: boolean): ReadMemory {
  return { ...memory, failures: ok ? 0 : memory.failures + 1 };
}
