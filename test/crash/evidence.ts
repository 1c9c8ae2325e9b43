import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { readJournal as lookAt } from '../../src/main/adapters/journal/read.ts';
import type { Bill, Receipt } from '../../src/main/core/bill/state.ts';
import type { Notice } from '../../src/main/ports/terminal.ts';
import type { BillView } from '../../src/shared/bill.ts';
import type { StaffSnapshot } from '../../src/shared/snapshot.ts';
import type { WorldState } from '../flows/sandbox-desk.ts';
import type { Printed } from './paper.ts';
import type { Told } from './table.ts';

/** What the journal holds after the last kill. */
export interface Journaled {
  /** `ok`, or what is not as it was written (docs/journal.md). */
  readonly soundness: string;
  readonly bills: readonly Bill[];
  readonly receipts: readonly Receipt[];
  /** Everything that the till was told, from the first day. */
  readonly notices: readonly Notice[];
}

/** What is known of a run from outside the terminal when it is over. */
export interface Evidence {
  readonly terminal: string;
  readonly world: WorldState;
  readonly papers: readonly Printed[];
  /** What staff saw before the last kill. */
  readonly staff: StaffSnapshot;
  /** Every bill, as the till saw it before the last kill. */
  readonly bills: readonly BillView[];
  readonly told: readonly Told[];
  readonly journal: Journaled;
  /** What each customer had at first, in minor units. */
  readonly balance: number;
}

const everything = 1_000_000;

/** Reads the journal of a terminal that was killed, from a copy: what is looked at stays as the kill left it. */
export function readJournal(folder: string): Journaled {
  const copy = join(folder, 'journal-copy');
  mkdirSync(copy);
  for (const name of ['journal.db', 'journal.db-wal', 'journal.db-head']) {
    if (existsSync(join(folder, 'data', name))) copyFileSync(join(folder, 'data', name), join(copy, name));
  }
  const path = join(copy, 'journal.db');
  const reader = lookAt(path);
  const soundness = reader.verify().faults.join(' ') || 'ok';
  reader.close();
  const journal = openJournal(path);
  try {
    const notices = journal.noticesAfter(0, everything);
    const billIds = new Set(notices.flatMap(({ data }) => data.bill?.id ?? []));
    const made = journal.load()?.receiptsMade ?? 0;
    return {
      soundness,
      notices,
      bills: [...billIds].flatMap((id) => journal.bill(id) ?? []),
      receipts: Array.from({ length: made }, (_, index) => journal.receipt(index + 1)).filter((each) => each !== null),
    };
  } finally {
    journal.close();
  }
}
