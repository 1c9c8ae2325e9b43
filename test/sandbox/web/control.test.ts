import { connect } from 'node:net';
import { type Browser, expect as expectPage, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type RunningSandbox, startSandbox } from '../../../sandbox/server.ts';
import { bytes, codePage, CUT, INITIALISE, plugIn, qrCode } from '../printer/bytes.ts';
import { findFaintTexts, findTightPlaces, openBrowser, openPage } from './browser.ts';

const CODE = 'PAYSERA*3:TABLE1';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let browser: Browser;
let sandbox: RunningSandbox;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  sandbox = await startSandbox({ seed: 1 });
  ({ page, complaints } = await openPage(browser, { width: 1200, height: 900 }));
  await page.goto(sandbox.controlUrl);
});
afterEach(async () => {
  await page.close();
  await sandbox.stop();
  expect(complaints).toEqual([]);
});

const section = (name: string) => page.getByRole('region', { name });
const button = (name: string) => page.getByRole('button', { name, exact: true });

function offer(): { key: string; spotId: number } {
  const { world } = sandbox;
  const spotId = world.spotByCode(CODE).id;
  const payments = [{ description: 'Two coffees', price: 1250, currency: 'EUR', parameters: null }];
  const { key } = world.createTransaction({ payments, reserveForMs: 900_000, projectId: null });
  world.createOrder(spotId, key);
  return { key, spotId };
}

function reserve(): string {
  const { key, spotId } = offer();
  const [user] = sandbox.world.users;
  if (user === undefined) throw new Error('The sandbox has no users.');
  sandbox.world.checkIn(user, spotId);
  sandbox.world.reserve(user, key);
  return key;
}

async function print(...parts: readonly (number | string | Uint8Array)[]): Promise<void> {
  const { socket } = await plugIn(sandbox.printer);
  socket.end(bytes(...parts));
}

describe('the control page', () => {
  it('shows spots, transactions and customers as they change', async () => {
    await page.getByText('None yet. A spot appears').waitFor();
    const key = reserve();
    const [name = ''] = sandbox.world.users.map((user) => user.name);
    await expectPage(section('Spots').getByRole('listitem')).toContainText(`${name} checked in`);
    const transaction = section('Transactions').getByRole('listitem');
    await expectPage(transaction).toContainText('Two coffees');
    await expectPage(transaction).toContainText('€12.50');
    await expectPage(transaction).toContainText('reserved');
    await expectPage(section('Customers').getByRole('listitem').first()).toContainText('€12.50 of it reserved');
    sandbox.world.confirm(key);
    await expectPage(transaction).toContainText('confirmed');
    await expectPage(button('Change amount')).toBeHidden();
  });

  it('changes the amount of a reserved transaction and lets it expire', async () => {
    const key = reserve();
    await page.getByLabel('New amount').fill('99.90');
    await button('Change amount').click();
    await expectPage(section('Transactions')).toContainText('€99.90');
    expect(sandbox.world.transaction(key).payments[0]?.price).toBe(9990);
    await button('Let it expire').click();
    await expectPage(section('Transactions')).toContainText('revoked');
  });

  it('puts an order of other software at the spot', async () => {
    const { spotId } = offer();
    await button('Add a foreign order').click();
    await expectPage(section('Transactions').getByRole('listitem')).toHaveCount(2);
    expect(sandbox.world.ordersOf(spotId)).toHaveLength(2);
  });

  it('makes the API fail and work again', async () => {
    const ask = async (): Promise<number> => (await fetch(`${sandbox.baseUrl}/server`)).status;
    await button('Answer 500').click();
    await page.getByText('In force: status.').waitFor();
    expect(await ask()).toBe(500);
    await button('End all faults').click();
    await page.getByText('No fault is in force.').waitFor();
    expect(await ask()).toBe(200);
    await button('Down for 30 s').click();
    await page.getByText('In force: drop.').waitFor();
    await expect(ask()).rejects.toThrow('fetch failed');
  });

  it('forbids merchants to read spots, and allows it again', async () => {
    await button('Forbid GET /spot').click();
    await expectPage(button('Forbid GET /spot')).toHaveAttribute('aria-pressed', 'true');
    expect(sandbox.world.switches.merchantMayReadSpots).toBe(false);
    await button('Forbid GET /spot').click();
    await expectPage(button('Forbid GET /spot')).toHaveAttribute('aria-pressed', 'false');
    expect(sandbox.world.switches.merchantMayReadSpots).toBe(true);
  });

  it('shows the paper, newest first, and what the printer did not understand', async () => {
    await print(INITIALISE, codePage(51), 'Arb\xfbzas 2,50 \x80\n', qrCode('K9rB2x', 6), CUT);
    await expect.poll(() => sandbox.printer.receipts()).toHaveLength(1);
    await print('second\n', 0x1b, 'z', CUT);
    const papers = section('Its paper').getByRole('img');
    await expectPage(papers).toHaveCount(2);
    await expectPage(papers.last()).toHaveAttribute('alt', 'Arbūzas 2,50 €');
    const width = await papers.last().evaluate((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0));
    expect(width).toBe(640);
    await page.getByText('Unknown command').waitFor();
  });

  it('switches the printer’s troubles on and off', async () => {
    await page.getByLabel('Paper', { exact: true }).selectOption('out');
    await expect.poll(() => sandbox.printer.state().paper).toBe('out');
    await button('Cover open').click();
    await expectPage(button('Cover open')).toHaveAttribute('aria-pressed', 'true');
    expect(sandbox.printer.state().coverOpen).toBe(true);
    await button('Switched off').click();
    await expectPage(button('Switched off')).toHaveAttribute('aria-pressed', 'true');
    await expect(plugIn(sandbox.printer)).rejects.toThrow('ECONNREFUSED');
    await button('Switched off').click();
    await expectPage(button('Switched off')).toHaveAttribute('aria-pressed', 'false');
    await button('Off and on again').click();
    await page.getByText('The printer lost what it had not printed.').waitFor();
  });

  it('starts afresh', async () => {
    reserve();
    await print('old\n', CUT);
    await expectPage(section('Its paper').getByRole('img')).toHaveCount(1);
    await button('Reset the sandbox').click();
    await page.getByText('Nothing has been printed yet.').waitFor();
    await page.getByText('None yet. A spot appears').waitFor();
  });

  it('has room for fingers, contrast for eyes, and fits a narrow window', async () => {
    reserve();
    await button('Let it expire').waitFor();
    await button('Cover open').click();
    for (const width of [1200, 360]) {
      await page.setViewportSize({ width, height: 740 });
      expect(await findTightPlaces(page)).toEqual([]);
      expect(await findFaintTexts(page)).toEqual([]);
    }
  });

  it('shows callbacks and what became of them, and lets them go wrong', async () => {
    await page.getByText('None yet. One is sent when a customer').waitFor();
    await button('Lose').click();
    await expectPage(section('Callbacks')).toContainText('In force: lost.');
    const { world } = sandbox;
    const payments = [{ description: 'Tea', price: 250, currency: 'EUR', parameters: null }];
    const callbackUri = 'http://127.0.0.1:9/callbacks';
    const { key } = world.createTransaction({ payments, reserveForMs: 900_000, projectId: null, callbackUri });
    world.reject(key);
    const callback = section('Callbacks').getByRole('listitem');
    await expectPage(callback).toContainText('rejected');
    await expectPage(callback).toContainText(`${key} · not sent · lost`);
    await button('End faults of callbacks').click();
    await expectPage(section('Callbacks')).toContainText('Nothing goes wrong with callbacks.');
    expect(sandbox.callbacks.faults.list()).toEqual([]);
  });

  it('shows the displays that the sandbox plays, and lets them go wrong', async () => {
    await page.getByText('None. The sandbox plays one').waitFor();
    const played = await startSandbox({ seed: 1, displays: [{ kind: 'nextion' }] });
    try {
      await page.goto(played.controlUrl);
      const glass = section('QR displays').getByRole('img');
      await expectPage(glass).toHaveAttribute('alt', 'blank');
      const [panel] = played.displays;
      const socket = connect(Number(new URL(panel?.state().address ?? '').port), '127.0.0.1');
      for (const command of ['page qr', 'qr0.txt="PAYSERA*3:TABLE1"', 't0.txt="To pay"', 'nonsense']) {
        socket.write(Buffer.concat([Buffer.from(command), Buffer.of(0xff, 0xff, 0xff)]));
      }
      await expectPage(glass).toHaveAttribute('alt', 'code PAYSERA*3:TABLE1, To pay');
      await expectPage(section('QR displays')).toContainText('nonsense');
      await button('Asleep').click();
      await expectPage(button('Asleep')).toHaveAttribute('aria-pressed', 'true');
      await page.getByLabel('Longest code').fill('12');
      await page.getByLabel('Longest code').press('Tab');
      await expect.poll(() => panel?.state().faults).toMatchObject({ asleep: true, longestCode: 12 });
      await button('Unplug').click();
      await expectPage(button('Unplug')).toHaveAttribute('aria-pressed', 'true');
      expect(panel?.state().plugged).toBe(false);
      await button('Unplug').click();
      await expectPage(button('Unplug')).toHaveAttribute('aria-pressed', 'false');
      await section('QR displays').getByRole('button', { name: 'Off and on again' }).click();
      await page.getByText('The display forgot what it showed.').waitFor();
      for (const width of [1200, 360]) {
        await page.setViewportSize({ width, height: 740 });
        expect(await findTightPlaces(page)).toEqual([]);
        expect(await findFaintTexts(page)).toEqual([]);
      }
      socket.destroy();
    } finally {
      await played.stop();
    }
  });
});
