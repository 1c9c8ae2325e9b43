import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { migrations } from '../../src/main/adapters/journal/migrations/index.ts';
import { closureOf, importsOf, type Needed } from './closure.ts';
import type { Tree } from './tree.ts';

/** Where everything lies on a terminal. */
export const home = 'opt/spot-terminal';

/** Debian's name of an architecture -> Node's. */
export const architectures = { amd64: 'x64', arm64: 'arm64' } as const;
export type Architecture = keyof typeof architectures;

/** The architecture of this machine. @throws Error when there is no package for it */
export function ownArchitecture(): Architecture {
  const found = (Object.keys(architectures) as Architecture[]).find((name) => architectures[name] === process.arch);
  if (!found) throw new Error(`There is no package for machines of the kind ${process.arch}: only x64 and arm64.`);
  return found;
}

/** Folders of a package that only its makers need, and files that no program reads. */
const unwantedFolders = /^(?:test|tests|__tests__|docs?|examples?|benchmarks?|bench|\.github|\.vscode|coverage)\//;
const unwantedFiles =
  /\.(?:map|md|markdown|[cm]?ts|ya?ml|cc|cpp|h|gyp|gypi|tgz|flow)$|(?:^|\/)\.[^/]+$|tsconfig[^/]*\.json$/;

/** Whether a file of an npm package is worth its room on a terminal. Licences always are. */
export function isWanted(path: string, architecture: Architecture): boolean {
  if (path.startsWith('node_modules/')) return false;
  if (/(?:^|\/)(?:licen[cs]e|notice|copying)/i.test(path)) return true;
  const prebuilt = /^prebuilds\/([^/]+)\//.exec(path)?.[1];
  if (prebuilt !== undefined) return prebuilt === `linux-${architectures[architecture]}` && !path.includes('musl');
  return !unwantedFolders.test(path) && !unwantedFiles.test(path);
}

interface ProgramOptions {
  readonly root: string;
  readonly architecture: Architecture;
  readonly version: string;
  /** Built programs that this package has no use for. */
  readonly without: readonly string[];
}

/** Puts the built program with the packages it imports into the tree; gives those. */
export function addProgram(tree: Tree, folder: string, options: ProgramOptions): readonly Needed[] {
  const { root, architecture, version, without } = options;
  const built = join(root, 'out/main');
  tree.copyFolder(built, join(folder, 'out/main'), (path) => !without.includes(path));
  tree.copyFolder(join(root, 'out/renderer'), join(folder, 'out/renderer'));
  tree.copyFolder(join(root, 'resources'), join(folder, 'resources'));
  const manifest = { name: 'spot-terminal', version, type: 'module', main: 'out/main/index.js', private: true };
  tree.write(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const needed = closureOf(importsOf(built), root);
  for (const each of needed) {
    tree.copyFolder(each.folder, join(folder, relative(root, each.folder)), (path) => isWanted(path, architecture));
  }
  return needed;
}

/** Puts Node and what programs beside the terminal need to know into the tree. */
export function addRuntime(tree: Tree, { root, name }: { readonly root: string; readonly name: string }): void {
  const node = join(root, 'node_modules/node/bin/node');
  if (!existsSync(node)) throw new Error(`There is no Node at ${node}. Run ./scripts/bootstrap.`);
  tree.copy(node, join(home, 'bin/node'), 0o755);
  tree.write(join(home, 'package'), `${name}\n`);
  // An update that changes it has no way back (packaging/common/opt/spot-terminal/lib/update).
  tree.write(join(home, 'journal-form'), `${migrations.length}\n`);
}

/** Copies what lies as it is under `packaging/FOLDER`. */
export function addFiles(tree: Tree, root: string, folders: readonly string[]): void {
  for (const folder of folders) tree.copyFolder(join(root, 'packaging', folder), '');
}

/** Configuration that technicians may change: kept when a new version brings another. */
export function configurationFiles(tree: Tree): readonly string[] {
  return tree
    .files()
    .filter((path) => path.startsWith('etc/'))
    .map((path) => `/${path}`);
}

/** The licence of everything in the package, as Debian wants it. */
export function addDocuments(tree: Tree, root: string, name: string, needed: readonly Needed[]): void {
  const folder = join('usr/share/doc', name);
  const packages = needed.map((each) => `${each.name} ${each.version}`).join('\n ');
  tree.copy(join(root, 'LICENSE'), join(folder, 'copyright.spot-terminal'));
  tree.write(
    join(folder, 'copyright'),
    `Spot Terminal: the MIT licence, in copyright.spot-terminal.\n\nNode.js: https://github.com/nodejs/node/blob/main/LICENSE\n\n` +
      `npm packages, each with its licence in its folder below /${home}:\n ${packages}\n`,
  );
  for (const document of readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'))) {
    tree.copy(join(root, 'docs', document), join('usr/share/doc/spot-terminal', document));
  }
}
