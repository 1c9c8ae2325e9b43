import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readJournal } from '../adapters/journal/read.ts';
import { failed, failure, fine, skipped, warning, type Finding } from './finding.ts';

/** Bytes: below the first nothing works for long; below the second somebody should make room. */
const leastFreeBytes = 64 * 1024 * 1024;
const scarceFreeBytes = 512 * 1024 * 1024;
const million = 1024 * 1024;

/** The folder of the journal and the tokens: there or to be made, ours to write, and nobody else's to read. */
export function examineDataFolder(folder: string): Finding {
  const part = 'data_folder';
  try {
    const existing = nearest(folder);
    accessSync(existing, constants.W_OK | constants.X_OK);
    const { mode, uid } = statSync(existing);
    if (existing === folder && (mode & 0o077) !== 0) {
      return warning({
        part,
        code: 'folder_exposed',
        message: `Others may look into ${folder}. Run chmod 700 on it: bills and tokens are in there.`,
      });
    }
    if (existing === folder && uid !== process.getuid?.()) {
      return warning({
        part,
        code: 'folder_foreign',
        message: `${folder} belongs to another user. Give it to the terminal's.`,
      });
    }
    return fine(part, `${folder} can be written.`);
  } catch (error) {
    const readOnly = error instanceof Error && 'code' in error && error.code === 'EROFS';
    const why = readOnly ? 'is on a file system that can only be read' : 'cannot be written by this user';
    return failed({
      part,
      code: 'folder_unwritable',
      message: `${folder} ${why}. Mount it for writing, or give it to the terminal's user.`,
    });
  }
}

function nearest(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

/** Room on the disk of the data folder. */
export function examineDisk(folder: string): Finding {
  const { bavail, bsize } = statfsSync(nearest(folder));
  const free = bavail * bsize;
  const message = `${Math.floor(free / million)} MB are free where the journal is.`;
  if (free < leastFreeBytes) {
    return failed({ part: 'disk', code: 'disk_full', message: `${message} Make room: without it no bills are taken.` });
  }
  if (free < scarceFreeBytes)
    return warning({ part: 'disk', code: 'disk_scarce', message: `${message} Make room soon.` });
  return fine('disk', message);
}

/** Whether a terminal runs on this journal now: it holds its lock. */
export function isRunning(folder: string): boolean {
  const path = join(folder, 'journal.db');
  if (!existsSync(path)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    return error instanceof Error && /locked|busy/i.test(error.message);
  } finally {
    database?.close();
  }
}

/** Every entry of the journal against the hash of the one before, also while a terminal writes it. */
export function examineJournal(folder: string): Finding {
  const path = join(folder, 'journal.db');
  if (!existsSync(path)) return fine('journal', 'There is no journal yet; the first start makes it.');
  try {
    const journal = readJournal(path);
    try {
      const { entries, faults } = journal.verify();
      const [first] = faults;
      if (first === undefined) return fine('journal', `${entries} entries, each as it was written.`);
      return failed({
        part: 'journal',
        code: 'journal_damaged',
        message: `${first} ${faults.length > 1 ? `And ${faults.length - 1} more. ` : ''}Keep a copy of the folder, then see docs/journal.md.`,
      });
    } finally {
      journal.close();
    }
  } catch (error) {
    return failure('journal', error);
  }
}

interface Server {
  readonly part: 'till' | 'screens';
  readonly host: string;
  readonly port: number;
  readonly running: boolean;
}

/** Whether a port that the terminal listens on can be had. */
export async function examinePort({ part, host, port, running }: Server): Promise<Finding> {
  if (port === 0) return fine(part, 'Any free port is taken.');
  const server = createServer();
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => {
      resolve(undefined);
    });
  });
  if (error === undefined) {
    await new Promise((resolve) => server.close(resolve));
    if (!running) return fine(part, `Port ${port} of ${host} is free.`);
    return failed({
      part,
      code: 'not_listening',
      message: `The terminal runs, but nothing listens on port ${port}. Start it again.`,
    });
  }
  if (error.code === 'EADDRINUSE' && running) return fine(part, `The running terminal listens on port ${port}.`);
  if (error.code === 'EADDRINUSE') {
    return failed({
      part,
      code: 'port_taken',
      message: `Port ${port} of ${host} is taken by another program. End that, or configure another port.`,
    });
  }
  return failed({
    part,
    code: 'port_unusable',
    message: `Port ${port} of ${host} cannot be had (${String(error.code)}). Configure another host or port.`,
  });
}

/** The built screens with their typeface and both languages. */
export function examineScreens(folder: string): Finding | null {
  const page = join(folder, 'index.html');
  const assets = join(folder, 'assets');
  if (existsSync(page) && existsSync(assets)) return null;
  return failed({
    part: 'screens',
    code: 'screens_missing',
    message: `The screens are not in ${folder}. Install the program again, or run npm run build.`,
  });
}

/** For what a running terminal has for itself. */
export function inUse(part: 'printer' | 'display', name?: string): Finding {
  return skipped(part, 'The running terminal has it; its status screen shows how it is.', name);
}
