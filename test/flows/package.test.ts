import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { extractFile, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, expect, test } from 'vitest';
import { setFuses } from '../../scripts/package/electron.ts';
import { runToEnd } from './process.ts';
import { Stage } from './stage.ts';

const work = mkdtempSync(join(tmpdir(), 'spot-terminal-package-'));
afterAll(() => {
  rmSync(work, { recursive: true });
});

interface Made {
  readonly package: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Makes one of the packages. */
async function make(only: 'headless' | 'electron', out: string, environment: NodeJS.ProcessEnv = {}): Promise<Made> {
  const args = ['--out', join(work, out), '--packing', 'quick', '--only', only];
  const { code, out: text, err } = await runToEnd('scripts/package.ts', args, environment);
  if (code !== 0) throw new Error(err);
  return JSON.parse(text) as Made;
}

/** Takes a package apart, as dpkg would put it onto a machine. */
async function unpacked(file: string, name: string): Promise<string> {
  const folder = join(work, name);
  await promisify(execFile)('dpkg-deb', ['-x', file, folder]);
  return folder;
}

/** A binary with a strip of fuses as Electron has it: all of them inherited. Electron's own is not needed for it. */
function electronWith(fuses: number): string {
  const folder = mkdtempSync(join(work, 'electron-'));
  const strip = Buffer.concat([
    Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, fuses]),
    Buffer.alloc(fuses, FuseState.DISABLE),
  ]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.alloc(5_000_000, 7), strip, Buffer.alloc(1_000, 7)]), {
    mode: 0o755,
  });
  writeFileSync(join(folder, 'chrome-sandbox'), 'stand-in', { mode: 0o755 });
  writeFileSync(join(folder, 'version'), '45.4.1\n');
  mkdirSync(join(folder, 'resources'));
  writeFileSync(join(folder, 'resources/default_app.asar'), 'what Electron shows without an application');
  return folder;
}

test('two builds give the same bytes, whatever the time zone and the language, and none without a reason', async () => {
  const epoch = { SOURCE_DATE_EPOCH: '1790000000' };
  const first = await make('headless', 'first', { ...epoch, TZ: 'UTC', LC_ALL: 'C' });
  const second = await make('headless', 'second', { ...epoch, TZ: 'Europe/Vilnius', LC_ALL: 'lt_LT.UTF-8' });
  expect(first.sha256).toBe(second.sha256);
  const other = await make('headless', 'third', { SOURCE_DATE_EPOCH: '1790000001' });
  expect(other.sha256).not.toBe(first.sha256);
});

test('what is in the package runs with nothing but what is in it', async () => {
  const made = await make('headless', 'running');
  const folder = await unpacked(made.package, 'unpacked');
  const stage = await Stage.openSandbox();
  try {
    const home = join(folder, 'opt/spot-terminal');
    await stage.startProgram(join(home, 'bin/node'), [
      join(home, 'app/out/main/headless.js'),
      '--config',
      stage.config,
    ]);
    const page = await fetch(stage.terminal.ready.screenUrl, { redirect: 'manual' });
    expect(page.status).toBe(303);
    await stage.putIn();
  } finally {
    await stage.close();
  }
  expect(statSync(join(folder, 'opt/spot-terminal/lib/update')).mode & 0o777).toBe(0o755);
});

test('the package with Electron holds a program that can do nothing but start ours', async () => {
  const dist = electronWith(9);
  const made = await make('electron', 'electron', { ELECTRON_OVERRIDE_DIST_PATH: dist });
  const again = await make('electron', 'electron-again', { ELECTRON_OVERRIDE_DIST_PATH: dist });
  expect(made.package).toMatch(/spot-terminal_[\d.]+_amd64\.deb$/);
  expect(made.sha256).toBe(again.sha256);
  const home = join(await unpacked(made.package, 'unpacked-electron'), 'opt/spot-terminal/electron');
  const wire = await getCurrentFuseWire(join(home, 'electron'));
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.EnableNodeCliInspectArguments,
    FuseV1Options.GrantFileProtocolExtraPrivileges,
  ];
  for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe(FuseState.DISABLE);
  expect(wire[FuseV1Options.OnlyLoadAppFromAsar]).toBe(FuseState.ENABLE);

  const archive = join(home, 'resources/app.asar');
  const files = listPackage(archive, { isPack: false });
  for (const file of ['/package.json', '/out/main/index.js', '/out/preload/index.cjs', '/out/renderer/index.html']) {
    expect(files).toContain(file);
  }
  expect(files).not.toContain('/out/main/headless.js');
  expect(JSON.parse(extractFile(archive, 'package.json').toString())).toMatchObject({ main: 'out/main/index.js' });
  expect(() => statSync(join(home, 'resources/app.asar.unpacked/out/main/device-file-child.js'))).not.toThrow();
  expect(() => readFileSync(join(home, 'resources/default_app.asar'))).toThrow();
});

test('an Electron with a fuse that nobody has thought of is not packed', async () => {
  await expect(setFuses(join(electronWith(10), 'electron'))).rejects.toThrow('strictlyRequireAllFuses');
  await expect(make('electron', 'none', { ELECTRON_OVERRIDE_DIST_PATH: work })).rejects.toThrow(
    'There is no Electron in',
  );
});

test('a repository is signed, keeps what it has, and a version in it never changes', async () => {
  const gnupg = mkdtempSync(join(work, 'gnupg-'));
  const gpg = async (...args: readonly string[]) =>
    (await promisify(execFile)('gpg', ['--homedir', gnupg, '--batch', ...args])).stdout;
  await gpg('--passphrase', '', '--quick-generate-key', 'Test <test@localhost>', 'ed25519', 'sign');
  const key = /^fpr:+([0-9A-F]+):/m.exec(await gpg('--with-colons', '--list-keys'))?.[1] ?? '';
  const to = join(work, 'repository');
  const put = async (...files: readonly string[]) => {
    const args = ['--to', to, '--key', key, '--address', 'https://updates.example/terminals', ...files];
    return runToEnd('scripts/repository.ts', args, { GNUPGHOME: gnupg });
  };
  const older = await small('1.0.0', 'one');
  expect((await put(older)).out).toBe('{"package":"pool/small_1.0.0_amd64.deb"}\n');
  const both = await put(await small('1.0.1', 'two'));
  expect(both.out.split('\n').filter((line) => line !== '')).toHaveLength(2);
  await gpg('--verify', join(to, 'dists/stable/InRelease'));
  await gpg('--verify', join(to, 'dists/stable/Release.gpg'), join(to, 'dists/stable/Release'));
  const sources = readFileSync(join(to, 'spot-terminal.sources'), 'utf8');
  expect(sources).toContain('URIs: https://updates.example/terminals\n');
  expect(sources).toContain('Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n');
  expect((await put(older)).code).toBe(0);
  const changed = await put(await small('1.0.0', 'three'));
  expect(changed.code).toBe(1);
  expect(changed.err).toContain('Give it a new version');
  await promisify(execFile)('gpgconf', ['--homedir', gnupg, '--kill', 'all']);
});

/** A package with one file. */
async function small(version: string, content: string): Promise<string> {
  const tree = mkdtempSync(join(work, 'small-'));
  mkdirSync(join(tree, 'DEBIAN'));
  const fields = `Package: small\nVersion: ${version}\nArchitecture: amd64\nMaintainer: T <t@localhost>\nDescription: t\n`;
  writeFileSync(join(tree, 'DEBIAN/control'), fields);
  writeFileSync(join(tree, 'file'), content);
  const file = join(tree, `small_${version}_amd64.deb`);
  await promisify(execFile)('dpkg-deb', ['--root-owner-group', '--build', tree, file]);
  return file;
}
