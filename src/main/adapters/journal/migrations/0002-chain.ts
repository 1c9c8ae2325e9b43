import type { DatabaseSync } from 'node:sqlite';
import { difference } from '../change.ts';
import { beginning, chained, type Entry, type KeptNotice } from '../entry.ts';

/**
 * One chain of entries instead of events, effects, states and notices apart: each with the hash of the one before it,
 * sealed into blocks when they are over (docs/decisions/0005). `bills`, `receipts` and `idempotency` only say in which
 * block to look. `gaps` are entries that were found to be gone.
 */
const form = `
  CREATE TABLE entries (
    revision INTEGER PRIMARY KEY,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    content TEXT NOT NULL
  ) STRICT;

  CREATE TABLE blocks (
    first_revision INTEGER PRIMARY KEY,
    last_revision INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    notices_before INTEGER NOT NULL,
    last_notice INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL,
    sum BLOB NOT NULL,
    packed BLOB
  ) STRICT;

  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision INTEGER NOT NULL,
    notice INTEGER NOT NULL,
    hash BLOB NOT NULL,
    state TEXT NOT NULL,
    sum BLOB NOT NULL
  ) STRICT;

  CREATE TABLE bills (
    id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    first_block INTEGER NOT NULL,
    last_block INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX bill_numbers ON bills (number);

  CREATE TABLE receipts (
    number INTEGER PRIMARY KEY,
    block INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE idempotency_blocks (
    hash INTEGER PRIMARY KEY,
    block INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE gaps (
    first_revision INTEGER PRIMARY KEY,
    last_revision INTEGER NOT NULL,
    doubt INTEGER NOT NULL CHECK (doubt IN (0, 1)),
    told INTEGER NOT NULL CHECK (told IN (0, 1))
  ) STRICT;
`;

/** Brings the first form into this one: what happened becomes entries, and the state as it stands their last one. */
export function chain(database: DatabaseSync): void {
  database.exec(form);
  bringOver(database);
  for (const table of ['notices', 'idempotency', 'entities', 'effects', 'events']) {
    database.exec(`DROP TABLE ${table}`);
  }
}

type Plain = Record<string, unknown>;
const json = (row: unknown, column: string) => JSON.parse(String((row as Plain)[column])) as Plain;

function bringOver(database: DatabaseSync): void {
  const events = database.prepare('SELECT revision, at, event FROM events ORDER BY revision').all();
  if (events.length === 0) return;
  const effects = database.prepare('SELECT effect FROM effects WHERE revision = ? ORDER BY id');
  const notices = database.prepare('SELECT id, type, data FROM notices WHERE revision = ? ORDER BY id');
  const insert = database.prepare('INSERT INTO entries (revision, previous, hash, content) VALUES (?, ?, ?, ?)');
  let previous = beginning;
  const add = (entry: Entry) => {
    const stored = chained(previous, entry);
    insert.run(stored.revision, stored.previous, stored.hash, stored.content);
    previous = stored.hash;
  };
  let last: Pick<Entry, 'revision' | 'at'> = { revision: 0, at: 0 };
  for (const row of events) {
    const revision = Number(row['revision']);
    last = { revision, at: Number(row['at']) };
    const kept = notices.all(revision).map((notice): KeptNotice => ({
      id: Number(notice['id']),
      type: String(notice['type']),
      data: json(notice, 'data'),
    }));
    const begun = effects.all(revision).map((each) => json(each, 'effect') as Entry['effects'][number]);
    add({ ...last, event: json(row, 'event') as Entry['event'], effects: begun, notices: kept, change: {} });
  }
  const { state, ended } = stood(database);
  const revision = last.revision + 1;
  const change = difference(null, { ...state, revision }) ?? [];
  add({
    revision,
    at: last.at,
    event: { type: 'journalBroughtOver', form: 1 },
    effects: [],
    notices: [],
    change,
    ended,
  });
}

/** The state as the first form kept it, and what had left it. */
function stood(database: DatabaseSync) {
  const state: Plain = { bills: {}, offers: {}, receipts: {}, attention: {} };
  const ended = { bills: {} as Plain, receipts: {} as Plain };
  for (const row of database.prepare('SELECT kind, id, live, body FROM entities').all()) {
    const kind = String(row['kind']);
    const entry = { [String(row['id'])]: json(row, 'body') };
    if (kind === 'core') Object.assign(state, json(row, 'body'));
    else if (Number(row['live']) === 1) Object.assign(state[kind] as Plain, entry);
    else if (kind === 'bills' || kind === 'receipts') Object.assign(ended[kind], entry);
  }
  return { state, ended };
}
