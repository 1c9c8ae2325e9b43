import type { Page } from '@playwright/test';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../fakes/until.ts';
import { prepareFixture, type Fixture } from './fixture/launch.ts';
import { exitOf, type StandInTerminal } from './launch.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let fixture: Fixture;
let terminal: StandInTerminal;

beforeEach(async () => {
  fixture = await prepareFixture('crash');
  terminal = await fixture.launch();
});

afterEach(async () => {
  await terminal.stop();
  fixture.remove();
});

function noted(what: string) {
  return terminal.journal().filter((entry) => entry.what === what);
}

/** Really crashes the process of the page. The command itself is never answered. */
async function crash(page: Page): Promise<void> {
  const before = noted('renderer-crashed').length;
  const session = await page.context().newCDPSession(page);
  void session.send('Page.crash').catch(() => undefined);
  await until(() => noted('renderer-crashed').length > before, 'the crash');
}

/** The page, as soon as it shows a snapshot again. */
async function recovered(loads: number): Promise<Page> {
  await until(
    () => noted('setting').filter(({ name }) => name === 'zoomFactor').length >= loads,
    'the page to be loaded',
  );
  const page = await terminal.reconnect();
  await page.waitForFunction(() => document.getElementById('revision')?.textContent !== '');
  return page;
}

test('a page that reloads itself is whole again, with a session of its own', async () => {
  const { page } = terminal;
  await page.waitForFunction(() => document.getElementById('revision')?.textContent !== '');
  await page.reload();
  await page.waitForFunction(() => document.getElementById('revision')?.textContent !== '');
  expect(await page.evaluate(() => window.terminal.chooseLanguage({ language: 'lt' }))).toEqual({ ok: true });
  expect(await terminal.stop()).toBe(0);
  expect(terminal.output()).toContain('"open":0,"opened":2');
});

test('a page that crashes is reloaded, then the window is made anew, then the process ends with 1', async () => {
  let { page } = terminal;
  for (let crashes = 1; crashes <= 2; crashes += 1) {
    await crash(page);
    page = await recovered(crashes + 1);
    expect(noted('window')).toHaveLength(1);
    expect(await page.evaluate(() => window.terminal.chooseLanguage({ language: 'lt' }))).toEqual({ ok: true });
  }
  await crash(page);
  page = await recovered(4);
  expect(noted('window')).toHaveLength(2);
  expect(noted('closed')).toHaveLength(1);
  expect(await page.evaluate(() => window.terminal.chooseLanguage({ language: 'en' }))).toEqual({ ok: true });
  await crash(page);
  page = await recovered(5);
  expect(noted('window')).toHaveLength(3);
  await crash(page);
  expect(await exitOf(terminal.process)).toBe(1);
  expect(terminal.output()).toContain('The page with the screens was lost.');
  expect(terminal.output()).toContain('"open":0,"opened":5');
});
