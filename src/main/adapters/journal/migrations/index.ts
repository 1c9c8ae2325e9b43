import type { DatabaseSync } from 'node:sqlite';
import { first } from './0001-first.ts';
import { chain } from './0002-chain.ts';

/**
 * All migrations in order; the database's `user_version` is how many it has had. Append only: a terminal in the field
 * cannot be mended by hand (style.md 17). Each has a test.
 */
export const migrations: readonly ((database: DatabaseSync) => void)[] = [
  (database) => {
    database.exec(first);
  },
  chain,
];
