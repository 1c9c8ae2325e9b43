import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { configurationFiles, type Architecture } from './program.ts';
import type { Tree } from './tree.ts';

/** What is told of a package. */
export interface Description {
  readonly name: string;
  readonly version: string;
  readonly architecture: Architecture;
  readonly depends: readonly string[];
  readonly conflicts: readonly string[];
  /** One line, then paragraphs. */
  readonly summary: string;
  readonly text: string;
}

/** How tightly the package is packed: `small` for terminals, `quick` for whoever only wants to try it. */
export const packings = { small: ['-Zxz', '-z6'], quick: ['-Zzstd', '-z3'] } as const;
export type Packing = keyof typeof packings;

export interface Built {
  readonly package: string;
  readonly bytes: number;
  readonly installedBytes: number;
  readonly sha256: string;
}

interface BuildOptions {
  readonly description: Description;
  /** The project's folder. */
  readonly root: string;
  /** Where the package goes. */
  readonly folder: string;
  /** The time of everything in it, seconds since 1970. */
  readonly epoch: number;
  readonly packing: Packing;
}

/** Makes the package of a tree. The same tree, description and time give the same bytes. */
export async function buildPackage(tree: Tree, options: BuildOptions): Promise<Built> {
  const { description, root, folder, epoch, packing } = options;
  const installedBytes = tree.bytes;
  addControl(tree, description, root);
  tree.settle(epoch);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${description.name}_${description.version}_${description.architecture}.deb`);
  // In its place only when it is whole.
  await run(['--root-owner-group', ...packings[packing], '--build', tree.root, `${file}.new`], epoch);
  renameSync(`${file}.new`, file);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { package: file, bytes: statSync(file).size, installedBytes, sha256 };
}

async function run(args: readonly string[], epoch: number): Promise<void> {
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(epoch), LC_ALL: 'C' };
  const child = spawn('dpkg-deb', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('dpkg-deb could not make the package. What it wrote is above.');
}

function addControl(tree: Tree, description: Description, root: string): void {
  const { name, version, architecture, depends, conflicts, summary, text } = description;
  const sums = tree.md5sums();
  const configuration = configurationFiles(tree);
  const fields = {
    Package: name,
    Version: version,
    Architecture: architecture,
    Maintainer: 'Spot Terminal <root@localhost>',
    'Installed-Size': String(Math.ceil(tree.bytes / 1024)),
    Depends: depends.join(', '),
    Conflicts: conflicts.join(', '),
    Section: 'misc',
    Priority: 'optional',
    Description: `${summary}\n${text}`,
  };
  const control = Object.entries(fields).map(([field, value]) => `${field}: ${value}\n`);
  tree.write('DEBIAN/control', control.join(''));
  tree.write('DEBIAN/md5sums', sums);
  tree.write('DEBIAN/conffiles', configuration.map((path) => `${path}\n`).join(''));
  for (const script of ['postinst', 'prerm', 'postrm']) {
    const source = readFileSync(join(root, 'packaging/debian', script), 'utf8');
    tree.write(join('DEBIAN', script), source.replaceAll('@PACKAGE@', name), 0o755);
  }
}
