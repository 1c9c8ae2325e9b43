import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepLogFiles } from '../../../../src/main/adapters/log/file.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'log-'))));
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function open(longest?: number) {
  const failures: string[] = [];
  let now = 0;
  const onFailure = (reason: string) => failures.push(reason);
  const options = { folder: join(root, 'log'), now: () => now, onFailure };
  const files = keepLogFiles(longest === undefined ? options : { ...options, longest });
  return { files, failures, pass: (ms: number) => (now += ms) };
}

it('has the lines of before a restart, oldest first, for this user alone', () => {
  open().files.write('one\n');
  const { files } = open();
  files.write('two\n');
  expect(files.lines()).toEqual(['one', 'two']);
  expect(statSync(join(root, 'log')).mode & 0o777).toBe(0o700);
  expect(statSync(join(root, 'log', 'terminal.log')).mode & 0o777).toBe(0o600);
});

it('never takes more than two files, and keeps the newest', () => {
  const { files } = open(1_000);
  for (let count = 0; count < 5_000; count += 1) files.write(`line ${count}\n`);
  const names = readdirSync(join(root, 'log'));
  expect(names.sort()).toEqual(['terminal.1.log', 'terminal.log']);
  for (const name of names) expect(statSync(join(root, 'log', name)).size).toBeLessThan(1_100);
  expect(files.lines().at(-1)).toBe('line 4999');
  expect(files.lines().length).toBeGreaterThan(80);
});

it('says once that nothing can be written, throws nothing, and goes on a minute later', () => {
  writeFileSync(join(root, 'log'), 'a file where the folder belongs');
  const { files, failures, pass } = open();
  files.write('lost\n');
  files.write('lost too\n');
  expect(failures).toHaveLength(1);
  rmSync(join(root, 'log'));
  mkdirSync(join(root, 'log'));
  files.write('still resting\n');
  pass(60_000);
  files.write('kept\n');
  expect(files.lines()).toEqual(['kept']);
  expect(failures).toHaveLength(1);
});
