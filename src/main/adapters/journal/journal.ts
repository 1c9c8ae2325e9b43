import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { BillId } from '../../../shared/ids.ts';
import type { Bill, Receipt, TerminalState } from '../../core/bill/state.ts';
import type { Commit, JournalPort } from '../../ports/journal.ts';
import type { Notice } from '../../ports/terminal.ts';
import { changedRows, collections } from './entities.ts';
import { asJournalError, openDatabase } from './open.ts';
import { billSchema, coreSchema, noticeSchema, parseRow, receiptSchema, stateSchema } from './schema.ts';

interface Statements {
  readonly event: StatementSync;
  readonly effect: StatementSync;
  readonly effectEnded: StatementSync;
  readonly entity: StatementSync;
  readonly entityLeft: StatementSync;
  readonly idempotency: StatementSync;
  readonly notice: StatementSync;
  readonly one: StatementSync;
  readonly live: StatementSync;
  readonly earlier: StatementSync;
  readonly noticesAfter: StatementSync;
  readonly newestNotice: StatementSync;
}

function statements(database: DatabaseSync): Statements {
  const sql = (text: string) => database.prepare(text);
  return {
    event: sql('INSERT INTO events (revision, at, type, event) VALUES (?, ?, ?, ?)'),
    effect: sql('INSERT INTO effects (id, revision, type, effect) VALUES (?, ?, ?, ?)'),
    effectEnded: sql('UPDATE effects SET ended_by = ? WHERE id = ? AND ended_by IS NULL'),
    entity: sql(
      'INSERT INTO entities (kind, id, live, revision, body) VALUES (?, ?, 1, ?, ?) ' +
        'ON CONFLICT (kind, id) DO UPDATE SET live = 1, revision = excluded.revision, body = excluded.body',
    ),
    entityLeft: sql('UPDATE entities SET live = 0, revision = ? WHERE kind = ? AND id = ?'),
    idempotency: sql('INSERT INTO idempotency (key, body_hash, bill_id) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING'),
    notice: sql('INSERT INTO notices (revision, at, type, data) VALUES (?, ?, ?, ?)'),
    one: sql('SELECT body FROM entities WHERE kind = ? AND id = ?'),
    live: sql('SELECT kind, id, body FROM entities WHERE live = 1'),
    earlier: sql('SELECT bill_id, body_hash FROM idempotency WHERE key = ?'),
    noticesAfter: sql('SELECT id, at, type, data FROM notices WHERE id > ? ORDER BY id LIMIT ?'),
    newestNotice: sql('SELECT coalesce(max(id), 0) AS id FROM notices'),
  };
}

/**
 * The journal on SQLite: events, effects and state, each decision in one durable transaction.
 * @param path the database file, or `:memory:`
 * @throws JournalError when it cannot be opened, is damaged, in use, or from a newer program
 */
export function openJournal(path: string): JournalPort {
  const database = openDatabase(path);
  const prepared = statements(database);
  const guarded = <Result>(act: () => Result): Result => {
    try {
      return act();
    } catch (error) {
      throw asJournalError(error, path);
    }
  };
  let open = true;
  return {
    load: () => guarded(() => load(prepared)),
    commit: (commit) => guarded(() => inTransaction(database, () => write(prepared, commit))),
    earlier: (key) => guarded(() => earlier(prepared, key)),
    bill: (id) => guarded(() => one<Bill>(prepared, billSchema, ['bills', id])),
    receipt: (number) => guarded(() => one<Receipt>(prepared, receiptSchema, ['receipts', String(number)])),
    noticesAfter: (id, limit) =>
      guarded(() => prepared.noticesAfter.all(id, limit).map((row) => parseRow(noticeSchema, row) as Notice)),
    newestNotice: () => guarded(() => Number(prepared.newestNotice.get()?.['id'] ?? 0)),
    close: () => {
      if (open) database.close();
      open = false;
    },
  };
}

function inTransaction<Result>(database: DatabaseSync, act: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = act();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function write(prepared: Statements, { event, before, state, effects, notices }: Commit): readonly Notice[] {
  const { revision } = state;
  prepared.event.run(revision, event.at, event.type, JSON.stringify(event));
  if ('effectId' in event) prepared.effectEnded.run(revision, event.effectId);
  for (const effect of effects) prepared.effect.run(effect.effectId, revision, effect.type, JSON.stringify(effect));
  for (const { kind, id, live, body } of changedRows(before, state)) {
    if (live) prepared.entity.run(kind, id, revision, JSON.stringify(body));
    else prepared.entityLeft.run(revision, kind, id);
  }
  if (event.type === 'intent' && event.intent.type === 'createBill' && event.intent.idempotency) {
    const { key, bodyHash } = event.intent.idempotency;
    prepared.idempotency.run(key, bodyHash, event.intent.billId);
  }
  return notices.map((notice) => {
    const { lastInsertRowid } = prepared.notice.run(revision, event.at, notice.type, JSON.stringify(notice.data));
    return { id: Number(lastInsertRowid), at: event.at, ...notice };
  });
}

function load(prepared: Statements): TerminalState | null {
  const rows = prepared.live.all();
  if (rows.length === 0) return null;
  const parts: Record<string, Record<string, unknown>> = {};
  for (const kind of collections) parts[kind] = {};
  let core: object = {};
  for (const row of rows) {
    const body: unknown = JSON.parse(String(row['body']));
    if (row['kind'] === 'core') core = coreSchema.parse(body);
    else Object.assign(parts[String(row['kind'])] ?? {}, { [String(row['id'])]: body });
  }
  return stateSchema.parse({ ...core, ...parts }) as unknown as TerminalState;
}

function earlier(prepared: Statements, key: string): { billId: BillId; bodyHash: string } | null {
  const row = prepared.earlier.get(key);
  return row ? { billId: String(row['bill_id']) as BillId, bodyHash: String(row['body_hash']) } : null;
}

function one<Entity>(
  prepared: Statements,
  schema: { parse(value: unknown): unknown },
  [kind, id]: readonly [string, string],
): Entity | null {
  const row = prepared.one.get(kind, id);
  return row ? (schema.parse(JSON.parse(String(row['body']))) as Entity) : null;
}
