import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { receiptFiles } from '../../scripts/receipt-pictures.ts';
import { kinds } from '../../scripts/receipt-kinds.ts';
import { readQr } from '../sandbox/printer/camera.ts';

const run = promisify(execFile);
const folder = new URL('../../docs/receipts/', import.meta.url);

describe('the pictures of receipts in the documentation', () => {
  it('are as the terminal draws them; otherwise run npm run receipts', async () => {
    const files = await receiptFiles();
    expect(readdirSync(folder).sort()).toEqual(
      Object.keys(files)
        .map((path) => basename(path))
        .sort(),
    );
    for (const [path, content] of Object.entries(files)) {
      expect(readFileSync(new URL(basename(path), folder)).equals(Buffer.from(content)), path).toBe(true);
    }
  });

  it.each(kinds)('$name has a code that a camera reads, if its receipt has one', ({ name, documents }) => {
    const [code] = documents.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.type === 'qr' ? [block.payload] : [])),
    );
    expect(readQr(readFileSync(new URL(`${name}.png`, folder)))).toBe(code);
  });

  it('are checked by npm run receipts -- --check, which says how it is used and refuses what it does not know', async () => {
    const script = 'scripts/receipt-pictures.ts';
    expect((await run(process.execPath, [script, '--check'])).stderr).toBe('');
    expect((await run(process.execPath, [script, '--help'])).stdout).toContain('npm run receipts');
    await expect(run(process.execPath, [script, '--chekc'])).rejects.toMatchObject({
      code: 64,
      stderr: expect.stringContaining('--help') as string,
    });
  });
});
