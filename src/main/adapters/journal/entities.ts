import type { TerminalState } from '../../core/bill/state.ts';

/** Parts of the state that are rows of their own, so that a commit writes only what it changed. */
export const collections = ['bills', 'offers', 'receipts', 'attention'] as const;
export type Collection = (typeof collections)[number];

/** The rest of the state: one row. */
export type Core = Omit<TerminalState, Collection>;

/** A row to be written. `live` says whether it is still part of the state. */
export interface EntityRow {
  readonly kind: Collection | 'core';
  readonly id: string;
  readonly live: boolean;
  /** Null when only `live` changes. */
  readonly body: unknown;
}

/** What a decision changed, row by row: new or replaced entities, and those that left the state. */
export function changedRows(before: TerminalState | null, after: TerminalState): readonly EntityRow[] {
  const rows: EntityRow[] = [{ kind: 'core', id: 'core', live: true, body: coreOf(after) }];
  for (const kind of collections) {
    const old: Readonly<Record<string, unknown>> = before?.[kind] ?? {};
    const now: Readonly<Record<string, unknown>> = after[kind];
    if (old === now) continue;
    for (const [id, body] of Object.entries(now)) if (old[id] !== body) rows.push({ kind, id, live: true, body });
    for (const id of Object.keys(old)) if (!(id in now)) rows.push({ kind, id, live: false, body: null });
  }
  return rows;
}

/** The state without its collections. */
function coreOf(state: TerminalState): Core {
  const { revision, firstStartedAt, settings, effectsMade, receiptsMade, spot, pin } = state;
  return { revision, firstStartedAt, settings, effectsMade, receiptsMade, spot, pin };
}
