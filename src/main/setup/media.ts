import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readSetup } from '../adapters/setup/code.ts';

/** A set-up file that lies somewhere. */
export interface FoundFile {
  readonly id: string;
  readonly name: string;
  /** Which terminal it is for; null when it cannot be used. */
  readonly for: string | null;
  readonly text: string;
}

const ending = '.setup.json';
/** Bytes; a set-up file has two thousand. */
const largest = 300_000;
const most = 100;

/** Where Debian's desktops and people mount sticks. */
const removable = /^(?:\/media\/|\/run\/media\/|\/mnt\/)/;

/** Mount points of sticks, as the kernel tells them. */
export function sticks(): readonly string[] {
  try {
    return readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => (line.split(' ')[1] ?? '').replaceAll('\\040', ' '))
      .filter((point) => removable.test(point));
  } catch {
    // Not Linux: only the folders that were named are looked into.
    return [];
  }
}

/** The set-up files on all sticks and in these folders, one level deep. */
export function findSetupFiles(folders: readonly string[]): readonly FoundFile[] {
  const paths = [...sticks(), ...folders].flatMap((folder) => [
    ...filesIn(folder),
    ...foldersIn(folder).flatMap((inner) => filesIn(inner)),
  ]);
  return paths.slice(0, most).flatMap((path) => look(path));
}

function filesIn(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) =>
    entry.isFile() && entry.name.endsWith(ending) ? [join(folder, entry.name)] : [],
  );
}

function foldersIn(folder: string): readonly string[] {
  return entriesOf(folder).flatMap((entry) =>
    entry.isDirectory() && !entry.name.startsWith('.') ? [join(folder, entry.name)] : [],
  );
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Pulled out meanwhile, or not ours to read.
    return [];
  }
}

function look(path: string): readonly FoundFile[] {
  try {
    if (statSync(path).size > largest) return [];
    const text = readFileSync(path, 'utf8');
    return [{ id: path, name: path.split('/').at(-1) ?? path, for: labelOf(text), text }];
  } catch {
    return [];
  }
}

function labelOf(text: string): string | null {
  try {
    return readSetup(text).for;
  } catch {
    // It is shown all the same, and says why when it is chosen.
    return null;
  }
}
