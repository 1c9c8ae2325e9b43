import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from '../fakes/until.ts';
import { buildMainAndPreload, type Built } from './built.ts';
import { collectOutput, exitOf, launchStandIn, spawnStandIn } from './launch.ts';

/** The terminal's own built entry, with a page that only mirrors the snapshot. The API cannot be reached. */

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'electron-terminal-'));
let built: Built;

beforeAll(async () => {
  built = await buildMainAndPreload('terminal');
  cpSync(join(import.meta.dirname, 'fixture/page'), join(dirname(built.main), '../renderer'), { recursive: true });
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function configure(name: string, change: object = {}): string {
  const key = join(folder, `${name}.key`);
  writeFileSync(key, 'a-key-of-this-test-only', { mode: 0o600 });
  const file = join(folder, `${name}.json`);
  const configuration = {
    terminal: { name: 'T1', dataFolder: join(folder, name) },
    merchant: { lines: ['Café'] },
    // Port 9 of this machine refuses.
    api: { root: 'http://127.0.0.1:9/rest/v1', macId: 'test' },
    key: { file: key },
    till: { port: 0 },
    spot: { locationId: 3, identifier: 'TABLE7', name: 'Table 7', place: 'Café' },
    ...change,
  };
  writeFileSync(file, JSON.stringify(configuration));
  return file;
}

test('the built terminal shows its spot, takes intents, and ends in order', async () => {
  const config = configure('whole');
  const terminal = await launchStandIn({ entry: built.main, args: [`--config=${config}`] });
  try {
    const snapshot = await terminal.page.evaluate(() => window.terminal.snapshot());
    expect(snapshot.spot.code).toBe('PAYSERA*3:TABLE7');
    expect(await terminal.page.evaluate(() => window.terminal.chooseLanguage({ language: 'lt' }))).toEqual({
      ok: true,
    });
    await terminal.page.waitForFunction(() => document.getElementById('language')?.textContent === 'lt');
    expect(await terminal.page.evaluate(() => window.terminal.closeSpot({}))).toMatchObject({ code: 'staff_only' });

    const second = spawnStandIn({ entry: built.main, args: [`--config=${config}`] });
    const output = collectOutput(second);
    expect(await exitOf(second)).toBe(75);
    expect(output()).toContain('This terminal is running already');
    await until(() => terminal.journal().some(({ what }) => what === 'focus'), 'the first window to come to the front');
  } finally {
    expect(await terminal.stop()).toBe(0);
  }
  expect(terminal.output()).toContain('The terminal has stopped.');
});

test('a configuration that is missing is said so in one line, with exit code 78', async () => {
  const child = spawnStandIn({ entry: built.main, args: [`--config=${join(folder, 'nowhere.json')}`] });
  const output = collectOutput(child);
  expect(await exitOf(child)).toBe(78);
  expect(output()).toMatch(/^spot-terminal: .*nowhere\.json.*\n$/);
});

test('a key that cannot be read is said so in one line, with exit code 78, and no Chromium is left', async () => {
  const config = configure('keyless', { key: { file: join(folder, 'no.key') } });
  const child = spawnStandIn({ entry: built.main, args: [`--config=${config}`], env: { TMPDIR: folder } });
  const output = collectOutput(child);
  expect(await exitOf(child)).toBe(78);
  expect(output().trim().split('\n')).toHaveLength(1);
  expect(output()).toContain('no.key');
});
