import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { mistakes, type Mistake } from './mistakes.ts';

/** The simulation must be able to fail: each mistake is made in a copy of the code, and has to be found in it. */

const root = new URL('../../', import.meta.url).pathname;
let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

/** A copy of what the simulation runs on, with one thing in it wrong. */
function copyWith({ file, right, wrong, besides = '' }: Mistake): string {
  const copy = mkdtempSync(join(tmpdir(), 'spot-terminal-mistake-'));
  folder = copy;
  for (const part of [
    'src/main',
    'src/shared',
    'sandbox',
    'test/fakes',
    'test/sim',
    'test/main/core/bill/world.ts',
    'package.json',
  ]) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const text = readFileSync(join(copy, file), 'utf8');
  expect(text.split(right), `${file} holds what is to be made wrong, once`).toHaveLength(2);
  writeFileSync(join(copy, file), besides + text.replace(right, () => wrong));
  return copy;
}

async function simulate(copy: string, more: readonly string[] = []): Promise<{ code: number | null; output: string }> {
  const args = ['test/sim/main.ts', '--runs', '300', '--workers', '1', '--first', ...more];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('the simulation', () => {
  it('tells the shortest way that it finds to what may not happen', async () => {
    const [first] = mistakes;
    const { output } = await simulate(first ? copyWith(first) : '');
    const [, short = ''] = output.split('The shortest way found to make');
    expect(short).toMatch(/^ {2,}[\d.]+ {2}witness {3}[12]: /m);
    expect(short).toMatch(/^It takes: .*other software changes an amount#\d+/m);
  }, 120_000);
});

describe('the simulation finds a terminal that', () => {
  for (const mistake of mistakes) {
    it(
      mistake.name,
      async () => {
        const { code, output } = await simulate(copyWith(mistake), ['--brief']);
        expect(code, output.slice(0, 2000)).toBe(1);
        const broken = Number(/^seed \d+: invariant (\d)/m.exec(output)?.[1]);
        expect(mistake.invariants, output.slice(0, 2000)).toContain(broken);
        expect(output).toMatch(/^Again: npm run sim -- --seed \d+ --trace$/m);
      },
      120_000,
    );
  }
});
