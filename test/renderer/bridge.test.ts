import { expect as expectPage } from '@playwright/test';
import type { Page } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { preloadIdleMain } from './fixture/preload.ts';
import { bill, paidBill, quietStaff, snapshot } from './fixture/snapshots.ts';
import { useStage, type Scene } from './fixture/stage.ts';

const openScene = useStage();
let scene: Scene | undefined;
afterEach(async () => {
  expect(scene?.complaints).toEqual([]);
  await scene?.close();
});

const view = (page: Page, name: string) => page.locator(`[data-view="${name}"]`);
const slow = { timeout: 30_000 };

test('without a connection the code goes after three seconds, and is back with it', slow, async () => {
  scene = await openScene();
  const { page, terminal } = scene;
  terminal.disconnect({ reachable: false });
  await expectPage(page.locator('canvas')).toBeVisible();
  await view(page, 'blank').waitFor();
  await expectPage(page.locator('canvas')).toHaveCount(0);
  await expectPage(page.getByRole('heading')).toHaveText('One moment, please');
  await expectPage(page.getByRole('button')).toHaveCount(0);
  terminal.reachable();
  await view(page, 'idle').waitFor();
  await expectPage(page.locator('canvas')).toBeVisible();
});

test('"paid" does not stay without a connection either, and the language does', slow, async () => {
  scene = await openScene();
  const { page, terminal } = scene;
  terminal.show(snapshot({ view: 'paid', bills: [paidBill()] }, { language: 'lt' }));
  await view(page, 'paid').waitFor();
  terminal.disconnect({ reachable: false });
  await view(page, 'blank').waitFor();
  await expectPage(page.getByText('9,50')).toHaveCount(0);
  await expectPage(page.getByRole('heading')).toHaveText('Prašome minutėlę palaukti');
});

test('a terminal that was started again is believed, although it counts from one', async () => {
  scene = await openScene();
  const { page, terminal } = scene;
  terminal.show(snapshot({ view: 'bill', bills: [bill()] }), 5_000);
  await view(page, 'bill').waitFor();
  terminal.disconnect({ reachable: false });
  terminal.show(snapshot({ view: 'welcome' }), 1);
  terminal.reachable();
  await view(page, 'welcome').waitFor();
});

test('a short break is not seen, and a page that is loaded again is whole', async () => {
  scene = await openScene();
  const { page, terminal } = scene;
  terminal.disconnect({ reachable: true });
  await expect.poll(() => terminal.screens).toBe(1);
  await expectPage(view(page, 'idle')).toBeVisible();
  terminal.show(snapshot({ view: 'bill', bills: [bill()] }));
  await view(page, 'bill').waitFor();
  await page.reload();
  await view(page, 'bill').waitFor();
});

test('a terminal that hangs with the line open is noticed, and found again', slow, async () => {
  scene = await openScene({ before: (page) => page.clock.install() });
  const { page, terminal } = scene;
  terminal.freeze(true);
  await expect
    .poll(async () => {
      await page.clock.runFor(1_000);
      return view(page, 'blank').count();
    }, slow)
    .toBe(1);
  terminal.freeze(false);
  await expect
    .poll(async () => {
      await page.clock.runFor(1_000);
      return view(page, 'idle').count();
    }, slow)
    .toBe(1);
});

test('what main did not answer is said so, and nothing is sent twice', slow, async () => {
  scene = await openScene({ before: (page) => page.clock.install() });
  const { page, terminal, unlock } = scene;
  await unlock(quietStaff({ bills: [bill()], spot: { status: 'open', access: 'direct', mayClose: true } }));
  terminal.answer(({ name }) => (name === 'withdrawBill' ? undefined : { ok: true }));
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect.poll(() => terminal.sent.filter(({ name }) => name === 'withdrawBill')).toHaveLength(1);
  await expect
    .poll(async () => {
      await page.clock.runFor(1_000);
      return page.getByRole('alert').textContent();
    }, slow)
    .toContain('did not answer');
  expect(terminal.sent.filter(({ name }) => name === 'withdrawBill')).toHaveLength(1);
});

test("the preload's bridge is used where there is one, and parsed, and watched", slow, async () => {
  scene = await openScene({ before: preloadIdleMain });
  const { page, terminal } = scene;
  expect(terminal.screens).toBe(0);
  await page.getByRole('button', { name: 'Lietuvių' }).click();
  expect(await page.evaluate('main.asked')).toEqual([{ name: 'chooseLanguage', input: { language: 'lt' } }]);
  await page.clock.runFor(20_000);
  await expectPage(view(page, 'idle')).toBeVisible();
  await page.evaluate('main.hangs = true');
  await page.clock.runFor(20_000);
  await expectPage(view(page, 'blank')).toBeVisible();
  await page.evaluate('main.hangs = false');
  await page.clock.runFor(20_000);
  await expectPage(view(page, 'idle')).toBeVisible();
});
