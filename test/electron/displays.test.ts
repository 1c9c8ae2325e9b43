import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { until } from '../fakes/until.ts';
import { spotCode, Stage } from '../flows/stage.ts';
import { buildScreens } from '../renderer/fixture/build.ts';
import { readCode } from '../renderer/fixture/measures.ts';
import { buildMainAndPreload, type Built } from './built.ts';
import { launchStandIn, type StandInTerminal } from './launch.ts';
import { monitorsVariable, type Monitor } from './screen.ts';

/** The built terminal with a QR display on a monitor of its own, in the stand-in, with a sandbox of the API. */

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'electron-displays-'));
const own: Monitor = { id: 11, label: 'Staff', bounds: { x: 0, y: 0, width: 1024, height: 600 } };
const customer: Monitor = { id: 12, label: 'Customer', bounds: { x: 1024, y: 0, width: 800, height: 480 } };
const twin: Monitor = { ...customer, id: 13, bounds: { ...customer.bounds, x: 1824 } };

let built: Built;
let stage: Stage | undefined;
let terminal: StandInTerminal | undefined;

beforeAll(async () => {
  built = await buildMainAndPreload('displays');
  const screens = await buildScreens();
  cpSync(screens.folder, join(dirname(built.main), '../renderer'), { recursive: true });
  await screens.remove();
});

afterEach(async () => {
  expect(await terminal?.stop()).toBe(0);
  terminal = undefined;
  await stage?.close();
  stage = undefined;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function plug(...monitors: readonly Monitor[]): void {
  writeFileSync(join(folder, 'next'), JSON.stringify(monitors));
  renameSync(join(folder, 'next'), join(folder, 'monitors.json'));
}

async function launch(displays: readonly object[], ...args: readonly string[]): Promise<StandInTerminal> {
  stage = await Stage.openSandbox({ displays });
  const env = { [monitorsVariable]: join(folder, 'monitors.json') };
  terminal = await launchStandIn({ entry: built.main, args: [`--config=${stage.config}`, ...args], env });
  return terminal;
}

const pagesOf = ({ page }: StandInTerminal): Page[] =>
  page
    .context()
    .pages()
    .filter((each) => each.url().includes('display.html'));

/** The page of the display, once it shows the spot's code. */
async function displayOf(running: StandInTerminal): Promise<Page> {
  return until(async () => {
    for (const page of pagesOf(running)) if (await page.locator('canvas[data-qr]').isVisible()) return page;
    return undefined;
  }, 'the page of the display');
}

test('the code is on the configured monitor, whole, and the page can do nothing but show', async () => {
  plug(own, customer);
  const running = await launch([{ type: 'screen', output: 'Customer' }]);
  const page = await displayOf(running);
  expect(await readCode(page)).toBe(spotCode);
  expect(await page.evaluate(() => [innerWidth, innerHeight])).toEqual([800, 480]);
  const opened = running
    .journal()
    .find(({ what, options }) => what === 'window' && JSON.stringify(options).includes('"x"'));
  expect(opened?.options).toMatchObject({ ...customer.bounds, kiosk: true, frame: false });
  expect(await page.evaluate(() => Object.keys(window).filter((name) => /terminal|displayLine/.test(name)))).toEqual([
    'displayLine',
  ]);
  await until(() => running.output().includes('A QR display is connected.'), 'the display to be connected');
  // What comes to the front when the terminal is started twice is the terminal's own window, not this one.
  expect(running.page.url()).not.toBe(page.url());
});

test('a monitor that is unplugged and plugged in shows the present again', async () => {
  plug(own, customer);
  const running = await launch([{ type: 'screen' }]);
  await displayOf(running);
  plug(own);
  await until(() => pagesOf(running).length === 0, 'the window to be gone');
  await until(() => running.output().includes('"display_not_found"'), 'staff to be told');
  plug(own, { ...customer, bounds: { ...customer.bounds, width: 1280, height: 800 } });
  const page = await displayOf(running);
  expect(await readCode(page)).toBe(spotCode);
  expect(await page.evaluate(() => innerWidth)).toBe(1280);
});

test('two equal monitors are not guessed between', async () => {
  plug(own, customer, twin);
  const running = await launch([{ type: 'screen', output: 'Customer' }]);
  await until(() => running.output().includes('"display_ambiguous"'), 'staff to be told');
  expect(pagesOf(running)).toEqual([]);
  plug(own, twin);
  expect(await readCode(await displayOf(running))).toBe(spotCode);
});

test('a display’s page that crashes comes back, and the terminal’s own page stays', async () => {
  plug(own, customer);
  const running = await launch([{ type: 'screen' }]);
  const page = await displayOf(running);
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => undefined);
  await until(() => running.journal().some(({ what }) => what === 'renderer-crashed'), 'the crash');
  const connections = () => running.output().split('A QR display is connected.').length;
  await until(() => connections() > 2, 'the display to be connected again');
  expect(await running.page.evaluate(() => window.terminal.snapshot())).toMatchObject({ spot: { code: spotCode } });
});

test('without a kiosk it is an ordinary window on whatever monitor there is', async () => {
  plug(own);
  const running = await launch([{ type: 'screen' }], '--windowed');
  expect(await readCode(await displayOf(running))).toBe(spotCode);
});
