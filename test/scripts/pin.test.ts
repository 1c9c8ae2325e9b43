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

/** The same at a terminal, where a person types when asked. Gives all that the terminal shows. */
async function typed(keys: string): Promise<{ code: number | null; shown: string }> {
  const program = `${process.execPath} scripts/pin.ts; echo "[$?]"`;
  const child = spawn('socat', ['-', `SYSTEM:'${program.replaceAll(':', '\\:')}',pty,setsid,ctty,stderr`]);
  let shown = '';
  let asked = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (asked || !shown.includes('PIN (not shown): ')) return;
    asked = true;
    child.stdin.write(keys);
  });
  // Its input stays open, as a person's does; it ends with the program.
  await once(child, 'close');
  return { code: Number(/\[(\d+)\]/.exec(shown)?.[1]), shown };
}

describe('npm run pin', () => {
  it('shows nothing of what is typed at a terminal', async () => {
    const { code, shown } = await typed('582047\r');
    expect(code).toBe(0);
    expect(shown).not.toContain('582047');
    const hash = /scrypt\S+/.exec(shown)?.[0] ?? '';
    expect(await verifyPin('582047', hash)).toBe(true);
  });
  it('takes a correction', async () => {
    const { shown } = await typed('5829\u007f047\r');
    expect(await verifyPin('582047', /scrypt\S+/.exec(shown)?.[0] ?? '')).toBe(true);
  });
  it('makes nothing when it is broken off', async () => {
    const { code, shown } = await typed('5820\u0003');
    expect(code).toBe(130);
    expect(shown).not.toMatch(/scrypt|5820/);
  });
  it('makes nothing of an input that ends at once', async () => {
    expect(await pin('')).toMatchObject({ code: 1, out: '' });
  });
  it('prints a hash of the PIN, and the PIN nowhere', async () => {
    const { code, out, err } = await pin('582047\n');
    expect(code).toBe(0);
    expect(await verifyPin('582047', out.trim())).toBe(true);
    expect(out + err).not.toContain('582047');
  });
  it.each(['12', '123', '1234567890123', '12a4', '12 34', '١٢٣٤'])('refuses %j', async (text) => {
    const { code, out, err } = await pin(`${text}\n`);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('4 to 12 digits');
  });
  it('says how it is used', async () => {
    expect((await pin('', '--help')).out).toContain('npm run -s pin');
  });
});
