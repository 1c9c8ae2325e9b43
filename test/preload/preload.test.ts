import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { intentNames, intents } from '../../src/shared/contract.ts';
import { buildMainAndPreload } from '../electron/built.ts';

let text = '';

beforeAll(async () => {
  text = readFileSync((await buildMainAndPreload('preload')).preload, 'utf8');
}, 60_000);

test('the preload is one small CommonJS file that requires nothing but electron', () => {
  expect(text.length).toBeLessThan(8_000);
  expect(text).not.toMatch(/^\s*(import|export)\b/m);
  expect(text.match(/require\("[^"]*"\)/g)).toEqual(['require("electron")']);
});

test('the list of verbs that it is built from is the contract’s', () => {
  expect([...intentNames].sort()).toEqual(Object.keys(intents).sort());
});
