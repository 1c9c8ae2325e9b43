import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bundles that stay in the terminal's own folder; older ones go. */
const kept = 3;

const bundleName = /^spot-terminal-support-.*\.zip$/;

/** A bundle that was put somewhere. */
export interface Placed {
  readonly file: string;
  readonly onStick: boolean;
}

interface PlaceOptions {
  readonly bundle: Uint8Array;
  readonly name: string;
  /** Where sticks are mounted now. */
  readonly sticks: readonly string[];
  /** Where it goes when no stick can be written to; made when it is not there. */
  readonly folder: string;
}

/** Puts a bundle on the first stick that takes it, else into the folder. @throws Error of the file system */
export function placeBundle({ bundle, name, sticks, folder }: PlaceOptions): Placed {
  for (const stick of sticks) {
    const file = join(stick, name);
    try {
      accessSync(stick, constants.W_OK);
      // Written through: it may be pulled out as soon as the screen says where it is.
      writeFileSync(file, bundle, { mode: 0o600, flush: true });
      return { file, onStick: true };
    } catch {
      // Full, read-only, or pulled out: the next one, or the terminal's own folder.
      rmSync(file, { force: true });
    }
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, name);
  writeFileSync(file, bundle, { mode: 0o600, flush: true });
  forgetOld(folder);
  return { file, onStick: false };
}

function forgetOld(folder: string): void {
  const bundles = readdirSync(folder)
    .filter((name) => bundleName.test(name))
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((one, other) => other.at - one.at);
  for (const { path } of bundles.slice(kept)) rmSync(path, { force: true });
}

/** Its name tells which terminal and when, to the second. `now` is milliseconds since 1970. */
export function nameOf(terminal: string, now: number): string {
  const safe = terminal.replaceAll(/[^A-Za-z0-9_-]+/g, '-');
  const moment = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `spot-terminal-support-${safe}-${moment}.zip`;
}
