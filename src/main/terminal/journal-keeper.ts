import type { LinkEvent } from '../core/link/link.ts';
import type { Happening } from '../core/bill/event.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import { JournalError, type JournalPort } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';

/** What keeping the journal needs, and whom it tells. */
export interface KeeperOptions {
  readonly journal: JournalPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly dispatch: (happening: Happening) => void;
  readonly onLink: (event: LinkEvent) => void;
}

/** Between two looks, in milliseconds; and how long the checking of what was packed rests when it is through. */
const everyMs = 10_000;
const restMs = 24 * 3_600_000;

/** The disk is full but for the room that was kept for finishing what runs. */
export const diskFull = {
  code: 'disk_full',
  message: 'The disk is full. What runs is finished, new bills are not taken. Make room on the disk.',
} as const;

/**
 * Looks after the journal beside the payments: packs what is over, checks what was packed, and sees whether the disk has
 * room. In small steps, and never between a decision and its effects (docs/journal.md). Gives its stop.
 */
export function keepJournal({ journal, clock, log, dispatch, onLink }: KeeperOptions): Stop {
  let wake: Stop | undefined;
  let wasFull = false;
  let checkAgainAt = 0;

  const look = () => {
    const full = !journal.spare();
    if (full || wasFull) onLink({ type: 'journal', problem: full ? diskFull : null });
    wasFull = full;
    try {
      if (!full && !journal.tidy()) check();
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      log.error(error.message, { code: error.code });
    }
    wake = clock.after(everyMs, look);
  };
  const check = () => {
    if (clock.monotonic() < checkAgainAt) return;
    const fault = journal.checkNext();
    if (fault === undefined) checkAgainAt = clock.monotonic() + restMs;
    else if (fault !== null) {
      log.error(`The journal is damaged: ${fault}`, { code: 'journal_fault' });
      dispatch({ type: 'journalFaultFound', message: fault });
    }
  };
  wake = clock.after(everyMs, look);
  return () => wake?.();
}
