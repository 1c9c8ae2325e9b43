import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createNotifier } from '../../../src/main/watchdog/notify.ts';
import { startSupervision, type SupervisionOptions } from '../../../src/main/watchdog/supervision.ts';
import { keepingLog } from '../../fakes/log.ts';
import { openNotifySocket, type NotifySocket } from '../../fakes/notify-socket.ts';
import { idleSnapshot } from '../../fakes/screen-desk.ts';
import { until } from '../../fakes/until.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function socketOf(): Promise<NotifySocket> {
  const socket = await openNotifySocket();
  ends.push(() => socket.close());
  return socket;
}

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spot-terminal-state-'));
  ends.push(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** A terminal whose well-being the test decides. */
function scene(environment: Record<string, string>, change: Partial<SupervisionOptions> = {}) {
  const clock = new VirtualClock();
  const log = keepingLog();
  const world = { screenAt: null as number | null, rest: true, broken: false };
  const stop = startSupervision({
    terminal: {
      snapshot: () => {
        if (world.broken) throw new Error('the state is gone');
        return idleSnapshot();
      },
      isAtRest: () => world.rest,
    },
    lastRoundTrip: () => world.screenAt,
    screenUrl: 'http://127.0.0.1:8700/?token=secret',
    version: '1.2.3',
    clock,
    log,
    environment,
    ...change,
  });
  ends.push(stop);
  return { clock, log, world, stop };
}

const stateIn = (folder: string) =>
  Object.fromEntries(
    readFileSync(join(folder, 'state'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('=')),
  ) as Record<string, string>;

test('the service manager hears that it is ready, then that it lives while a screen does, and that it ends', async () => {
  const socket = await socketOf();
  const { clock, world, stop, log } = scene({ NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '30000000' });
  await until(() => socket.lines().includes('READY=1'), 'READY=1');
  await until(() => socket.count('WATCHDOG=1') === 1, 'the first sign of life');

  const fedAfter = async (milliseconds: number) => {
    const before = socket.count('WATCHDOG=1');
    await clock.advance(milliseconds);
    return until(() => socket.count('WATCHDOG=1') > before, 'a sign of life');
  };
  await fedAfter(5_000);
  world.screenAt = clock.monotonic();
  await fedAfter(35_000);
  // The screen is silent from here on: for as long as the service manager waits, and longer, it hears nothing.
  const heard = socket.count('WATCHDOG=1');
  await clock.advance(60_000);
  expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  world.screenAt = clock.monotonic();
  await fedAfter(5_000);
  expect(socket.count('WATCHDOG=1')).toBe(heard + 1);
  expect(log.lines.at(-1)?.message).toBe('The terminal is well again.');

  await stop();
  expect(socket.lines().at(-1)).toBe('STOPPING=1');
  expect(clock.pending).toBe(0);
});

test('a core that does not answer is not called alive, whatever the screens say', async () => {
  const socket = await socketOf();
  const folder = folderOf();
  const { clock, world } = scene({ NOTIFY_SOCKET: socket.path, RUNTIME_DIRECTORY: folder });
  await until(() => socket.count('WATCHDOG=1') === 1, 'the first sign of life');
  const written = statSync(join(folder, 'state')).mtimeMs;
  world.broken = true;
  world.screenAt = clock.monotonic();
  await clock.advance(30_000);
  expect(socket.count('WATCHDOG=1')).toBe(1);
  expect(statSync(join(folder, 'state')).mtimeMs).toBe(written);
});

test('where no screen belongs to the terminal, none is waited for', async () => {
  const socket = await socketOf();
  const { clock } = scene({ NOTIFY_SOCKET: socket.path, SPOT_TERMINAL_WATCH: 'core' });
  await until(() => socket.count('WATCHDOG=1') === 1, 'the first sign of life');
  await clock.advance(3_600_000);
  await until(() => socket.count('WATCHDOG=1') >= 2, 'a sign of life after an hour without a screen');
});

test('other programs read how it is, and only its user reads where the screens are', async () => {
  const folder = folderOf();
  const { clock, world } = scene({ RUNTIME_DIRECTORY: folder });
  expect(stateIn(folder)).toEqual({
    version: '1.2.3',
    pid: String(process.pid),
    well: 'yes',
    problem: '',
    screen: 'never',
    rest: 'yes',
    view: 'idle',
    reason: '',
  });
  expect(readFileSync(join(folder, 'screen-address'), 'utf8')).toBe('http://127.0.0.1:8700/?token=secret\n');
  expect(statSync(join(folder, 'screen-address')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'state'), 'utf8')).not.toContain('secret');
  world.rest = false;
  await clock.advance(100_000);
  expect(stateIn(folder)).toMatchObject({ rest: 'no', well: 'no', problem: 'screen_never_came' });
  world.screenAt = clock.monotonic();
  await clock.advance(5_000);
  expect(stateIn(folder)).toMatchObject({ well: 'yes', screen: '5' });
  expect(readdirSync(folder).sort()).toEqual(['screen-address', 'state']);
});

test('a folder that cannot be written stops nothing', async () => {
  const { clock, log } = scene({ RUNTIME_DIRECTORY: '/dev/null/nowhere' });
  await clock.advance(10_000);
  expect(log.lines.every(({ level }) => level === 'warn')).toBe(true);
  expect(log.lines.length).toBeGreaterThan(1);
});

test('without systemd it does nothing', async () => {
  const { clock, log, stop } = scene({});
  await clock.advance(1_000_000);
  await stop();
  expect(log.lines).toEqual([]);
});

test('a message that cannot be sent is told to the log', async () => {
  const log = keepingLog();
  expect(await createNotifier({ socket: '/nowhere/at/all', log }).tell('READY=1')).toBe(false);
  expect(await createNotifier({ socket: '/x', log, program: '/no/such/program' }).tell('READY=1')).toBe(false);
  expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error']);
});
