import { expect, test, type Page } from '@playwright/test';
import { spotCode, Stage, staffPin } from '../flows/stage.ts';
import { launchTerminal, type LaunchedTerminal } from '../electron/launch.ts';

/**
 * The same payment through Electron's entry: the built main and preload, in real Electron where its binary is, else in
 * the stand-in. The name of the host is in the report.
 */

let stage: Stage;
let terminal: LaunchedTerminal | undefined;
test.beforeEach(async () => {
  stage = await Stage.openSandbox();
});
test.afterEach(async () => {
  await terminal?.stop();
  terminal = undefined;
  await stage.close();
});

async function launch(): Promise<Page> {
  terminal = await launchTerminal({ args: [`--config=${stage.config}`, '--windowed'] });
  test.info().annotations.push({ type: 'host', description: terminal.kind });
  process.stdout.write(`    host: ${terminal.kind}\n`);
  return terminal.page;
}

const view = (page: Page, name: string) => page.locator(`[data-view="${name}"]`);

test('a bill of staff is paid by a customer in the Electron host', async () => {
  const page = await launch();
  await expect(view(page, 'idle')).toBeVisible();
  await expect(page.locator('canvas[data-qr]')).toHaveAttribute('data-qr', spotCode);
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type(staffPin);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'New bill' }).click();
  await page.getByLabel('Bill number').fill('21');
  await page.getByLabel('Text of line 1').fill('Espresso');
  await page.getByLabel('Amount of line 1').focus();
  await page.keyboard.type('180');
  await page.getByRole('button', { name: 'Put in' }).click();
  await expect(page.locator('[data-bill="21"]')).toHaveAttribute('data-status', 'offered');
  await page.getByRole('button', { name: 'Lock' }).click();
  await expect(view(page, 'bill')).toBeVisible();

  await stage.phone('check-in', { user: 0, code: spotCode });
  await stage.phone('pay', { user: 0, transactionKey: await stage.payable() });
  await expect(view(page, 'paid')).toBeVisible({ timeout: 10_000 });
  await expect.poll(async () => (await stage.receipts()).length, { timeout: 10_000 }).toBe(1);
  await expect.poll(async () => (await stage.world()).spots[0]?.status, { timeout: 10_000 }).toBe('closed');

  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type(staffPin);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Receipts' }).click();
  await page.locator('[data-receipt="1"]').getByRole('button', { name: 'Show' }).click();
  await expect(page.locator('[data-screen="staff-receipt"] img')).toHaveJSProperty('naturalWidth', 640);
  await page.getByRole('button', { name: 'Save as PDF' }).click();
  await expect(page.getByRole('status')).toHaveText(/^Saved as .*receipt-000001\.pdf$/);
});

test('the page in the Electron host has verbs of the terminal, and nothing of Node or Electron', async () => {
  const page = await launch();
  await expect(view(page, 'idle')).toBeVisible();
  const found = await page.evaluate(() => ({
    terminal: typeof (window as unknown as { terminal?: unknown }).terminal,
    require: typeof (window as unknown as { require?: unknown }).require,
    process: typeof (window as unknown as { process?: unknown }).process,
  }));
  expect(found).toEqual({ terminal: 'object', require: 'undefined', process: 'undefined' });
});
