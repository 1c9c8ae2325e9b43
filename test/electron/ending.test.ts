import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { until } from '../fakes/until.ts';
import { prepareFixture, type Fixture } from './fixture/launch.ts';
import type { JournalEntry } from './journal.ts';
import { exitOf, isChromiumGone, type StandInTerminal } from './launch.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let fixture: Fixture;
let terminal: StandInTerminal | undefined;

beforeEach(async () => {
  fixture = await prepareFixture('ending');
});

afterEach(async () => {
  await terminal?.stop();
  fixture.remove();
});

async function launch(...args: string[]): Promise<StandInTerminal> {
  terminal = await fixture.launch(...args);
  return terminal;
}

function chromiumOf({ journal }: StandInTerminal): JournalEntry {
  return journal().find(({ what }) => what === 'chromium') ?? { what: 'chromium' };
}

test('the terminal ends in order when it is asked to, and leaves no Chromium behind', async () => {
  const launched = await launch();
  const chromium = chromiumOf(launched);
  expect(await launched.stop()).toBe(0);
  expect(launched.output()).toContain('The terminal has stopped.');
  expect(launched.output()).toContain('"open":0,"opened":1');
  await until(() => isChromiumGone(chromium), 'Chromium to be gone');
});

test('Chromium goes with the terminal even when that is killed', async () => {
  const launched = await launch();
  const chromium = chromiumOf(launched);
  launched.process.kill('SIGKILL');
  await until(() => isChromiumGone(chromium), 'Chromium to be gone');
});

test('the window of a kiosk cannot be closed', async () => {
  const { journal, page, process } = await launch();
  process.stdin?.write('close\n');
  await until(() => journal().some(({ what }) => what === 'close-prevented'), 'the attempt to be refused');
  expect(await page.evaluate(() => window.terminal.lockStaff({}))).toEqual({ ok: true });
});

test('closing an ordinary window ends the terminal in order', async () => {
  const { journal, output, process } = await launch('--windowed');
  expect(journal().find(({ what }) => what === 'window')?.options).not.toHaveProperty('kiosk');
  process.stdin?.write('close\n');
  expect(await exitOf(process)).toBe(0);
  expect(output()).toContain('The terminal has stopped.');
});

test('quitting ends a kiosk in order', async () => {
  const { output, process } = await launch();
  process.stdin?.write('quit\n');
  expect(await exitOf(process)).toBe(0);
  expect(output()).toContain('"reason":"quit"');
  expect(output()).toContain('"open":0,"opened":1');
});
