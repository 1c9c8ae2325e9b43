import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { architectures } from './package/program.ts';

const help = `Keeps a signed apt repository, from which terminals update themselves.

  npm run -s repository -- --to FOLDER --key KEY --address URL PACKAGE.deb...

  --to FOLDER    the repository: files only, for any web server. Made when it is not there
  --key KEY      of gpg, by its fingerprint; it must be able to sign
  --address URL  where terminals will find FOLDER
  PACKAGE.deb    put into it besides what is there. Earlier versions stay: terminals need them to go back

Writes FOLDER/spot-terminal.sources, which goes to /etc/apt/sources.list.d on each terminal; the key is in it.
gpg and apt-ftparchive (Debian's gpg and apt-utils) must be installed. Prints one line of JSON for each package in it.
`;

const options = {
  to: { type: 'string' },
  key: { type: 'string' },
  address: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

interface Order {
  readonly to: string;
  readonly key: string;
  readonly address: string;
  readonly packages: readonly string[];
}

function readOrder(): Order | undefined {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) return undefined;
  const { to, key, address } = values;
  if (!to || !key || !address) throw new Error('--to, --key and --address are needed. Try --help.');
  const wrong = positionals.find((file) => !existsSync(file) || !/^[^_]+_[^_]+_[^_]+\.deb$/.test(basename(file)));
  if (wrong !== undefined) throw new Error(`${wrong} is not a package that "npm run package" has made.`);
  return { to: resolve(to), key, address, packages: positionals };
}

/** What a program printed. @throws Error when it is missing or fails */
function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1_024 * 1_024,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LC_ALL: 'C' },
  });
}

/** A version is published once: terminals that have it would never see that it was changed. */
function addPackage(pool: string, file: string): void {
  const place = join(pool, basename(file));
  if (existsSync(place)) {
    if (readFileSync(place).equals(readFileSync(file))) return;
    throw new Error(`${basename(file)} is in the repository already, and is another one. Give it a new version.`);
  }
  copyFileSync(file, `${place}.new`);
  renameSync(`${place}.new`, place);
}

/** Lists the packages of one architecture; gives those lines that name them. */
function writeIndex(to: string, architecture: string): readonly string[] {
  const folder = join(to, `dists/stable/main/binary-${architecture}`);
  mkdirSync(folder, { recursive: true });
  const index = run('apt-ftparchive', ['--arch', architecture, 'packages', 'pool'], to);
  writeFileSync(join(folder, 'Packages'), index);
  // Without a time in it: the same packages give the same index.
  writeFileSync(join(folder, 'Packages.gz'), gzipSync(index, { level: 9 }));
  return index.split('\n').filter((line) => line.startsWith('Filename: '));
}

function sign({ to, key, address }: Order): void {
  const dists = join(to, 'dists/stable');
  const release = {
    Origin: 'Spot Terminal',
    Label: 'Spot Terminal',
    Suite: 'stable',
    Codename: 'stable',
    Architectures: Object.keys(architectures).join(' '),
    Components: 'main',
  };
  const told = Object.entries(release).flatMap(([name, value]) => ['-o', `APT::FTPArchive::Release::${name}=${value}`]);
  writeFileSync(join(dists, 'Release'), run('apt-ftparchive', [...told, 'release', 'dists/stable'], to));
  const gpg = ['--batch', '--yes', '--local-user', key, '--digest-algo', 'SHA512'];
  run('gpg', [...gpg, '--armor', '--detach-sign', '--output', 'Release.gpg', 'Release'], dists);
  run('gpg', [...gpg, '--clear-sign', '--output', 'InRelease.new', 'Release'], dists);
  renameSync(join(dists, 'InRelease.new'), join(dists, 'InRelease'));
  const armoured = run('gpg', ['--batch', '--armor', '--export', key], to);
  if (armoured === '') throw new Error(`gpg knows no public key ${key}.`);
  const lines = armoured.trimEnd().split('\n');
  const inField = lines.map((line) => ` ${line === '' ? '.' : line}\n`).join('');
  const fields = `Types: deb\nURIs: ${address}\nSuites: stable\nComponents: main\nSigned-By:\n${inField}`;
  writeFileSync(join(to, 'spot-terminal.sources'), fields);
}

function main(): void {
  const order = readOrder();
  if (!order) {
    process.stdout.write(help);
    return;
  }
  const { to, packages } = order;
  const pool = join(to, 'pool');
  mkdirSync(pool, { recursive: true });
  for (const file of packages) addPackage(pool, file);
  const listed = Object.keys(architectures).flatMap((architecture) => writeIndex(to, architecture));
  sign(order);
  for (const line of listed) process.stdout.write(`${JSON.stringify({ package: line.replace('Filename: ', '') })}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`repository: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
