import { expect as expectPage } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { languages } from '../../../src/shared/snapshot.ts';
import { sizes } from '../fixture/browser.ts';
import { findCodeFaults, findFaintTexts, findLayoutFaults, findSmallTargets, readCode } from '../fixture/measures.ts';
import { bill, customerPictures, longBill, paidBill, snapshot } from '../fixture/snapshots.ts';
import { useStage, type Scene, type SceneOptions } from '../fixture/stage.ts';

const openScene = useStage();
let scene: Scene;
afterEach(async () => {
  expect(scene.complaints).toEqual([]);
  await scene.close();
});

const slow = { timeout: 60_000 };
const code = 'PAYSERA*3:TABLE7';

async function open(options?: SceneOptions) {
  scene = await openScene(options);
  return scene;
}

test.each(sizes)('on $width × $height every view fits, in both languages', slow, async (size) => {
  const { page, terminal } = await open({ size });
  for (const language of languages) {
    for (const [name, customer] of Object.entries(customerPictures)) {
      terminal.show(snapshot(customer, { language }));
      await page.locator(`html[lang="${language}"] [data-view="${customer.view ?? 'idle'}"]`).waitFor();
      const shown = [`${name} ${language}`];
      await expect.poll(async () => [...shown, ...(await findLayoutFaults(page))]).toEqual(shown);
      expect([...shown, ...(await findSmallTargets(page))]).toEqual(shown);
      expect([...shown, ...(await findFaintTexts(page))]).toEqual(shown);
    }
  }
});

test.each(sizes)('on $width × $height a camera reads the code, as large as the screen allows', slow, async (size) => {
  const { page, terminal } = await open({ size });
  expect(await readCode(page)).toBe(code);
  expect(await findCodeFaults(page)).toEqual([]);
  const box = await page.locator('canvas[data-qr]').boundingBox();
  expect(box?.width).toBeGreaterThan(Math.min(size.width, size.height) * 0.9);

  terminal.show(snapshot({ view: 'bill', bills: [longBill()] }, { language: 'lt' }));
  await page.locator('[data-view="bill"]').waitFor();
  await expect.poll(() => readCode(page)).toBe(code);
  expect(await findCodeFaults(page)).toEqual([]);
});

test('the code is dark on white whatever the theme and the scale of the display', slow, async () => {
  const spot = { code: 'PAYSERA*123456:a-Very-Long-Identifier_of-a-table', name: 'T', place: '', currency: 'EUR' };
  const { page } = await open({ scale: 1.5, first: snapshot({}, { spot }) });
  await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'active' });
  expect(await readCode(page)).toBe(spot.code);
  expect(await findCodeFaults(page, 1.5)).toEqual([]);
  await expectPage(page.getByRole('img')).toHaveAccessibleName(`QR code of this spot: ${spot.code}`);
});

test.each(['welcome', 'bill', 'checking', 'paid', 'refused', 'unavailable'])(
  'the code is not on the screen while it shows %s',
  async (name) => {
    const { page, terminal } = await open();
    terminal.show(snapshot(customerPictures[name]));
    await page.locator(`[data-view="${name}"]`).waitFor();
    await expectPage(page.locator('canvas')).toHaveCount(0);
    expect(await readCode(page)).toBeUndefined();
  },
);

test('place, spot, lines and total are there, in the form of the language that the customer chooses', async () => {
  const { page, terminal } = await open();
  terminal.show(snapshot({ view: 'bill', bills: [bill()] }));
  for (const text of ['Café Aušra', 'Table 7', '€5.00', 'Apple pie', '€9.50']) {
    await expectPage(page.getByText(text).last()).toBeVisible();
  }
  await expectPage(page.getByText('2 × Coffee')).toBeVisible();
  await page.getByRole('button', { name: 'Lietuvių' }).click();
  await expect.poll(() => terminal.sent).toEqual([{ name: 'chooseLanguage', input: { language: 'lt' } }]);
  terminal.show(snapshot({ view: 'bill', bills: [bill()] }, { language: 'lt' }));
  await expectPage(page.getByText('9,50 €').last()).toBeVisible();
  await expectPage(page.getByRole('button', { name: 'Lietuvių' })).toHaveAttribute('aria-pressed', 'true');
  await expectPage(page.getByText('Nuskaitykite kodą')).toBeVisible();
});

test('the lines of a long bill scroll, by keyboard too, and its total stays', async () => {
  const { page, terminal } = await open();
  terminal.show(snapshot({ view: 'bill', bills: [longBill()] }));
  const lines = page.getByRole('list');
  await lines.focus();
  await page.keyboard.press('End');
  await expectPage(page.getByText('Unbrechbarer')).toBeInViewport();
  await expectPage(page.locator('.total')).toBeInViewport({ ratio: 1 });
});

test('several bills that were paid are one sum, and what is refused says why', async () => {
  const { page, terminal } = await open();
  terminal.show(snapshot(customerPictures['paid-two']));
  await expectPage(page.getByText('€27.60').last()).toBeVisible();
  terminal.show(snapshot(customerPictures['refused']));
  await expectPage(page.getByText('The amount did not match, so the payment was not accepted.')).toBeVisible();
  terminal.show(snapshot(customerPictures['unavailable']));
  await expectPage(page.getByText('Paysera cannot be reached.')).toBeVisible();
});

test('a change of the view is announced with its amount', async () => {
  const { page, terminal } = await open();
  await expectPage(page.getByRole('status')).toHaveText('Scan to pay');
  terminal.show(snapshot({ view: 'paid', bills: [paidBill()] }));
  await expectPage(page.getByRole('status')).toHaveText('Paid €9.50');
});

test('the staff button tells that something waits, to eyes and to screen readers', async () => {
  const { page, terminal } = await open();
  await expectPage(page.getByRole('button', { name: 'Staff', exact: true })).toBeVisible();
  terminal.show(snapshot({ attention: true }));
  await expectPage(page.getByRole('button', { name: 'Staff, something needs attention' })).toBeVisible();
});
