import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { billStatuses, refusalReasons } from '../../../src/shared/bill.ts';
import { refusalCodes } from '../../../src/shared/contract.ts';
import { customerViews, unavailableReasons } from '../../../src/shared/snapshot.ts';

const source = join(import.meta.dirname, '../../../src');

interface Tree {
  readonly [key: string]: string | Tree;
}

/** Path -> sentence. */
function sentences(language: string): ReadonlyMap<string, string> {
  const tree = JSON.parse(readFileSync(join(source, `renderer/src/i18n/${language}.json`), 'utf8')) as Tree;
  const flat = (part: Tree, path: string): readonly (readonly [string, string])[] =>
    Object.entries(part).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value] as const] : flat(value, `${path}${key}.`),
    );
  return new Map(flat(tree, ''));
}

function files(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|vue)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

const [en, lt] = [sentences('en'), sentences('lt')];
const placeholders = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).sort();

test('English and Lithuanian say the same things', () => {
  expect([...lt.keys()].sort()).toEqual([...en.keys()].sort());
});

test('both languages fill the same values in', () => {
  for (const [path, text] of en) expect([path, placeholders(lt.get(path) ?? '')]).toEqual([path, placeholders(text)]);
});

test('no sentence is empty, and Lithuanian is not English', () => {
  const same = new Set(['title', 'attention.printer_problem']);
  for (const [path, text] of en) {
    expect([path, text.trim()]).not.toEqual([path, '']);
    if (!same.has(path)) expect([path, lt.get(path)]).not.toEqual([path, text]);
  }
});

test.each([
  ['refused', refusalCodes],
  ['refusal', refusalReasons],
  ['unavailable', unavailableReasons],
  ['staff.unavailable', unavailableReasons],
  ['status', billStatuses],
])('%s has a sentence for every code of the contract', (path, codes) => {
  for (const code of codes) expect(en.has(`${path}.${code}`), `${path}.${code}`).toBe(true);
});

test('every view of the customer screen has a title', () => {
  for (const view of [...customerViews, 'blank']) expect(en.has(`customer.${view}.title`), view).toBe(true);
});

test('everything that main raises for staff has a sentence', () => {
  const raised = files(join(source, 'main')).flatMap((text) =>
    [...text.matchAll(/\.raise\(\s*'(\w+)'/g)].map(([, code]) => code ?? ''),
  );
  const reasons = refusalReasons.map((reason) => (reason === 'amount_differs' ? 'payment_differs' : reason));
  const later = ['customer_left', 'receipt_failed', 'journal_repaired'];
  expect(raised.length).toBeGreaterThan(5);
  for (const code of [...raised, ...reasons, ...later]) expect(en.has(`attention.${code}`), code).toBe(true);
});

test('every problem of the printer and the clock has a sentence', () => {
  const problems = readFileSync(join(source, 'main/adapters/printer/problems.ts'), 'utf8');
  const codes = [...(/sentences[\s\S]*?\};/.exec(problems)?.[0] ?? '').matchAll(/^ {2}(\w+):/gm)].map(
    ([, code]) => code,
  );
  expect(codes.length).toBeGreaterThan(5);
  for (const code of [...codes, 'clock_off']) expect(en.has(`problem.${code}`), code).toBe(true);
});

test('the screens use no sentence that is not there', () => {
  const used = files(join(source, 'renderer/src')).flatMap((text) =>
    [...text.matchAll(/\bt\(\s*'([\w.]+)'/g)].map(([, path]) => path ?? ''),
  );
  expect(used.length).toBeGreaterThan(40);
  for (const path of used) expect(en.has(path), path).toBe(true);
});

test('every problem of a QR display has a sentence', () => {
  const problems = readFileSync(join(source, 'main/adapters/display/problems.ts'), 'utf8');
  const codes = [...(/sentences[\s\S]*?\};/.exec(problems)?.[0] ?? '').matchAll(/^ {2}(\w+):/gm)].map(
    ([, code]) => code,
  );
  expect(codes.length).toBeGreaterThan(5);
  for (const code of codes) if (code !== 'display_given_up') expect(en.has(`problem.${code}`), code).toBe(true);
});
