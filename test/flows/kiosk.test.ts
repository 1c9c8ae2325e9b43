import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { afterEach, expect, test } from 'vitest';
import { readQr } from '../sandbox/printer/camera.ts';
import { openNotifySocket, type NotifySocket } from '../fakes/notify-socket.ts';
import { until } from '../fakes/until.ts';
import { openGlass } from './glass.ts';
import { start, type Started } from './process.ts';
import { spotCode, Stage } from './stage.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const rootHere = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

interface Scene {
  readonly stage: Stage;
  readonly socket: NotifySocket;
  readonly runtime: string;
  readonly state: () => Record<string, string>;
  /** Without a monitor, or on one. */
  readonly openKiosk: (display?: string) => Started<unknown>;
}

/** The terminal as a service, with real Chromium at its screens. */
async function open(): Promise<Scene> {
  const runtime = mkdtempSync(join(tmpdir(), 'spot-terminal-run-'));
  ends.push(() => {
    rmSync(runtime, { recursive: true, force: true, maxRetries: 5 });
  });
  const socket = await openNotifySocket();
  ends.push(() => socket.close());
  const stage = await Stage.openSandbox();
  ends.push(() => stage.close());
  // Looked at twice a second, so that a test sees soon what a service does in half a minute.
  const environment = { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '2000000', RUNTIME_DIRECTORY: runtime };
  await stage.restart(environment);
  const address = join(runtime, 'screen-address');
  const openKiosk = (display?: string) => {
    // Under cage a window fills the glass; X without a window manager leaves it where and as large as it is told.
    const window = ['--ozone-platform=x11', '--window-position=0,0', '--window-size=800,480'];
    const quietHere = [...(display === undefined ? ['--headless'] : window), ...rootHere];
    const profile = join(runtime, 'profile');
    const own = ['--address-file', address, '--profile', profile, '--every', '0.5'];
    const environment = display === undefined ? {} : { DISPLAY: display };
    const kiosk = start('src/main/kiosk.ts', [...own, '--', ...quietHere], environment);
    ends.push(() => kiosk.stop());
    return kiosk;
  };
  const state = () =>
    Object.fromEntries(
      readFileSync(join(runtime, 'state'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('=')),
    ) as Record<string, string>;
  return { stage, socket, runtime, state, openKiosk };
}

test('the service is ready, its screen comes up, and the watchdog is fed by what is on the glass', async () => {
  const { socket, state, openKiosk } = await open();
  await until(() => socket.lines().includes('READY=1'), 'READY=1');
  await until(() => state()['view'] === 'idle', 'the spot’s code');
  expect(state()).toMatchObject({ well: 'yes', rest: 'yes', screen: 'never' });
  const kiosk = openKiosk();
  await until(() => state()['screen'] !== 'never', 'a round trip through the screen');
  const fed = socket.count('WATCHDOG=1');
  await until(() => socket.count('WATCHDOG=1') > fed, 'a sign of life');
  expect(kiosk.log()).not.toContain('not as it should be');
  expect(await kiosk.stop()).toBe(0);
});

test('on a monitor it fills the whole glass, and a phone reads the spot’s code from it', async () => {
  const { openKiosk } = await open();
  const glass = await openGlass(800, 480);
  ends.push(() => glass.close());
  openKiosk(glass.display);
  await until(() => readQr(PNG.sync.write(glass.picture())) === spotCode, 'the code on the glass', 40_000);
  const { width, height, data } = glass.picture();
  if (process.env['SCREENS']) writeFileSync('docs/screens/kiosk.png', PNG.sync.write(glass.picture()));
  // No frame and no bar: the corners have the light ground of the page.
  const dot = (x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)].join();
  // A little inwards: without a window manager Chromium leaves the last line of dots free.
  const inwards = (x: number, y: number) => dot(x === 0 ? 3 : width - 4, y === 0 ? 3 : height - 4);
  const corners = [inwards(0, 0), inwards(1, 0), inwards(0, 1), inwards(1, 1)];
  expect(corners.filter((colour) => colour.split(',').some((part) => Number(part) < 200))).toEqual([]);
});

test('the token is on no command line', async () => {
  const { runtime, state, openKiosk } = await open();
  const token = new URL(readFileSync(join(runtime, 'screen-address'), 'utf8').trim()).searchParams.get('token') ?? '';
  expect(token.length).toBeGreaterThan(20);
  openKiosk();
  await until(() => state()['screen'] !== 'never', 'a round trip through the screen');
  const { stdout } = await promisify(execFile)('ps', ['axww', '-o', 'args=']);
  expect(stdout).toContain(join(runtime, 'profile'));
  expect(stdout).not.toContain(token);
});

test('a browser that cannot show the screens is given up, so that it is started anew', async () => {
  const { runtime, openKiosk } = await open();
  writeFileSync(join(runtime, 'screen-address'), 'http://127.0.0.1:9/?token=x\n');
  const kiosk = openKiosk();
  expect(await kiosk.exited).toBe(1);
  expect(kiosk.log()).toContain('"remedy":"reload"');
  expect(kiosk.log()).toContain('started anew');
});

test('a page that hangs is given up, and until then nothing of it feeds the watchdog', async () => {
  const { state, openKiosk } = await open();
  const kiosk = openKiosk();
  await until(() => state()['screen'] !== 'never', 'a round trip through the screen');
  for (const pid of await renderersOf(kiosk.pid)) process.kill(pid, 'SIGSTOP');
  expect(await kiosk.exited).toBe(1);
  expect(Number(state()['screen'])).toBeGreaterThan(8);
});

/** The processes of a browser in which its pages run. */
async function renderersOf(ancestor: number): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['axww', '-o', 'pid=,ppid=,args=']);
  const all = [...stdout.matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, args = '']) => ({
    pid: Number(pid),
    parent: Number(parent),
    args,
  }));
  const family = new Set([ancestor]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid, args }) => family.has(pid) && args.includes('--type=renderer')).map(({ pid }) => pid);
}
