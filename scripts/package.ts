import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { buildIfStale, root } from './build-if-stale.ts';
import { buildPackage, packings, type Built, type Description, type Packing } from './package/deb.ts';
import { addArchive, addElectron, electronFolder, electronVersion } from './package/electron.ts';
import { addDocuments, addFiles, addProgram, addRuntime, home, ownArchitecture } from './package/program.ts';
import { Tree } from './package/tree.ts';

const help = `Makes the Debian packages of Spot Terminal, for the kind of machine that this is. Needs no network.

  npm run package [-- --out FOLDER] [--version VERSION] [--packing small|quick] [--only headless|electron]

  --out FOLDER        where the packages go; dist when left out
  --version VERSION   of the package; that of package.json when left out
  --packing           small, when left out, takes a minute for each package; quick takes seconds and is half as big again
  --only              makes one of the two

spot-terminal-headless is always made: Node and the program, with Chromium and cage as dependencies. spot-terminal is made
when ELECTRON_OVERRIDE_DIST_PATH names a folder with Electron. The time of all files is SOURCE_DATE_EPOCH, or that of the
newest commit: the same sources give the same packages to the byte.
Prints one line of JSON for each package: {"package":FILE,"bytes":…,"installedBytes":…,"sha256":…}
`;

const hosts = ['headless', 'electron'] as const;
type Host = (typeof hosts)[number];

interface Order {
  readonly out: string;
  readonly version: string;
  readonly packing: Packing;
  readonly epoch: number;
  readonly hosts: readonly Host[];
}

const options = {
  out: { type: 'string', default: 'dist' },
  version: { type: 'string' },
  packing: { type: 'string', default: 'small' },
  only: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function readOrder(): Order | undefined {
  const { values } = parseArgs({ options });
  if (values.help) return undefined;
  const { version: own } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const version = values.version ?? own;
  if (!/^\d[A-Za-z0-9.+~]*$/.test(version)) throw new Error(`${version} is not a version that Debian understands.`);
  const packing = (Object.keys(packings) as Packing[]).find((name) => name === values.packing);
  if (!packing) throw new Error(`--packing takes ${Object.keys(packings).join(' or ')}, not ${values.packing}.`);
  return { out: resolve(values.out), version, packing, epoch: readEpoch(), hosts: chosen(values.only) };
}

function chosen(only: string | undefined): readonly Host[] {
  const some = hosts.filter((host) => only === undefined || host === only);
  if (some.length === 0) throw new Error(`--only takes ${hosts.join(' or ')}, not ${only ?? ''}.`);
  return some;
}

/** Seconds since 1970. @throws Error when nothing tells the time of the sources */
function readEpoch(): number {
  const given = process.env['SOURCE_DATE_EPOCH'];
  const text = given ?? newestCommit();
  if (text !== undefined && /^\d+$/.test(text)) return Number(text);
  throw new Error('Set SOURCE_DATE_EPOCH to the time of these sources, in seconds since 1970: there is no git to ask.');
}

function newestCommit(): string | undefined {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

// cage does not start without Xwayland, although nothing here uses it.
const common = [
  'init-system-helpers',
  'systemd (>= 247)',
  'udev',
  'apt',
  'libpam-systemd',
  'dbus',
  'fonts-dejavu-core',
  'cage',
  'xwayland',
];
const text = ` It shows a spot's QR code, its bills, and takes the money that customers
 have reserved in their Paysera app.
 .
 It starts with the machine on the first console and is never away. How to
 set it up: /usr/share/doc/spot-terminal/installation.md
`;

async function packHeadless(order: Order, folder: string): Promise<Built> {
  const name = 'spot-terminal-headless';
  const tree = new Tree(join(folder, name));
  const { version, epoch, packing, out } = order;
  const architecture = ownArchitecture();
  addFiles(tree, root, ['common', 'headless']);
  const without = ['index.js'];
  const needed = addProgram(tree, join(home, 'app'), { root, architecture, version, without });
  addRuntime(tree, { root, name });
  addDocuments(tree, root, name, needed);
  const description: Description = {
    name,
    version,
    architecture,
    depends: [...common, 'libc6 (>= 2.28)', 'libstdc++6', 'chromium'],
    // brltty takes serial adapters of common kinds for Braille displays.
    conflicts: ['spot-terminal', 'brltty'],
    summary: 'payment terminal for merchants who take Paysera, on Node and Chromium',
    text,
  };
  return buildPackage(tree, { description, root, folder: out, epoch, packing });
}

async function packElectron(order: Order, folder: string, dist: string): Promise<Built> {
  const name = 'spot-terminal';
  const tree = new Tree(join(folder, name));
  const application = new Tree(join(folder, `${name}-app`));
  const { version, epoch, packing, out } = order;
  const architecture = ownArchitecture();
  addFiles(tree, root, ['common', 'electron']);
  const without = ['headless.js', 'kiosk.js', 'pin.js', 'journal.js'];
  const needed = addProgram(application, '', { root, architecture, version, without });
  application.copyFolder(join(root, 'out/preload'), 'out/preload');
  await addElectron(tree, dist);
  await addArchive(tree, application);
  addRuntime(tree, { root, name });
  addDocuments(tree, root, name, needed);
  const libraries = ['libgtk-3-0', 'libnss3', 'libgbm1', 'libasound2', 'libxss1', 'libxtst6'];
  const description: Description = {
    name,
    version,
    architecture,
    depends: [...common, ...libraries, 'libc6 (>= 2.28)', 'libstdc++6'],
    conflicts: ['spot-terminal-headless', 'brltty'],
    summary: 'payment terminal for merchants who take Paysera, on Electron',
    text,
  };
  process.stderr.write(
    `Electron ${electronVersion(dist) ?? 'of a version that it does not tell'} goes to /${electronFolder}.\n`,
  );
  return buildPackage(tree, { description, root, folder: out, epoch, packing });
}

async function main(): Promise<void> {
  const order = readOrder();
  if (!order) {
    process.stdout.write(help);
    return;
  }
  await buildIfStale();
  const folder = mkdtempSync(join(tmpdir(), 'spot-terminal-package-'));
  try {
    const tell = (built: Built) => process.stdout.write(`${JSON.stringify(built)}\n`);
    if (order.hosts.includes('headless')) tell(await packHeadless(order, folder));
    const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
    if (dist && order.hosts.includes('electron')) tell(await packElectron(order, folder, dist));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`package: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
