import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import type { SandboxReady } from '../../scripts/sandbox-configuration.ts';
import { codeOf } from '../../src/main/adapters/setup/code.ts';
import { sealSetup } from '../../src/main/adapters/setup/seal.ts';
import { hashPin } from '../../src/main/adapters/pin/pin.ts';
import { run, type Running } from '../flows/process.ts';

/** A terminal without any configuration, from its first start to its code on the screen. */

const screens = new URL(process.env['SCREENS'] ? '../../docs/screens/' : '../../.cache/screens/', import.meta.url)
  .pathname;
const picture = (page: Page, name: string) =>
  page.screenshot({ path: `${screens}${name}.png`, animations: 'disabled' });
const step = (page: Page, name: string) => page.locator(`[data-step="${name}"]`);
/** jsqr's module is the function itself; its declaration puts it under `default`. */
const decode = jsqr as unknown as typeof jsqr.default;

const passphrase = 'correct horse battery staple';
const { privateKey: signer } = generateKeyPairSync('ed25519');

let folder: string;
let sandbox: Running<SandboxReady>;
let terminal: Running<{ readonly setupUrl: string }> | undefined;
const configuration = (change: object = {}) => ({
  terminal: { name: 'TABLE-1', dataFolder: 'data' },
  merchant: { lines: ['Kavinė „Prie tilto“'] },
  api: { root: sandbox.ready.baseUrl, macId: sandbox.ready.merchant.macId },
  spot: { locationId: sandbox.ready.locationId, identifier: 'TABLE1', place: 'Kavinė „Prie tilto“', name: 'Table 1' },
  printer: { connection: { type: 'tcp', ...sandbox.ready.printer } },
  till: { port: 0 },
  screens: { port: 0 },
  staff: { pinHash: hash },
  ...change,
});
const sealed = (change?: object, macKey = sandbox.ready.merchant.macKey) =>
  sealSetup(
    { configuration: configuration(change), macKey },
    { passphrase, signer, label: 'TABLE-1', at: Date.UTC(2026, 10, 23) },
  );

let hash: string;
test.beforeAll(async () => {
  hash = await hashPin('4711');
});
test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'first-start-'));
  mkdirSync(join(folder, 'stick'));
  sandbox = await run<SandboxReady>('sandbox/main.ts', ['--port', '0', '--seed', '7']);
});
test.afterEach(async () => {
  await terminal?.stop();
  terminal = undefined;
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const configPath = () => join(folder, 'etc', 'config.json');
async function open(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1024, height: 600 });
  const places = ['--config', configPath(), '--setup-folder', join(folder, 'stick')];
  terminal = await run<{ setupUrl: string }>('src/main/headless.ts', places);
  await page.goto(terminal.ready.setupUrl);
  await expect(step(page, 'choose')).toBeVisible();
}
const stick = (name: string, content: object | string) => {
  writeFileSync(join(folder, 'stick', name), typeof content === 'string' ? content : JSON.stringify(content));
};

async function codeOnScreen(page: Page): Promise<string | undefined> {
  await expect(page.locator('[data-view="idle"]')).toBeVisible({ timeout: 20_000 });
  const image = PNG.sync.read(await page.screenshot());
  return decode(new Uint8ClampedArray(image.data), image.width, image.height)?.data;
}

test('a set-up file on a stick makes a live code of a blank terminal in less than a minute', async ({ page }) => {
  const begun = performance.now();
  stick('TABLE-1.setup.json', await sealed());
  stick('broken.setup.json', '{"format":"spot-terminal-setup","version":1}');
  await open(page);
  await picture(page, 'setup-choose');
  await page.getByRole('button', { name: 'broken.setup.json' }).click();
  await expect(page.getByRole('alert')).toHaveText(/changed or is damaged/);
  await page.getByRole('button', { name: 'TABLE-1' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('something else entirely');
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.getByRole('alert')).toHaveText(/passphrase is not right/);
  await picture(page, 'setup-passphrase');
  expect(existsSync(configPath())).toBe(false);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.getByText('Everything is well.')).toBeVisible({ timeout: 20_000 });
  const pin = (await page.locator('[data-pin] strong').textContent()) ?? '';
  expect(pin).toMatch(/^\d{6}$/);
  await picture(page, 'setup-checks');
  await page.getByRole('button', { name: 'Start the terminal' }).click();
  expect(await codeOnScreen(page)).toBe('PAYSERA*3:TABLE1');
  expect(performance.now() - begun).toBeLessThan(60_000);
  await page.getByRole('button', { name: 'Staff' }).click();
  await page.keyboard.type(pin);
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByRole('button', { name: 'Terminal' }).click();
  await expect(page.getByText('Technician')).toBeVisible();
  expect(readFileSync(configPath(), 'utf8')).not.toContain(sandbox.ready.merchant.macKey);
  expect(terminal?.log()).not.toContain(sandbox.ready.merchant.macKey);
});

test('what is wrong is named, and can be gone back from', async ({ page }) => {
  await open(page);
  await page.getByLabel('With a code').fill('SPOT1.nonsense');
  await page.getByRole('button', { name: 'Use this code' }).click();
  await expect(page.getByRole('alert')).toHaveText(/changed or is damaged/);
  await page
    .getByLabel('With a code')
    .fill(codeOf(await sealed({ spot: { ...configuration().spot, locationId: 99 } }, 'wrong')));
  await page.getByRole('button', { name: 'Use this code' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.locator('[data-part="key"].failed')).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole('button', { name: 'Start all the same' })).toBeEnabled();
  await picture(page, 'setup-checks-ill');
  // Loaded anew, it goes on where it was.
  await page.reload();
  await expect(page.locator('[data-part="key"].failed')).toBeVisible();
  await page.getByRole('button', { name: 'Set up anew' }).click();
  await expect(step(page, 'choose')).toBeVisible();
  expect(existsSync(configPath())).toBe(false);
  expect(existsSync(join(folder, 'etc', 'mac-key'))).toBe(false);
  await page.getByLabel('With a code').fill(codeOf(await sealed()));
  await page.getByRole('button', { name: 'Use this code' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Everything is well.')).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: 'Start the terminal' }).click();
  expect(await codeOnScreen(page)).toBe('PAYSERA*3:TABLE1');
});

test('it can be typed in, and every field that is wrong is named', async ({ page }) => {
  await open(page);
  await page.getByRole('button', { name: 'Type it in' }).click();
  const fill = async (values: Readonly<Record<string, string>>) => {
    for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).fill(value);
  };
  await fill({
    name: 'TABLE-1',
    merchant: 'Kavinė',
    place: 'Kavinė',
    spotName: 'Table 1',
    identifier: 'TABLE1',
    macId: 'x',
  });
  await fill({ macKey: 'canary-mac-key', locationId: 'three', pin: '12' });
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(page.getByRole('alert')).toHaveText('Please look at: Location number, PIN for staff');
  await picture(page, 'setup-type');
  await fill({ locationId: '3', pin: '471100' });
  await page.getByRole('button', { name: 'Set up' }).click();
  await expect(step(page, 'checks')).toBeVisible({ timeout: 20_000 });
  expect(readFileSync(join(folder, 'etc', 'mac-key'), 'utf8')).toBe('canary-mac-key');
  expect(readFileSync(configPath(), 'utf8')).not.toContain('471100');
});

test('nobody is let in without the token, and the page is read in both languages at every size', async ({ page }) => {
  stick('TABLE-1.setup.json', await sealed());
  await open(page);
  const { origin } = new URL(page.url());
  for (const path of ['/', '/setup/state', '/setup/files']) expect((await fetch(`${origin}${path}`)).status).toBe(403);
  expect((await fetch(`${origin}/setup/again`, { method: 'POST' })).status).toBe(403);
  for (const language of ['Lietuvių', 'English']) {
    await page.getByRole('button', { name: language }).click();
    for (const [width, height] of [
      [480, 800],
      [800, 480],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect([language, width, wide]).toEqual([language, width, 0]);
    }
  }
  await page.setViewportSize({ width: 480, height: 800 });
  await page.getByRole('button', { name: 'Lietuvių' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Terminalo paruošimas');
  await picture(page, 'setup-choose-lt-480x800');
});
