import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Whether a file goes into the package, by its path below the folder that is copied. */
export type Wanted = (path: string) => boolean;

interface Entry {
  /** Below the tree's root. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** The files of a package as they will lie on the terminal; the same whatever machine and user make it. */
export class Tree {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
    mkdirSync(root, { recursive: true });
  }

  /** Where that path of the terminal is now. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** Writes a text file. */
  write(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text);
    chmodSync(this.at(path), mode);
  }

  /** Copies one file. Who may run it is told by `mode`. */
  copy(from: string, path: string, mode = 0o644): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    copyFileSync(from, this.at(path));
    chmodSync(this.at(path), mode);
  }

  /** Copies a folder's files, links followed; those that may be run here may be run there. */
  copyFolder(from: string, path: string, wanted: Wanted = () => true): void {
    for (const { path: inner, isFolder } of entriesOf(from)) {
      if (isFolder || !wanted(inner)) continue;
      const runnable = (statSync(join(from, inner)).mode & 0o100) !== 0;
      this.copy(join(from, inner), join(path, inner), runnable ? 0o755 : 0o644);
    }
  }

  /** Every file, sorted. */
  files(): readonly string[] {
    return entriesOf(this.root)
      .filter(({ isFolder }) => !isFolder)
      .map(({ path }) => path);
  }

  /** Of all files together. */
  get bytes(): number {
    return this.files().reduce((sum, path) => sum + statSync(this.at(path)).size, 0);
  }

  /** The lines of `md5sums`, for `dpkg --verify`. */
  md5sums(): string {
    const sums = this.files()
      .filter((path) => !path.startsWith('DEBIAN/'))
      .map(
        (path) =>
          `${createHash('md5')
            .update(readFileSync(this.at(path)))
            .digest('hex')}  ${path}\n`,
      );
    return sums.join('');
  }

  /** Gives every folder the same mode and everything the same time, in seconds since 1970. */
  settle(epoch: number): void {
    for (const { path, isFolder } of entriesOf(this.root).toReversed()) {
      if (isFolder) chmodSync(this.at(path), 0o755);
      lutimesSync(this.at(path), epoch, epoch);
    }
    chmodSync(this.root, 0o755);
    lutimesSync(this.root, epoch, epoch);
  }
}

/** Everything below a folder, a folder before what is in it, sorted by name whatever the language of the machine. */
function entriesOf(root: string, below = ''): readonly Entry[] {
  return readdirSync(join(root, below))
    .sort()
    .flatMap((name): readonly Entry[] => {
      const path = below === '' ? name : `${below}/${name}`;
      if (!statSync(join(root, path)).isDirectory()) return [{ path, isFolder: false }];
      return [{ path, isFolder: true }, ...entriesOf(root, path)];
    });
}
