import { expect as expectPage } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { languages } from '../../../src/shared/snapshot.ts';
import { sizes } from '../fixture/browser.ts';
import { crowdedStaff, longTitle, thirtyLines } from '../fixture/crowd.ts';
import { findFaintTexts, findLayoutFaults, findSmallTargets, readCode } from '../fixture/measures.ts';
import { bill, busyStaff, customerPictures, longBill, quietStaff, secondBill, snapshot } from '../fixture/snapshots.ts';
import { useStage, type Scene, type SceneOptions } from '../fixture/stage.ts';
import { findCutTexts, walkFocus } from '../fixture/texts.ts';

const openScene = useStage();
let scene: Scene;
afterEach(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

const slow = { timeout: 60_000 };
const views: typeof customerPictures = {
  ...customerPictures,
  paid: snapshot({ view: 'paid', bills: [longBill()] }).customer,
  refused: snapshot({
    view: 'refused',
    bills: [longBill(), thirtyLines({ status: 'refused', reason: 'order_differs' })],
  }).customer,
};
const tabs = ['overview', 'editor', 'receipts', 'status'];

async function open(options?: SceneOptions) {
  scene = await openScene(options);
  return scene;
}

async function check(name: string): Promise<void> {
  const { page } = scene;
  await expect.poll(async () => [name, ...(await findLayoutFaults(page))]).toEqual([name]);
  expect([name, ...(await findCutTexts(page))]).toEqual([name]);
  expect([name, ...(await findSmallTargets(page))]).toEqual([name]);
  expect([name, ...(await findFaintTexts(page))]).toEqual([name]);
}

async function goTo(tab: string): Promise<void> {
  await scene.page.locator('nav > button').nth(tabs.indexOf(tab)).click();
  await scene.page.locator(`[data-screen="staff-${tab}"]`).waitFor();
}

test(
  'on the fullest evening nothing is cut off or out of reach, on every screen, in both languages',
  slow,
  async () => {
    const { page, terminal, unlock } = await open();
    await unlock(crowdedStaff());
    for (const language of languages) {
      terminal.show(snapshot({}, { language, staff: crowdedStaff() }));
      await page.locator(`html[lang="${language}"]`).waitFor();
      for (const size of sizes) {
        await page.setViewportSize(size);
        for (const tab of tabs) {
          await goTo(tab);
          await check(`${tab} ${language} ${size.width}×${size.height}`);
        }
        await goTo('overview');
        await page.locator('[data-bill="2026-0030"] .danger').click();
        await check(`question ${language} ${size.width}×${size.height}`);
        await page.keyboard.press('Escape');
      }
    }
  },
);

test('a bill of thirty lines is edited on every screen, with its total and its buttons in sight', slow, async () => {
  const { page, unlock } = await open();
  await unlock(quietStaff({ bills: [thirtyLines()] }));
  await page.getByRole('button', { name: 'Edit' }).click();
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const field of ['Bill number', 'Text of line 2', 'Amount of line 30']) {
      await page.getByLabel(field, { exact: true }).focus();
      await expectPage(page.getByLabel(field, { exact: true })).toBeInViewport({ ratio: 1 });
      await expectPage(page.locator('.total')).toBeInViewport({ ratio: 1 });
      await expectPage(page.getByRole('button', { name: 'Save' })).toBeInViewport({ ratio: 1 });
      await check(`${field} ${size.width}×${size.height}`);
    }
  }
  await expectPage(page.getByLabel('Text of line 2', { exact: true })).toHaveValue(longTitle);
  await page.getByRole('button', { name: 'Add a line' }).click();
  await expectPage(page.getByLabel('Text of line 31')).toBeFocused();
  await expectPage(page.getByLabel('Text of line 31')).toBeInViewport({ ratio: 1 });
});

test(
  'thirty lines, the longest title and many bills leave customers total and code, on every screen',
  slow,
  async () => {
    const { page, terminal } = await open();
    const many = [bill(), secondBill(), thirtyLines({ status: 'preparing' })];
    for (const language of languages) {
      for (const size of sizes) {
        await page.setViewportSize(size);
        terminal.show(snapshot({ view: 'bill', bills: [thirtyLines()] }, { language }));
        await page.locator(`html[lang="${language}"] [data-view="bill"]`).waitFor();
        await expectPage(page.locator('.total')).toBeInViewport({ ratio: 1 });
        await check(`one ${language} ${size.width}×${size.height}`);
        terminal.show(snapshot({ view: 'bill', bills: many }, { language }));
        await expectPage(page.locator('article')).toHaveCount(3);
        await check(`many ${language} ${size.width}×${size.height}`);
        await expect.poll(() => readCode(page)).toBe('PAYSERA*3:TABLE7');
      }
    }
    await page.locator('.list').focus();
    await page.keyboard.press('End');
    await expectPage(page.getByText('Dish 30')).toBeInViewport();
  },
);

test('no text of a customer view is cut, with a long bill and a long place too', slow, async () => {
  const spot = { code: 'PAYSERA*3:TABLE7', name: longTitle, place: longTitle, currency: 'EUR' };
  const { page, terminal } = await open();
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const [name, customer] of Object.entries(views)) {
      terminal.show(snapshot(customer, { language: 'lt' }));
      await page.locator(`html[lang="lt"] [data-view="${customer.view ?? 'idle'}"]`).waitFor();
      await expect.poll(() => findCutTexts(page)).toEqual([]);
      await expect.poll(async () => [name, ...(await findLayoutFaults(page))]).toEqual([name]);
    }
    terminal.show(snapshot({ view: 'bill', bills: [thirtyLines()] }, { language: 'lt', spot }));
    await expectPage(page.getByText(longTitle).first()).toBeVisible();
    await check(`long place ${size.width}×${size.height}`);
  }
});

test('whatever the Tab key comes to shows that it has the focus', slow, async () => {
  const { page, terminal, unlock } = await open();
  terminal.show(snapshot({ view: 'bill', bills: [thirtyLines()], attention: true }));
  await page.locator('[data-view="bill"]').waitFor();
  expect(await walkFocus(page)).toEqual({ reached: 4, unseen: [] });
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type('1234');
  const pad = await walkFocus(page);
  expect(pad.reached).toBe(13);
  expect(pad.unseen).toEqual([]);
  await page.getByRole('button', { name: 'Back' }).click();
  await unlock(busyStaff());
  for (const tab of tabs) {
    await goTo(tab);
    const { reached, unseen } = await walkFocus(page);
    expect([tab, ...unseen]).toEqual([tab]);
    expect(reached).toBeGreaterThan(6);
  }
});
