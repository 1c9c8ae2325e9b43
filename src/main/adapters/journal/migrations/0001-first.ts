/** Events, effects and the state they led to, from the first day. Times are milliseconds since 1970. */
export const first = `
  CREATE TABLE events (
    revision INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    event TEXT NOT NULL
  ) STRICT;

  CREATE TABLE effects (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES events (revision),
    type TEXT NOT NULL,
    effect TEXT NOT NULL,
    ended_by INTEGER REFERENCES events (revision)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE entities (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    revision INTEGER NOT NULL REFERENCES events (revision),
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE INDEX live_entities ON entities (live) WHERE live = 1;

  CREATE TABLE idempotency (
    key TEXT PRIMARY KEY,
    body_hash TEXT NOT NULL,
    bill_id TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    revision INTEGER NOT NULL REFERENCES events (revision),
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
`;
