import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from './error.ts';
import type { SetupContent } from './seal.ts';

interface Place {
  /** Of the configuration; the key and the signer's name lie beside it. */
  readonly path: string;
  readonly signer: string;
}

const keyName = 'mac-key';
const signerName = 'setup-signer';

/** What a set-up makes beside the configuration. */
export const setupFiles = [keyName, signerName] as const;

/**
 * Puts a set-up in its place: first the key, for the terminal's user alone, the configuration last, so that a terminal whose plug was
 * pulled in between is simply not set up yet.
 * @param check throws when the text cannot be a configuration at that path
 * @throws SetupError
 */
export function installSetup(
  { configuration, macKey }: SetupContent,
  { path, signer }: Place,
  check: (text: string, path: string) => unknown,
): void {
  if (existsSync(path)) throw new SetupError('setup_already_done');
  const folder = dirname(path);
  const text = `${JSON.stringify({ ...configuration, key: { file: keyName } }, null, 2)}\n`;
  try {
    check(text, path);
  } catch (error) {
    throw new SetupError('setup_configuration', error, error instanceof Error ? error.message : undefined);
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    const known = signerOf(join(folder, signerName));
    if (known !== undefined && known !== signer) throw new SetupError('setup_other_signer');
    replace(join(folder, signerName), `${signer}\n`, 0o644);
    replace(join(folder, keyName), macKey, 0o600);
    replace(path, text, 0o640);
  } catch (error) {
    throw error instanceof SetupError ? error : new SetupError('setup_unwritable', error);
  }
}

function signerOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** Written whole or not at all, whatever happens to the power. @throws Error of the file system */
export function replace(path: string, text: string, mode: number): void {
  const besides = `${path}.part`;
  // Left by a power cut; its mode may be another one.
  rmSync(besides, { force: true });
  const file = openSync(besides, 'wx', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(besides, path);
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
}
