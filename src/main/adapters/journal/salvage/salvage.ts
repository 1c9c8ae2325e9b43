import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inTransaction, openDatabase } from '../open.ts';
import { readHead } from '../head.ts';
import { isState } from '../schema.ts';
import { Shelf } from '../shelf.ts';
import { gather } from './gather.ts';
import { Pages } from './pages.ts';
import { rebuild } from './rebuild.ts';

/** The files that belong to a journal. */
export const partsOf = (path: string) => ({
  file: path,
  log: `${path}-wal`,
  head: `${path}-head`,
  reserve: `${path}-reserve`,
  /** The log as it was before SQLite opened it. */
  keptLog: `${path}-wal-kept`,
  /** A journal built anew that has yet to take the place of the damaged one. */
  sound: `${path}-sound`,
});

/**
 * Builds a journal anew from everything sound in a damaged one, and puts it in its place. The damaged files are kept
 * in a folder beside it, and never touched again.
 * @param now milliseconds since 1970, for the folder's name
 * @returns that folder, or undefined when nothing could be saved: then nothing was changed
 */
export function salvage(path: string, now: number): string | undefined {
  const parts = partsOf(path);
  const log = [parts.keptLog, parts.log].find((each) => existsSync(each));
  const pages = new Pages(readIfThere(parts.file), log === undefined ? Buffer.alloc(0) : readFileSync(log));
  const gathered = gather(pages);
  const { head } = readHead(parts.head);
  const found = gathered.entries.size + gathered.blocks.size + gathered.checkpoints.size;
  if (found === 0 && head === null) return undefined;

  const kept = keepAside(path, now);
  const building = `${path}-building`;
  for (const each of [building, `${building}-wal`]) rmSync(each, { force: true });
  const { database } = openDatabase(building);
  try {
    const shelf = new Shelf(database);
    inTransaction(database, () => {
      rebuild(gathered, { shelf, headRevision: head?.revision ?? null, isState });
    });
  } finally {
    // The last connection takes the log in: what is left is one file.
    database.close();
  }
  force(building);
  renameSync(building, parts.sound);
  takePlace(path);
  return kept;
}

/** Puts a journal that was built anew in its place, also when the power went in the middle of it. */
export function takePlace(path: string): void {
  const { file, log, keptLog, sound } = partsOf(path);
  if (!existsSync(sound)) return;
  for (const each of [log, keptLog, `${file}-shm`]) rmSync(each, { force: true });
  renameSync(sound, file);
  force(dirname(file));
}

/** Keeps the log as it is before SQLite, which leaves out what it cannot read, may write over it. */
export function keepLog(path: string): void {
  const { log, keptLog } = partsOf(path);
  // One that is there already is older and more complete: the last opening did not come to its end.
  if (existsSync(log) && !existsSync(keptLog)) copyFileSync(log, keptLog);
}

/** The journal was found sound. */
export function forgetLog(path: string): void {
  rmSync(partsOf(path).keptLog, { force: true });
}

function keepAside(path: string, now: number): string {
  const { file, log, head, keptLog } = partsOf(path);
  const stem = `${path}-damaged-${new Date(now).toISOString().replaceAll(':', '.')}`;
  let folder = stem;
  for (let count = 2; existsSync(folder); count += 1) folder = `${stem}-${count}`;
  mkdirSync(folder, { mode: 0o700 });
  const log0 = existsSync(keptLog) ? keptLog : log;
  for (const [from, name] of [
    [file, basename(file)],
    [log0, `${basename(file)}-wal`],
    [head, basename(head)],
  ] as const) {
    if (!existsSync(from)) continue;
    copyFileSync(from, join(folder, name));
    force(join(folder, name));
  }
  return folder;
}

function readIfThere(path: string): Buffer {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
}

/** Has a file or a folder on the disk before anything goes on. */
function force(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
