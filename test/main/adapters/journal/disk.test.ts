import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/**
 * A disk that is really full, and one that really cannot be written: a file system of its own in memory, mounted where
 * only the program that is tried sees it.
 */
const program = fileURLToPath(new URL('./small-disk.ts', import.meta.url));

/** Runs a scene of small-disk.ts on a disk of its own; gives the lines that it wrote. */
async function scene(name: string): Promise<readonly unknown[]> {
  const shell = [
    'set -e',
    'folder=$(mktemp -d)',
    'mount -t tmpfs -o size=8m tmpfs "$folder"',
    `"$NODE" "$PROGRAM" ${name} "$folder" || status=$?`,
    'umount -l "$folder"; rmdir "$folder"; exit ${status:-0}',
  ].join('\n');
  const child = spawn('unshare', ['--mount', '--map-root-user', 'sh', '-c', shell], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE: process.execPath, PROGRAM: program },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

it('finishes what runs on a full disk, takes nothing new, and goes on by itself when there is room', async () => {
  expect(await scene('full')).toEqual([
    { said: 'there is room', answer: { ok: true, billId: 'bill_1' } },
    // The disk is filled to the last byte; the answer of the API is journaled with the room that was kept.
    { said: 'full', written: true, kept: false },
    { said: 'a new bill', answer: { ok: false, code: 'disk_full' }, link: 'disk_full' },
    { said: 'finished', status: 'withdrawn' },
    { said: 'there is room again', answer: { ok: true, billId: 'bill_3' }, kept: true, link: null },
    { said: 'after the next start', damage: null, bills: ['bill_1', 'bill_3'] },
  ]);
}, 60_000);

it('says that it cannot write when there is not even the room that was kept, and goes on when there is', async () => {
  expect(await scene('nothing')).toEqual([
    { said: 'no room at all', problem: 'journal_unwritable', answer: { ok: false, code: 'journal_failed' } },
    { said: 'there is room again', problem: null, answer: { ok: true, billId: 'bill_3' } },
    { said: 'after the next start', damage: null, bills: ['bill_1', 'bill_3'] },
  ]);
}, 60_000);

it('does not start on a disk that is read-only, and says why; as soon as it can be written it goes on', async () => {
  expect(await scene('readonly')).toEqual([
    { said: 'read-only at the start', code: 'journal_unwritable' },
    { said: 'after the next start', damage: null, bills: ['bill_1'] },
  ]);
}, 60_000);
