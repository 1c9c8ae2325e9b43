import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { damageCase, truthOf, type Truth } from './cases.ts';
import { recorded } from './recorded.ts';

/** A hundred of the cases that `npm run -s journal:damage` plays by the thousand. */

let folder: string;
let truth: Truth;
beforeAll(async () => {
  folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'journal-damage-'));
  const { path } = await recorded({ seed: 3, salesAnHour: 60, hours: 0.9, into: folder });
  truth = truthOf(path, join(folder, 'truth'));
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('loses nothing silently, whatever is cut off or turned over', () => {
  const outcomes = Array.from({ length: 100 }, (_, seed) => damageCase(truth, 9000 + seed, join(folder, 'case')));
  const broken = outcomes.filter(({ failures }) => failures.length > 0);
  expect(broken).toEqual([]);
  const results = new Set(outcomes.map(({ result }) => result));
  expect([...results].sort()).toEqual(['lost', 'saved', 'unharmed']);
}, 60_000);
