import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, test, type Page } from '@playwright/test';
import { hashPin } from '../../src/main/adapters/pin/pin.ts';
import { coffee, Stage } from '../flows/stage.ts';
import { picture } from './pictures.ts';

const technicianPin = '582047';
const managerPin = '730194';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

let stage: Stage;
test.beforeEach(async () => {
  stage = await Stage.open({
    // The page finds the terminal again after a restart.
    screens: { port: await freePort() },
    displays: [{ type: 'screen', name: 'door' }],
    staff: { technicianPinHash: await hashPin(technicianPin), managerPinHash: await hashPin(managerPin) },
  });
});
test.afterEach(async () => {
  await stage.close();
});

async function unlock(page: Page, pin: string): Promise<void> {
  await page.getByRole('button', { name: 'Staff' }).click();
  for (const digit of pin) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page.locator('[data-screen="staff-overview"]')).toBeVisible();
  await page.getByRole('button', { name: 'Terminal' }).click();
}

async function open(page: Page, pin: string): Promise<void> {
  await page.setViewportSize({ width: 1024, height: 600 });
  await page.goto(stage.terminal.ready.screenUrl);
  await unlock(page, pin);
}

const section = (page: Page, name: string) => page.getByRole('tab', { name, exact: true }).click();

/** What the service manager does when the terminal asks to be started again. */
async function startedAgain(): Promise<void> {
  const code = await stage.terminal.exited;
  expect(code).toBe(85);
  await stage.restart();
}

const configuration = () =>
  JSON.parse(readFileSync(stage.config, 'utf8')) as { terminal: { name: string }; printer: { profile?: string } };

test('a technician sees how everything is, tries the printer and a display, and has all checked', async ({ page }) => {
  await open(page, technicianPin);
  await expect(page.locator('[data-health="api"] .heard')).toHaveText(/answered \d+ secs? ago/);
  await expect(page.locator('[data-health="machine"]')).toContainText('Journal');
  await picture(page, 'admin-state');

  await section(page, 'Devices');
  await page.getByRole('button', { name: 'Ask how it is' }).click();
  await expect(page.getByText('It could print now.')).toBeVisible();
  await stage.control('printer', { speed: 'instant' });
  await page.getByRole('button', { name: 'Print its letters' }).click();
  await expect(page.getByText('Printed. Compare it')).toBeVisible();
  const [letters] = await stage.receipts();
  expect(letters?.text).toContain('LETTERS');
  expect(letters?.text).toMatch(/[ąčęėįšųūž] /);
  await stage.control('printer', { paper: 'out' });
  await page.getByRole('button', { name: 'Print a test slip' }).click();
  await expect(page.locator('.bad')).toContainText('paper');
  await picture(page, 'admin-devices');
  const door = await page.context().newPage();
  await door.goto(stage.terminal.ready.displayUrls['door'] ?? '');
  await expect(door.getByText('Scan to pay')).toBeVisible();
  await page.getByRole('button', { name: 'Show a test picture' }).click();
  await expect(door.getByText('TEST')).toBeVisible();
  // A bill goes before everything.
  await stage.putIn(coffee);
  await expect(door.getByText('TEST')).toBeHidden();

  await section(page, 'Journal');
  await picture(page, 'admin-journal');
  await page.getByRole('button', { name: /^2026-0017/ }).click();
  await expect(page.locator('pre')).toContainText('The till: createBill.');
  await expect(page.locator('pre')).toContainText('Total 12.80 EUR: open');
  await picture(page, 'admin-life');

  await section(page, 'Checks');
  await expect(page.locator('[data-part="printer"]')).toContainText('paper');
  await expect(page.locator('[data-part="spot"]')).toContainText('well', { timeout: 20_000 });
  await picture(page, 'admin-checks');
  await section(page, 'PINs');
  await picture(page, 'admin-pins');
  await section(page, 'Log');
  await page.getByLabel('Search').fill('printer');
  await page.getByText('The receipt printer is connected.').click();
  await expect(page.locator('code')).toContainText('127.0.0.1');
  await page.getByRole('button', { name: 'Done' }).click();
  await picture(page, 'admin-log');
});

test('settings are changed on the screen, and the terminal goes on with them', async ({ page }) => {
  await open(page, technicianPin);
  await section(page, 'Settings');
  await picture(page, 'admin-settings');
  await page.getByRole('button', { name: /^name/ }).click();
  await page.getByRole('textbox').fill('BAR-2');
  await picture(page, 'admin-setting');
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.getByRole('button', { name: 'Check and save' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  await startedAgain();
  expect(configuration().terminal.name).toBe('BAR-2');
  await expect.poll(() => existsSync(`${stage.config}.trial`)).toBe(false);
  await unlock(page, technicianPin);
  await expect(page.getByText('BAR-2')).toBeVisible();
});

test('settings with which the terminal does not start come back by themselves, and it is said', async ({ page }) => {
  await open(page, technicianPin);
  await section(page, 'Settings');
  await section(page, 'printer');
  await page.getByRole('button', { name: /^profile/ }).click();
  await page.getByRole('textbox').fill('no-such-profile');
  await page.getByRole('button', { name: 'Take it' }).click();
  await page.getByRole('button', { name: 'Check and save' }).click();
  await page.getByRole('button', { name: 'Yes' }).click();
  const code = await stage.terminal.exited;
  expect(code).toBe(85);
  // The next start fails, takes the settings back and asks for another; so it would go on with the service manager.
  await expect(stage.restart()).rejects.toThrow(/no-such-profile/);
  await stage.restart();
  expect(configuration().printer.profile).toBeUndefined();
  await unlock(page, technicianPin);
  await expect(page.getByRole('alert')).toContainText('have been taken back');
});

test('a manager sees less than a technician, and staff less than a manager', async ({ page }) => {
  await open(page, managerPin);
  const tabs = page.getByRole('tablist').first().getByRole('tab');
  await expect(tabs).toHaveText(['State', 'Devices', 'Checks', 'Journal', 'Screen']);
  await section(page, 'Screen');
  await picture(page, 'admin-screen');
  await page.getByRole('button', { name: 'Clean the screen' }).click();
  await expect(page.getByText('You can wipe the screen now')).toBeVisible();
  await page.mouse.click(100, 100);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Restart the terminal' })).toBeVisible();
  await picture(page, 'admin-cleaning');
});
