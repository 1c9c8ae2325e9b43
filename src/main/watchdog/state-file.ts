import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What other programs of this machine may know of the terminal; each value is one word. */
export interface LocalState {
  readonly version: string;
  readonly pid: number;
  /** Whether the watchdog is fed; else `problem` says why not. */
  readonly well: 'yes' | 'no';
  readonly problem: string;
  /** Seconds since a screen last answered, or `never`. */
  readonly screen: number | 'never';
  /** Whether a restart would disturb nobody. */
  readonly rest: 'yes' | 'no';
  /** What customers see, and why the terminal cannot serve, if so. */
  readonly view: string;
  readonly reason: string;
}

/**
 * Writes `FOLDER/state`, one `name=value` a line, so that a shell can read it: at once as a whole, never in part. It is
 * as old as the file says.
 * @throws Error of the file system
 */
export function writeState(folder: string, state: LocalState): void {
  const lines = Object.entries(state).map(([name, value]) => `${name}=${String(value)}\n`);
  replace(join(folder, 'state'), lines.join(''));
}

/**
 * Writes `FOLDER/screen-address`: what a browser opens, with the token, hence for this user and root alone.
 * @throws Error of the file system
 */
export function writeScreenAddress(folder: string, url: string): void {
  replace(join(folder, 'screen-address'), `${url}\n`);
}

function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
