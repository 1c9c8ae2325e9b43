import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { JournalError } from '../../ports/journal.ts';
import { Damage } from './check.ts';
import { migrations } from './migrations/index.ts';

/** An open database, and whether this program brought it into its present form just now. */
export interface OpenDatabase {
  readonly database: DatabaseSync;
  readonly migrated: boolean;
}

/** Files up to this size are checked by SQLite as a whole at each opening: milliseconds. Bytes. */
const checkedWholeBytes = 8 * 1024 * 1024;

/**
 * Opens the journal's database: made when it is missing, locked against a second terminal, and brought to the newest
 * form. WAL with synchronous=FULL: a commit that returned survives a power cut (hardware.md 5).
 * @throws JournalError `journal_in_use`, `journal_damaged`, `journal_newer` or `journal_unwritable`
 */
export function openDatabase(path: string): OpenDatabase {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    database = new DatabaseSync(path, { timeout: 0 });
    return { database, migrated: prepare(database, path) };
  } catch (error) {
    database?.close();
    throw asJournalError(error, path);
  }
}

function prepare(database: DatabaseSync, path: string): boolean {
  // Exclusive before WAL: the lock is then held from the first read to the end, and a second terminal is told.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec('PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 8388608; BEGIN IMMEDIATE; COMMIT;');
  if (sizeOf(database) <= checkedWholeBytes) {
    const check = database.prepare('PRAGMA quick_check(1)').get();
    if (check?.['quick_check'] !== 'ok') throw damaged(path, check?.['quick_check']);
  }
  return migrate(database, path);
}

function sizeOf(database: DatabaseSync): number {
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  return pages * Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
}

function migrate(database: DatabaseSync, path: string): boolean {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (version > migrations.length) {
    throw new JournalError(
      'journal_newer',
      `The journal ${path} was written by a newer version of Spot Terminal (form ${version}, this program knows up to ` +
        `${migrations.length}). Install that version again; nothing was changed.`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < version) continue;
    inTransaction(database, () => {
      migration(database);
      database.exec(`PRAGMA user_version = ${index + 1}`);
    });
  }
  return version < migrations.length;
}

/** Does all of it, or nothing. @throws what was thrown inside, or what the commit throws */
export function inTransaction<Result>(database: DatabaseSync, act: () => Result): Result {
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

export function damaged(path: string, cause: unknown): JournalError {
  return new JournalError(
    'journal_damaged',
    `The journal ${path} is damaged, and nothing of it could be saved, so the terminal does not start: payments could ` +
      'be lost. Keep the file, restore a backup or move the file away and check the open payments at Paysera by hand.',
    cause,
  );
}

/** SQLite's result codes: https://sqlite.org/rescode.html */
const busy = new Set([5, 6, 261, 517]);
const broken = new Set([11, 26]);
/** A page that is cut off. */
const shortRead = 522;
const full = 13;

function codeOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) : 0;
}

/** Whether SQLite found no room on the disk. */
export function isDiskFull(error: unknown): boolean {
  return codeOf(error) === full;
}

/** An error of SQLite or of the file system as a sentence that says what to do. */
export function asJournalError(error: unknown, path: string): JournalError {
  if (error instanceof JournalError) return error;
  const code = codeOf(error);
  if (busy.has(code)) {
    return new JournalError(
      'journal_in_use',
      `Another terminal is running with the journal ${path}. Close it, or give this one a data folder of its own.`,
      error,
    );
  }
  // A row that does not parse was not written by us, or not left alone.
  if (
    broken.has(code & 0xff) ||
    code === shortRead ||
    error instanceof z.ZodError ||
    error instanceof SyntaxError ||
    error instanceof Damage
  )
    return damaged(path, error);
  const reason = error instanceof Error ? error.message : String(error);
  return new JournalError(
    'journal_unwritable',
    `The journal ${path} cannot be written (${reason}). Check that the disk is not full and that the folder belongs to ` +
      'the terminal; no payment is taken until it can be written.',
    error,
  );
}
