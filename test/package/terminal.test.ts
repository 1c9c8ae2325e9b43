import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeSandboxConfiguration, type SandboxReady } from '../../scripts/sandbox-configuration.ts';
import { until } from '../fakes/until.ts';
import { run, type Running } from '../flows/process.ts';
import { Box, here } from './box.ts';

/**
 * The life of a terminal, on a fresh Debian with its real apt, dpkg and systemd: one long story, each test goes on where
 * the one before ended. Only the monitor is missing: cage, with Chromium in it, draws into memory.
 */

const name = 'spot-terminal-headless';
const work = mkdtempSync(join(tmpdir(), 'spot-terminal-package-'));
const dist = join(work, 'dist');
const repository = join(work, 'repository');
const keyring = join(work, 'gnupg');
let box: Box;
let sandbox: Running<SandboxReady>;
let tillPort = 0;

beforeAll(async () => {
  sandbox = await run<SandboxReady>('sandbox/main.ts', ['--port', '0', '--seed', '7']);
  for (const version of ['1.0.0', '1.0.1']) await make(version);
  await spoil('1.0.1', '1.0.2', 'opt/spot-terminal/app/out/main/headless.js', () => 'process.exit(1);\n');
  await spoil('1.0.1', '1.0.3', 'opt/spot-terminal/journal-form', () => '99\n');
  makeKey();
  box = new Box();
  mkdirSync(box.at('srv/repository'), { recursive: true });
  tillPort = await freePort();
});

afterAll(async () => {
  await box.close();
  await sandbox.stop();
  execFileSync('gpgconf', ['--homedir', keyring, '--kill', 'all']);
  rmSync(work, { recursive: true, force: true });
});

async function make(version: string): Promise<void> {
  await here(process.execPath, ['scripts/package.ts', '--out', dist, '--version', version, '--packing', 'quick']);
}

const fileOf = (version: string) => join(dist, `${name}_${version}_amd64.deb`);

/** Another version, which differs in one file. */
async function spoil(from: string, version: string, path: string, change: (text: string) => string): Promise<void> {
  const folder = join(work, `tree-${version}`);
  await here('dpkg-deb', ['-R', fileOf(from), folder]);
  writeFileSync(join(folder, path), change(readFileSync(join(folder, path), 'utf8')));
  const control = join(folder, 'DEBIAN/control');
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}`));
  await here('dpkg-deb', ['--root-owner-group', '-Zzstd', '-z1', '--build', folder, fileOf(version)]);
  rmSync(folder, { recursive: true });
}

function makeKey(): void {
  mkdirSync(keyring, { mode: 0o700 });
  const args = ['--batch', '--passphrase', '', '--quick-generate-key', 'Test <test@localhost>', 'ed25519', 'sign'];
  execFileSync('gpg', ['--homedir', keyring, ...args], { stdio: 'ignore' });
}

/** Puts a version into the repository, and the repository into the box. */
async function publish(version: string): Promise<void> {
  const colons = execFileSync('gpg', ['--homedir', keyring, '--with-colons', '--list-keys'], { encoding: 'utf8' });
  const key = /^fpr:+([0-9A-F]+):/m.exec(colons)?.[1] ?? '';
  const address = ['--to', repository, '--key', key, '--address', 'file:/srv/repository'];
  await here(process.execPath, ['scripts/repository.ts', ...address, fileOf(version)], { GNUPGHOME: keyring });
  await here('cp', ['-r', `${repository}/.`, box.at('srv/repository')]);
  copyFileSync(join(repository, 'spot-terminal.sources'), box.at('etc/apt/sources.list.d/spot-terminal.sources'));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** What the terminal says of itself. */
async function state(): Promise<Record<string, string>> {
  const { text } = await box.sh('cat /run/spot-terminal/state');
  return Object.fromEntries(text.split('\n').map((line) => line.split('='))) as Record<string, string>;
}

const mainPid = async () => Number(await box.must('systemctl show -P MainPID spot-terminal'));

/** It says so itself, and it is not the one before that said so. */
const isWell = async () => {
  const { well, view, screen, pid } = await state();
  return well === 'yes' && view === 'idle' && screen !== 'never' && Number(pid) === (await mainPid());
};

const logOf = (unit: string) => box.must(`journalctl -o cat -u ${unit}`);
const version = () => box.must(`dpkg-query -W -f '\${Version}' ${name}`);

test('apt installs it on a fresh Debian 12, with everything that it needs, and asks nothing', async () => {
  copyFileSync(fileOf('1.0.0'), box.at(`srv/${name}_1.0.0_amd64.deb`));
  await box.must('apt-get update -qq');
  await box.must(`apt-get install -y --no-install-recommends /srv/${name}_1.0.0_amd64.deb </dev/null`);
  expect(await box.must('stat -c "%a %U %G %n" /etc/spot-terminal /var/lib/spot-terminal')).toBe(
    '1770 root spot-terminal /etc/spot-terminal\n700 spot-terminal spot-terminal /var/lib/spot-terminal',
  );
  expect(await box.must('id -nG spot-terminal')).toBe('spot-terminal lp dialout');
  expect(await box.must('id -nG spot-terminal-screen')).toBe('spot-terminal-screen');
  expect(await box.must('systemctl is-enabled spot-terminal.service spot-terminal-update.timer')).toBe(
    'enabled\nenabled',
  );
  expect(await box.must(`dpkg --verify ${name}`)).toBe('');
});

test('systemd and udev find nothing wrong with the units and the rules, and the services have little to attack', async () => {
  const units =
    'spot-terminal.service spot-terminal-kiosk.service spot-terminal-update.service spot-terminal-update.timer';
  const { code, text } = await box.sh(`systemd-analyze verify ${units} 2>&1`);
  expect(text.split('\n').filter((line) => line.includes('spot-terminal'))).toEqual([]);
  expect(code).toBe(0);
  for (const unit of ['spot-terminal', 'spot-terminal-kiosk']) {
    const { code: most } = await box.sh(
      `systemd-analyze security --offline=yes --threshold=40 /lib/systemd/system/${unit}.service`,
    );
    expect(most, unit).toBe(0);
  }
  expect((await box.sh('udevadm test-builtin path_id /sys/class/tty/console >/dev/null; udevadm --version')).code).toBe(
    0,
  );
});

test('its tools are at hand', async () => {
  expect(await box.must('echo 471147 | spot-terminal-pin')).toMatch(/^scrypt\$/);
  expect(await box.must('spot-terminal-journal --help')).toContain('journal.db');
});

test('without a configuration it shows its set-up, and nothing fails', async () => {
  await box.boot();
  await until(
    async () => (await box.sh('cat /run/spot-terminal/state')).text.includes('view=setup'),
    'the set-up',
    60_000,
  );
  expect(await box.must('cat /run/spot-terminal/screen-address')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
  expect(await box.must('systemctl --failed --no-legend --plain list-units "spot-terminal*"')).toBe('');
});

test('with a configuration it starts, Chromium shows its screens from within its sandbox, and systemd knows', async () => {
  const folder = mkdtempSync(join(work, 'configuration-'));
  const sections = { terminal: { dataFolder: '/var/lib/spot-terminal' }, till: { port: tillPort } };
  await writeSandboxConfiguration(folder, sandbox.ready, { pin: '471147', sections });
  for (const file of ['config.json', 'mac-key'])
    box.write(`etc/spot-terminal/${file}`, readFileSync(join(folder, file), 'utf8'));
  box.write(
    'etc/systemd/system/spot-terminal-kiosk.service.d/no-monitor.conf',
    `[Unit]\nConditionPathExists=\n[Service]\nStandardInput=null\nTTYPath=\nTTYReset=no\nTTYVHangup=no\nTTYVTDisallocate=no\n` +
      `Environment=WLR_BACKENDS=headless WLR_RENDERER=pixman WLR_HEADLESS_OUTPUTS=1\n`,
  );
  await box.must(
    'systemd-tmpfiles --create spot-terminal.conf && systemctl daemon-reload && systemctl restart spot-terminal',
  );
  expect(await box.must('stat -c "%a %U %G" /etc/spot-terminal/config.json /etc/spot-terminal/mac-key')).toBe(
    '640 spot-terminal spot-terminal\n600 spot-terminal spot-terminal',
  );
  await until(isWell, 'the terminal and its screen', 60_000);
  expect(await box.must('systemctl is-active spot-terminal spot-terminal-kiosk')).toBe('active\nactive');
  const browser = await box.must('ps -o user:32= -C chromium');
  expect(new Set(browser.split('\n').map((line) => line.trim()))).toEqual(new Set(['spot-terminal-screen']));
  expect(await box.must('ps axww -o args=')).not.toContain('--no-sandbox');
});

test('the browser can read neither key nor journal, and no token stands in the log or on a command line', async () => {
  const read = (path: string) => box.sh(`runuser -u spot-terminal-screen -- cat ${path}`);
  for (const path of [
    '/etc/spot-terminal/mac-key',
    '/var/lib/spot-terminal/journal.db',
    '/run/spot-terminal/screen-address',
  ]) {
    expect((await read(path)).text, path).toContain('Permission denied');
  }
  // Otherwise there would be nothing to look at.
  await box.must('systemctl restart spot-terminal');
  expect(await logOf('spot-terminal')).toContain('The terminal has stopped.');
  await until(isWell, 'the terminal after it was restarted', 60_000);
  const log = `${await box.must('journalctl -o cat')}\n${await box.must('ps axwwe -o args=')}`;
  for (const secret of [
    'var/lib/spot-terminal/screen-token',
    'var/lib/spot-terminal/till-token',
    'etc/spot-terminal/mac-key',
  ]) {
    expect(log).not.toContain(box.read(secret).trim());
  }
});

test('killed, it is back in seconds; hanging, systemd ends it and starts it again; and its screen with it', async () => {
  const first = await mainPid();
  await box.must(`kill -9 ${first}`);
  await until(
    async () => ![0, first].includes(await mainPid()) && (await isWell()),
    'the terminal after a crash',
    60_000,
  );
  const second = await mainPid();
  await box.must(`kill -STOP ${second}`);
  await until(async () => ![0, second].includes(await mainPid()), 'systemd to lose its patience', 60_000);
  await until(isWell, 'the terminal after a hang', 60_000);
  expect(await logOf('spot-terminal')).toContain('Watchdog timeout');
});

test('a browser that is gone comes back', async () => {
  const before = await box.must('systemctl show -P MainPID spot-terminal-kiosk');
  await box.must('pkill -9 -o -x chromium');
  await until(
    async () => !['0', before].includes(await box.must('systemctl show -P MainPID spot-terminal-kiosk')),
    'a new browser',
  );
  await until(isWell, 'the screen after a crash', 60_000);
});

test('a power cut and a boot later everything is as it was', async () => {
  await box.powerOff();
  await box.boot();
  await until(isWell, 'the terminal after a power cut', 60_000);
});

test('an update waits for the service window, then for a bill; then it is installed, and is well', async () => {
  await publish('1.0.0');
  await publish('1.0.1');
  const conf = box.read('etc/spot-terminal/update.conf');
  const later = new Date(Date.now() + 7_200_000).toISOString().slice(11, 13);
  box.write('etc/spot-terminal/update.conf', conf.replace(/^WINDOW=.*$/m, `WINDOW=${later}:00-${later}:01`), 0o640);
  await box.must('/opt/spot-terminal/lib/update');
  expect(await version()).toBe('1.0.0');

  const quick = { WINDOW: '00:00-24:00', HEALTHY_WITHIN: '60', HEALTHY_FOR: '5' };
  box.write(
    'etc/spot-terminal/update.conf',
    Object.entries(quick)
      .map((pair) => `${pair.join('=')}\n`)
      .join(''),
    0o640,
  );
  const headers = {
    authorization: `Bearer ${box.read('var/lib/spot-terminal/till-token').trim()}`,
    'content-type': 'application/json',
  };
  const till = `http://127.0.0.1:${tillPort}/v1/bills`;
  const bill = { number: '7', lines: [{ title: 'Coffee', total: 250 }], total: 250, currency: 'EUR' };
  const put = await fetch(till, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': 'one' },
    body: JSON.stringify(bill),
  });
  const { id } = (await put.json()) as { id: string };
  await until(async () => (await state())['rest'] === 'no', 'the bill to be known');
  expect(await box.must('/opt/spot-terminal/lib/update')).toContain('in use: later');
  expect(await version()).toBe('1.0.0');

  expect(
    (await fetch(`${till}/${id}`, { method: 'DELETE', headers: { authorization: headers.authorization } })).ok,
  ).toBe(true);
  await until(async () => (await state())['rest'] === 'yes', 'the bill to be gone', 60_000);
  expect(await box.must('/opt/spot-terminal/lib/update')).toContain('Version 1.0.1 is well.');
  expect(await version()).toBe('1.0.1');
});

test('a version that is not well is taken back by itself, and not tried again', async () => {
  await publish('1.0.2');
  await until(isWell, 'the terminal');
  const { code, text } = await box.sh('/opt/spot-terminal/lib/update');
  expect(text).toContain('Version 1.0.1 is back and well.');
  expect(code).toBe(1);
  expect(await version()).toBe('1.0.1');
  expect(await box.must('/opt/spot-terminal/lib/update')).toContain('It is left alone.');
});

test('a power cut while a bad version is on trial changes nothing about that', async () => {
  box.write('var/lib/spot-terminal-update/refused', '');
  const { text } = await box.sh(
    '(/opt/spot-terminal/lib/update >/dev/null 2>&1 &) ; sleep 1; until grep -q . /var/lib/spot-terminal-update/trial && dpkg-query -W -f "\\${Version}" spot-terminal-headless | grep -q 1.0.2; do sleep 0.2; done; echo on trial',
  );
  expect(text).toContain('on trial');
  await box.powerOff();
  await box.boot();
  const { text: later } = await box.sh('/opt/spot-terminal/lib/update');
  expect(`${later}${await logOf('spot-terminal-update')}`).toContain('Version 1.0.1 is back and well.');
  expect(await version()).toBe('1.0.1');
});

test('a version from which there is no way back is left to a technician', async () => {
  await publish('1.0.3');
  await until(isWell, 'the terminal');
  const { code, text } = await box.sh('/opt/spot-terminal/lib/update');
  expect(text).toContain('there is no way back from it');
  expect(code).toBe(1);
  expect(await version()).toBe('1.0.1');
});

test('a repository with a wrong signature is not believed', async () => {
  const release = box.read('srv/repository/dists/stable/InRelease');
  box.write('srv/repository/dists/stable/InRelease', release.replace('Suite: stable', 'Suite: stabel'));
  const { code, text } = await box.sh('/opt/spot-terminal/lib/update');
  expect(text).toContain('signature is not right');
  expect(code).toBe(1);
  expect(await version()).toBe('1.0.1');
});

test('apt downgrades it; over a newer journal it is the program that refuses, with a sentence', async () => {
  await box.must(`apt-get install -y --allow-downgrades --no-install-recommends /srv/${name}_1.0.0_amd64.deb`);
  await until(isWell, 'the older version', 60_000);
  await box.must('systemctl stop spot-terminal');
  const newer = `new (require("node:sqlite").DatabaseSync)("/var/lib/spot-terminal/journal.db").exec("PRAGMA user_version = 99")`;
  // As the terminal's user: root would leave files behind that it may not write.
  const asTerminal = 'runuser -u spot-terminal -- /opt/spot-terminal/bin/node';
  await box.must(`${asTerminal} -e '${newer}'`);
  await box.sh('systemctl start --no-block spot-terminal');
  await until(async () => (await logOf('spot-terminal')).includes('[journal_newer]'), 'the refusal');
  expect(await logOf('spot-terminal')).toContain('was written by a newer version of Spot Terminal');
  await box.must('systemctl stop spot-terminal');
  await box.must(`${asTerminal} -e '${newer.replace('99', box.read('opt/spot-terminal/journal-form').trim())}'`);
  await box.must('systemctl start spot-terminal');
});

test('removed, it leaves configuration, key and journal; installed again, it goes on with them', async () => {
  await until(isWell, 'the terminal', 60_000);
  await box.must(`apt-get remove -y ${name}`);
  expect((await box.sh('systemctl is-active spot-terminal spot-terminal-kiosk spot-terminal-update.timer')).text).toBe(
    'inactive\ninactive\ninactive',
  );
  expect(box.has('opt/spot-terminal')).toBe(false);
  for (const kept of [
    'etc/spot-terminal/config.json',
    'etc/spot-terminal/mac-key',
    'var/lib/spot-terminal/journal.db',
  ]) {
    expect(box.has(kept), kept).toBe(true);
  }
  await box.must(`apt-get install -y --no-install-recommends /srv/${name}_1.0.0_amd64.deb`);
  await until(isWell, 'the terminal after it was installed again', 60_000);
});

test('purged, it asks nothing and leaves nothing', async () => {
  await box.must(`apt-get purge -y ${name} </dev/null`);
  const left = await box.must(
    'find / -xdev \\( -path /proc -o -path /sys -o -path /srv -o -path /var/log -o -path /var/cache/apt -o -path /var/lib/apt/lists \\) -prune -o -name "*spot-terminal*" -print',
  );
  expect(left).toBe('');
  expect((await box.sh('getent passwd spot-terminal spot-terminal-screen; getent group spot-terminal')).text).toBe('');
});
