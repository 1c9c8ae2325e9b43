import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync, type Stats } from 'node:fs';

/** Why a key or token cannot be used. */
export type KeyFileCode =
  | 'key_not_configured'
  | 'key_missing'
  | 'key_unreadable'
  | 'key_not_a_file'
  | 'key_exposed'
  | 'key_empty'
  | 'key_malformed';

/** A key or token file that cannot be used, with a sentence that tells what to do. Never holds the contents. */
export class KeyFileError extends Error {
  readonly code: KeyFileCode;

  constructor(code: KeyFileCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'KeyFileError';
    this.code = code;
  }
}

const largestFile = 4096;

/** Modes that are private enough: nobody else may do anything. */
function isPrivate(stats: Stats): boolean {
  return (stats.mode & 0o077) === 0;
}

/**
 * systemd may give a credential as 0440 with an access list for the unit's user: the group's bits are then the list's
 * mask, and the directory lets nobody else in (systemd issue 29435). Anything wider was not written by systemd.
 */
export function isPrivateCredential(stats: Stats): boolean {
  return isPrivate(stats) || (stats.mode & 0o777) === 0o440;
}

interface SecretFile {
  readonly path: string;
  /** What it holds, for sentences: `MAC key`. */
  readonly what: string;
  readonly accepts?: (stats: Stats) => boolean;
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function open({ path, what }: SecretFile): number {
  try {
    // Not blocking: opening a pipe that nobody writes to would wait for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      throw new KeyFileError('key_missing', `The file of the ${what} is missing: put it at ${path}.`, error);
    }
    const sentence = `The file of the ${what} cannot be read (${systemCode(error)}): check who owns ${path}.`;
    throw new KeyFileError('key_unreadable', sentence, error);
  }
}

function check({ path, what, accepts = isPrivate }: SecretFile, stats: Stats): void {
  if (!stats.isFile()) {
    throw new KeyFileError('key_not_a_file', `${path} is not a regular file: put the ${what} into a file there.`);
  }
  if (!accepts(stats)) {
    const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
    const sentence = `Others may read the ${what} at ${path} (mode ${mode}): run "chmod 600 ${path}", and consider the key known.`;
    throw new KeyFileError('key_exposed', sentence);
  }
  if (stats.size > largestFile) {
    throw new KeyFileError('key_malformed', `${path} is too large to be a ${what}: put only the ${what} into it.`);
  }
}

/**
 * The text in a private file, without one newline at its end.
 * @throws KeyFileError when it is missing, not a regular file, open to others, empty, or not one line of plain text.
 */
export function readSecretFile(file: SecretFile): string {
  const descriptor = open(file);
  try {
    check(file, fstatSync(descriptor));
    const text = readFileSync(descriptor, 'utf8').replace(/\r?\n$/, '');
    if (text === '') {
      throw new KeyFileError(
        'key_empty',
        `The file of the ${file.what} is empty: put the ${file.what} into ${file.path}.`,
      );
    }
    if (!/^[\x21-\x7e]+$/.test(text)) {
      const sentence = `${file.path} holds more than one line, spaces or other characters: put only the ${file.what} into it.`;
      throw new KeyFileError('key_malformed', sentence);
    }
    return text;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Writes a new private file of mode 0600 and makes sure it is on the disk; false when there is a file already.
 * @throws KeyFileError `key_unreadable` when it cannot be written.
 */
export function createSecretFile(path: string, what: string, text: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    const sentence = `The ${what} cannot be written to ${path} (${systemCode(error)}): check that the folder exists and is ours.`;
    throw new KeyFileError('key_unreadable', sentence, error);
  }
  try {
    writeSync(descriptor, `${text}\n`);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return true;
}
