import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCodePages, makers } from '../../sandbox/printer/code-pages.ts';
import { loadFonts } from '../../sandbox/printer/font.ts';
import { createPaper } from '../../sandbox/printer/paper.ts';
import { createParser } from '../../sandbox/printer/parser.ts';
import { startPrinter } from '../../sandbox/printer/printer.ts';
import { createReader } from '../../sandbox/printer/reading.ts';
import type { VirtualPrinter } from '../../sandbox/printer/types.ts';

let folder: string;
let printer: VirtualPrinter;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'print-'));
  printer = await startPrinter({ host: '127.0.0.1', port: 0, state: { speed: 'instant' } });
});
afterEach(async () => {
  await printer.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function print(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['scripts/print.ts', ...args]);
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
const there = () => ['--tcp', `127.0.0.1:${printer.port}`];

const facts = {
  number: 7,
  terminal: 'TABLE-7',
  merchant: ['Kavinė'],
  billNumber: '2026-0117',
  lines: [{ title: 'Šakotis', quantity: 2, total: 800 }],
  total: { amount: 800, currency: 'EUR' },
  how: 'card',
  paidAt: 1_795_420_000_000,
  language: 'lt',
  timeZone: 'Europe/Vilnius',
};

describe('npm run print', () => {
  it('prints the test slip, and says how it is known', async () => {
    expect(await print('test', ...there())).toMatchObject({
      code: 0,
      out: expect.stringContaining('very paper is out'),
    });
    const [slip] = printer.receipts();
    expect(slip?.text).toContain('This is not a receipt.');
    expect(slip?.text).toContain('ąčęėįšųūž');
    expect(slip?.qr).toEqual(['https://www.paysera.com/']);
    expect(printer.problems()).toEqual([]);
  });

  it('prints a receipt from JSON as a copy, and says what is wrong with one that is none', async () => {
    const file = join(folder, 'receipt.json');
    writeFileSync(file, JSON.stringify(facts));
    expect(await print('receipt', file, ...there())).toMatchObject({ code: 0 });
    expect(printer.receipts()[0]?.text).toContain('Šakotis');
    expect(printer.receipts()[0]?.text).toContain('KOPIJA');
    writeFileSync(file, JSON.stringify({ ...facts, total: 800 }));
    expect(await print('receipt', file, ...there())).toMatchObject({ code: 2, err: expect.stringContaining('total') });
    expect(printer.receipts()).toHaveLength(1);
  });

  it('says what is wrong with the printer', async () => {
    await printer.setState({ paper: 'out' });
    const { code, out } = await print('test', ...there());
    expect(code).toBe(1);
    expect(out).toMatch(/^Not printed: .*paper/);
  });

  it('is asked wrongly', async () => {
    expect(await print('frob')).toMatchObject({ code: 2, err: expect.stringContaining('There is no command frob') });
    expect(await print('test', '--tcp', 'a', '--device', '/dev/usb/lp0')).toMatchObject({ code: 2 });
    expect(await print('codepages', '--from', '9', '--to', '3', ...there())).toMatchObject({ code: 2 });
    expect(await print('--help')).toMatchObject({ code: 0, err: '' });
  });
});

describe('the table of code pages', () => {
  it.each(makers())('shows the numbers of %s', async (maker) => {
    const file = join(folder, 'table.bin');
    expect(await print('codepages', '--bytes', file)).toMatchObject({ code: 0 });
    const fonts = loadFonts();
    const pages = loadCodePages(maker);
    const paper = createPaper({ fonts, codePages: pages, reader: createReader(fonts), report: () => undefined });
    const sheets = createParser()
      .push(readFileSync(file))
      .flatMap((command) => paper.apply(command).sheet ?? []);
    const lines = sheets[0]?.text.split('\n') ?? [];
    const samples = { cp1257: 'ąėųž', cp775: 'ąėųž', cp1250: 'łęšź', cp852: 'łęšź', cp1251: 'їєдЖ', cp866: 'їєдЖ' };
    Object.entries(samples).forEach(([name, letters], column) => {
      const readable = lines.flatMap((line) =>
        line.slice(4 + column * 5, 8 + column * 5) === letters ? [Number(line.slice(0, 4))] : [],
      );
      const known = [...pages].flatMap(([number, page]) => (page.name === name ? [number] : []));
      for (const number of known) expect(readable, `${name} of ${maker}`).toContain(number);
    });
  });
});
