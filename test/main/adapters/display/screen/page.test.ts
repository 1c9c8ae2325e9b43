import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { showingOf, type Showing } from '../../../../../src/main/core/display/showing.ts';
import { languages, type Snapshot } from '../../../../../src/shared/snapshot.ts';
import { idleSnapshot } from '../../../../fakes/screen-desk.ts';
import { until } from '../../../../fakes/until.ts';
import { openBrowser } from '../../../../renderer/fixture/browser.ts';
import { buildScreens, type BuiltScreens } from '../../../../renderer/fixture/build.ts';
import { findCodeFaults, findFaintTexts, findLayoutFaults, readCode } from '../../../../renderer/fixture/measures.ts';
import { customerPictures } from '../../../../renderer/fixture/snapshots.ts';
import { readWithZbar } from '../../../../sandbox/printer/zbar.ts';
import { openDisplay } from './stage.ts';

/** The page for a QR display on a monitor of its own, in a real browser, held by the keeper that holds every display. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const sizes = [
  { width: 480, height: 320 },
  { width: 800, height: 480 },
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1080, height: 1920 },
  { width: 480, height: 800 },
] as const;
const spotCode = 'PAYSERA*3:table7';
const large: Showing = { view: 'bill', code: spotCode, title: 'To pay', amount: '1,234,567.89 EUR' };
const idle: Showing = { view: 'idle', code: spotCode, title: 'Scan to pay', amount: '' };

let browser: Browser;
let screens: BuiltScreens;
beforeAll(async () => {
  [browser, screens] = await Promise.all([openBrowser(), buildScreens()]);
});
afterAll(async () => {
  await browser.close();
  await screens.remove();
});

const showingFor = (customer: Partial<Snapshot['customer']>, language: Snapshot['language']): Showing => {
  const snapshot = idleSnapshot({ language });
  return showingOf({ ...snapshot, customer: { ...snapshot.customer, ...customer } });
};
/** Twice a module more would not fit: the code is as large as its part of the glass allows. */
const leastSide = ({ width, height }: { width: number; height: number }) =>
  width > height ? Math.min(height, width * 0.62) - 29 : Math.min(width, height * 0.66) - 29;

test.each(sizes)('on $width × $height every state is shown whole, in both languages, and read back', async (size) => {
  const display = await openDisplay(browser, screens.folder, size);
  for (const language of languages) {
    for (const [name, customer] of Object.entries(customerPictures)) {
      const showing = showingFor(customer, language);
      await display.show(showing);
      const shown = [`${name} ${language}`];
      expect([...shown, ...(await findLayoutFaults(display.page))]).toEqual(shown);
      expect([...shown, ...(await findFaintTexts(display.page))]).toEqual(shown);
    }
  }
  await display.show(large);
  expect(await findLayoutFaults(display.page)).toEqual([]);
  // The page was not there yet when the keeper began.
  expect(display.problems.filter((problem) => problem !== null && problem !== 'display_not_found')).toEqual([]);
  expect(display.complaints).toEqual([]);
});

test.each(sizes)('on $width × $height two readers read the code, as large as the glass allows', async (size) => {
  const display = await openDisplay(browser, screens.folder, size);
  for (const showing of [showingFor({}, 'lt'), large]) {
    await display.show(showing);
    expect(await readCode(display.page)).toBe(spotCode);
    expect(await readWithZbar(await display.page.screenshot())).toBe(spotCode);
    expect(await findCodeFaults(display.page)).toEqual([]);
    const box = await display.page.locator('canvas').boundingBox();
    expect(box?.width).toBeGreaterThan(leastSide(size));
  }
});

test('a long code on a glass with one and a half pixels to the point is whole and even', async () => {
  const display = await openDisplay(browser, screens.folder, { width: 853, height: 480 }, 1.5);
  const code = 'PAYSERA*123456:a-Very-Long-Identifier_of-a-table';
  await display.page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
  await display.show({ ...idle, code });
  expect(await readCode(display.page)).toBe(code);
  expect(await readWithZbar(await display.page.screenshot())).toBe(code);
  expect(await findCodeFaults(display.page, 1.5)).toEqual([]);
});

test('a code goes at once when the terminal goes, and is there again when it is back', async () => {
  const display = await openDisplay(browser, screens.folder, sizes[1]);
  await display.show(idle);
  await display.stopServer();
  await display.page.locator('canvas').waitFor({ state: 'detached', timeout: 1_000 });
  await until(() => display.problems.at(-1) === 'display_not_found', 'staff to be told');
  await display.startServer();
  await display.page.locator('canvas').waitFor();
  expect(await readCode(display.page)).toBe(spotCode);
  await until(() => display.problems.at(-1) === null, 'staff to be told that it is over');
});

test('a code goes when the terminal hangs behind an open line', async () => {
  const display = await openDisplay(browser, screens.folder, sizes[1]);
  let frozen = false;
  await display.page.routeWebSocket(/\/display\?/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!frozen) socket.send(message);
    });
  });
  await display.page.reload();
  await display.show(idle);
  frozen = true;
  await display.page.locator('canvas').waitFor({ state: 'detached', timeout: 4_500 });
  await until(() => display.problems.at(-1) === 'display_not_answering', 'staff to be told');
  frozen = false;
  await display.page.locator('canvas').waitFor();
});

test('what the glass shows is read from its pixels: a spoilt code is noticed and put right', async () => {
  const display = await openDisplay(browser, screens.folder, sizes[1]);
  await display.show(idle);
  await display.page.evaluate(() => {
    const canvas = document.querySelector('canvas');
    canvas?.getContext('2d')?.fillRect(0, 0, canvas.width, canvas.height);
  });
  await until(async () => (await readCode(display.page)) === spotCode, 'the code to be right again');
  await display.page.evaluate(() => {
    const title = document.querySelector('[data-title]');
    if (title) title.textContent = 'Paid';
  });
  await display.page.getByText('Paid').waitFor({ state: 'detached', timeout: 3_000 });
  await display.page.getByText('Scan to pay').waitFor();
});

test('a code that the window is too small for is not taken for shown', async () => {
  const display = await openDisplay(browser, screens.folder, { width: 320, height: 240 });
  display.keeper.show({ ...idle, code: `PAYSERA*3:${'a'.repeat(900)}` });
  await until(() => display.problems.includes('display_wrong_content'), 'staff to be told');
  await display.page.setViewportSize(sizes[2]);
  await until(() => display.problems.at(-1) === null, 'the code to be shown');
});

test('a second page shows nothing while the first is there, and takes its place when it is gone', async () => {
  const display = await openDisplay(browser, screens.folder, sizes[1]);
  await display.show(idle);
  const second = await browser.newPage();
  await second.goto(display.url);
  await until(() => display.log.lines.some(({ fields }) => fields['attached'] === 'occupied'), 'it to be turned away');
  expect(await second.locator('[data-shown]').count()).toBe(0);
  await display.page.close();
  await second.locator('canvas').waitFor();
  expect(await readCode(second)).toBe(spotCode);
  await second.context().close();
});

test('leaves nothing on the glass when the display is let go of', async () => {
  const display = await openDisplay(browser, screens.folder, sizes[1]);
  await display.show(idle);
  await display.keeper.stop();
  await display.page.locator('canvas').waitFor({ state: 'detached', timeout: 1_000 });
  expect(await display.page.locator('[data-shown]').count()).toBe(0);
});

test('the address of the page lets in to the page and to nothing else', async () => {
  const display = await openDisplay(browser, screens.folder, sizes[1]);
  const { page, origin, url } = display;
  expect(page.url()).toBe(`${origin}/display.html?name=window`);
  for (const path of ['/', '/index.html', '/assets/../index.html', '/assets/%2e%2e/index.html']) {
    expect((await page.request.get(`${origin}${path}`)).status()).toBe(403);
  }
  const closed = await page.evaluate(
    (address) =>
      new Promise((resolve) => {
        new WebSocket(address).onclose = ({ code }) => {
          resolve(code);
        };
      }),
    `${origin.replace('http', 'ws')}/screen`,
  );
  expect(closed).toBe(1006);
  const stranger = await browser.newContext();
  expect((await stranger.request.get(`${origin}/display.html`)).status()).toBe(403);
  expect((await stranger.request.get(url.replace(/token=.*/, 'token=wrong'))).status()).toBe(403);
  expect((await stranger.request.get(url.replace('/display.html', '/'))).status()).toBe(403);
  await stranger.close();
});
