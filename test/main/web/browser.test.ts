import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { until } from '../../fakes/until.ts';
import { screensFolder, serve } from './bench.ts';

/** The same in a real browser: what it makes of the cookie, the policy and the origin. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const script = `
  const socket = new WebSocket('ws://' + location.host + '/screen');
  socket.onmessage = (event) => { document.title = 'revision ' + JSON.parse(event.data).snapshot.revision; };
`;

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
});

afterAll(async () => {
  await browser.close();
});

function folderWithScript(): string {
  const folder = screensFolder();
  writeFileSync(join(folder, 'index.html'), '<!doctype html><script src="./assets/index-abc123.js"></script>');
  writeFileSync(join(folder, 'assets', 'index-abc123.js'), script);
  return folder;
}

test('a browser that opens the printed address is let in, shown the snapshot, and kept without a token', async () => {
  const { desk, screens, origin } = await serve({ folder: folderWithScript() });
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(screens.url);
  expect(page.url()).toBe(`${origin}/`);
  await page.waitForFunction(() => document.title === 'revision 1');
  desk.show();
  await page.waitForFunction(() => document.title === 'revision 2');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.evaluate(() => fetch('http://127.0.0.1:1/').catch(() => 'refused'))).toBe('refused');
  await page.reload();
  await page.waitForFunction(() => document.title === 'revision 2');
  await until(() => desk.open === 1, 'the former session to be closed');
});

test('a page of another server on this machine cannot connect, though the browser is let in', async () => {
  const { desk, screens, host } = await serve({ folder: folderWithScript() });
  const evil = createServer((_request, answer) => {
    answer.setHeader('content-type', 'text/html').end('<!doctype html><title>Other</title>');
  }).listen(0, '127.0.0.1');
  await once(evil, 'listening');
  onTestFinished(() => void evil.close());
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.goto(screens.url);
  await page.waitForFunction(() => document.title === 'revision 1');
  await page.goto(`http://127.0.0.1:${(evil.address() as AddressInfo).port}/`);
  const outcome = await page.evaluate(
    (address) =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${address}/screen`);
        socket.onopen = () => {
          resolve('open');
        };
        socket.onerror = () => {
          resolve('refused');
        };
      }),
    host,
  );
  expect(outcome).toBe('refused');
  expect(desk.opened).toBe(1);
});
