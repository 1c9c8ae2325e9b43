import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import type { TerminalReady } from '../../scripts/sandbox-configuration.ts';
import { run } from '../flows/process.ts';
import { coffee, spotCode, Stage } from '../flows/stage.ts';

/** Debian's Chromium, as the tests start it. */
export function openBrowser(): Promise<Browser> {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;
  return chromium.launch({ executablePath: '/usr/bin/chromium', args });
}

/** A network that swallows everything: connections are taken, nothing is ever answered. */
async function blackHole(): Promise<{ port: number; close: () => void }> {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/**
 * Milliseconds from the start of the terminal's process to the QR code drawn in a browser that is running already,
 * with an API that never answers. Once per run, each with a fresh data folder.
 */
export async function measureFirstQr(browser: Browser, runs: number): Promise<number[]> {
  const hole = await blackHole();
  const figures: number[] = [];
  for (let count = 0; count < runs; count += 1) figures.push(await firstQr(browser, hole.port));
  hole.close();
  return figures;
}

async function firstQr(browser: Browser, port: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  writeFileSync(join(folder, 'mac-key'), 'a-key-for-a-black-hole', { mode: 0o600 });
  const configuration = {
    terminal: { name: 'T1', dataFolder: 'data' },
    merchant: { lines: ['Bench'] },
    api: { root: `http://127.0.0.1:${port}/rest/v1`, macId: 'bench' },
    key: { file: 'mac-key' },
    spot: { locationId: 3, identifier: 'TABLE1', place: 'Bench', name: 'Table 1' },
    till: { port: 0 },
    screens: { port: 0 },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(configuration));
  const page = await browser.newPage();
  const begun = performance.now();
  const terminal = await run<TerminalReady>('src/main/headless.ts', ['--config', join(folder, 'config.json')]);
  await page.goto(terminal.ready.screenUrl);
  await page.locator('canvas[data-qr]').waitFor();
  const figure = performance.now() - begun;
  await page.close();
  await terminal.stop();
  rmSync(folder, { recursive: true, force: true });
  return figure;
}

/** Milliseconds from the customer's reservation to "paid" on the customer screen, at a local API without latency. */
export async function measureReservedToPaid(browser: Browser, runs: number): Promise<number[]> {
  const stage = await Stage.open({ payment: { closeAfterMs: 0, paidScreenMs: 1000 } });
  const page = await browser.newPage();
  await page.goto(stage.terminal.ready.screenUrl);
  const figures: number[] = [];
  for (let count = 0; count < runs; count += 1) {
    const billId = await stage.putIn({ ...coffee, number: `B${count}` });
    await stage.billIs(billId, 'offered', 60_000);
    await stage.phone('check-in', { user: 0, code: spotCode });
    const transactionKey = await stage.payable();
    // At a chance moment of the polling, as customers do.
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 2000));
    await stage.phone('pay', { user: 0, transactionKey });
    const begun = performance.now();
    await page.locator('[data-view="paid"]').waitFor({ timeout: 60_000 });
    figures.push(performance.now() - begun);
    await page.locator('[data-view="idle"]').waitFor({ timeout: 60_000 });
  }
  await page.close();
  await stage.close();
  return figures;
}
