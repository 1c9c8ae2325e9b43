import { expect, test, type Page } from '@playwright/test';
import { coffee, spotCode, Stage } from '../flows/stage.ts';
import { readQr } from '../sandbox/printer/camera.ts';
import { readWithZbar } from '../sandbox/printer/zbar.ts';
import { picture } from './pictures.ts';

/** A QR display on a monitor of its own: a page in a second browser, which is let in to nothing else. */

let stage: Stage;
test.beforeEach(async () => {
  stage = await Stage.open({ displays: [{ type: 'screen', name: 'Customer' }] });
});
test.afterEach(async () => {
  await stage.close();
});

const view = (page: Page, name: string) => page.locator(`[data-shown][data-view="${name}"]`);

async function openDisplay(page: Page): Promise<void> {
  await page.setViewportSize({ width: 800, height: 480 });
  await page.goto(stage.terminal.ready.displayUrls['Customer'] ?? '');
  await expect(view(page, 'idle')).toBeVisible();
}

test('a payment is followed on a monitor of its own, without a touch', async ({ page }) => {
  await openDisplay(page);
  await picture(page, 'display-idle');
  await stage.putIn(coffee);
  await expect(view(page, 'bill')).toContainText('12.80 EUR');
  await picture(page, 'display-bill');
  await stage.control('faults', {
    match: { method: 'PUT', path: '/confirm$' },
    times: 1,
    fault: { type: 'delay', ms: 1500 },
  });
  await stage.checkInAndPay(spotCode);
  await expect(view(page, 'checking')).toBeVisible({ timeout: 10_000 });
  await expect(page.locator('canvas')).toHaveCount(0);
  await picture(page, 'display-checking');
  await expect(view(page, 'paid')).toContainText('12.80 EUR', { timeout: 10_000 });
  await picture(page, 'display-paid');
  await expect(view(page, 'idle')).toBeVisible({ timeout: 10_000 });
  expect(await page.locator('body').innerText()).not.toContain('12.80');
});

test('in Lithuanian, on every size of monitor, two readers read the code', async ({ page, browser }) => {
  await openDisplay(page);
  const customer = await (await browser.newContext()).newPage();
  await customer.goto(stage.terminal.ready.screenUrl);
  await customer.getByRole('button', { name: 'Lietuvių' }).click();
  await stage.putIn({ ...coffee, total: 123_450, lines: [{ title: 'Vakarienė', total: 123_450 }] });
  await expect(view(page, 'bill')).toContainText('1 234,50 EUR');
  for (const [width, height] of [
    [480, 320],
    [800, 480],
    [1280, 800],
    [1920, 1080],
    [1080, 1920],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect(page.locator('canvas')).toBeInViewport({ ratio: 1 });
    await expect.poll(async () => readQr(await page.screenshot())).toBe(spotCode);
    const seen = await picture(page, `display-bill-lt-${width}x${height}`);
    expect(await readWithZbar(seen)).toBe(spotCode);
  }
});

test('nothing is left on it when the terminal cannot serve, and when it is gone', async ({ page }) => {
  await stage.close();
  stage = await Stage.open({
    displays: [{ type: 'screen', name: 'Customer' }],
    requests: { unavailableAfterMs: 1000, idleEveryMs: 1000 },
  });
  await openDisplay(page);
  await stage.control('faults', { fault: { type: 'drop' } });
  await expect(view(page, 'unavailable')).toBeVisible({ timeout: 20_000 });
  await picture(page, 'display-unavailable');
  await stage.clearFaults();
  await expect(view(page, 'idle')).toBeVisible({ timeout: 30_000 });
  await stage.terminal.kill();
  await expect(page.locator('[data-shown]')).toHaveCount(0, { timeout: 3_000 });
  await picture(page, 'display-gone');
});
