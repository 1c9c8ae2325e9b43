import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { intentNames, intents } from '../../src/shared/contract.ts';
import { buildPreload } from '../electron/built.ts';

const folder = mkdtempSync(join(tmpdir(), 'preload-'));
let text = '';

beforeAll(async () => {
  text = readFileSync(await buildPreload(folder), 'utf8');
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the preload is one small CommonJS file that requires nothing but electron', () => {
  expect(text.length).toBeLessThan(8_000);
  expect(text).not.toMatch(/^\s*(import|export)\b/m);
  expect(text.match(/require\("[^"]*"\)/g)).toEqual(['require("electron")']);
});

test('the list of verbs that it is built from is the contract’s', () => {
  expect([...intentNames].sort()).toEqual(Object.keys(intents).sort());
});
