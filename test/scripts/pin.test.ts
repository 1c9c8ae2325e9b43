import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { verifyPin } from '../../src/main/adapters/pin/pin.ts';

async function pin(input: string, ...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['scripts/pin.ts', ...args]);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('npm run pin', () => {
  it('prints a hash of the PIN, and the PIN nowhere', async () => {
    const { code, out, err } = await pin('582047\n');
    expect(code).toBe(0);
    expect(await verifyPin('582047', out.trim())).toBe(true);
    expect(out + err).not.toContain('582047');
  });
  it('refuses what is no PIN', async () => {
    const { code, out, err } = await pin('12\n');
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('4 to 12 digits');
  });
  it('says how it is used', async () => {
    expect((await pin('', '--help')).out).toContain('npm run -s pin');
  });
});
