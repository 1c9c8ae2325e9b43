/** The printer on the command line, in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { askStatus, bytes, CUT, plugIn, qrCode } from '../printer/bytes.ts';

const main = fileURLToPath(new URL('../../../sandbox/devices/main.ts', import.meta.url));
const patience = { timeout: 20_000 };

function run(...options: readonly string[]) {
  const child = spawn(process.execPath, [main, ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const lines = (): unknown[] =>
    written.stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as unknown);
  return { child, closed, lines, written };
}

test('it tells of each paper, obeys its commands, and keeps pictures', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'papers-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const { child, lines, closed } = run('printer', '--port', '0', '--profile', 'epson', '--papers', folder);
  await expect.poll(() => lines()[0], patience).toMatchObject({ ready: 'printer' });
  const { address } = lines()[0] as { address: string };
  const wire = await plugIn({ host: '127.0.0.1', port: Number(new URL(address).port) });
  wire.socket.write(bytes('Tea\n', qrCode('PAYSERA*3:T', 4), CUT));
  await expect.poll(() => lines()[1], patience).toEqual({ paper: 0, text: 'Tea', qr: ['PAYSERA*3:T'] });
  expect(readdirSync(folder)).toEqual(['0000.png']);
  child.stdin.write(
    'set coverOpen true\nset speed "fast"\nsuffer flood\nsuffer silence after 3 bytes\nfaults\nnonsense\n',
  );
  await expect.poll(() => lines().length, patience).toBe(6);
  expect(lines().slice(2)).toEqual([
    { error: expect.stringContaining('speed') as string },
    { error: expect.stringContaining('paper-out') as string },
    {
      faults: expect.objectContaining({
        coverOpen: true,
        mishap: { what: 'silence', after: 3, unit: 'bytes' },
      }) as object,
    },
    { error: 'There is no command "nonsense". Try --help.' },
  ]);
  wire.socket.write(askStatus(1));
  child.stdin.write('mend\n');
  wire.socket.destroy();
  child.stdin.end();
  expect(await closed).toEqual([0, null]);
}, 60_000);

test.each([
  ['neither port nor link', ['printer'], 'Give either --link or --port.'],
  ['a profile that cannot be', ['printer', '--port', '0', '--profile', '../x'], '--profile takes'],
  ['a port that is none', ['printer', '--port', 'x'], '--port takes a whole number.'],
])(
  'it refuses %s',
  async (_what, options, sentence) => {
    const { closed, written } = run(...options);
    expect(await closed).toEqual([64, null]);
    expect(written.stderr).toContain(sentence);
  },
  60_000,
);

test('its help tells all', async () => {
  const { closed, written } = run('printer', '--help');
  expect(await closed).toEqual([0, null]);
  for (const word of ['--papers', '--profile', 'suffer', 'mend', 'half-open']) expect(written.stdout).toContain(word);
}, 60_000);
