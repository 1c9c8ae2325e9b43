import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReceiptPictures } from '../../../../src/main/adapters/receipt-picture/pictures.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { ReceiptDocument } from '../../../../src/main/core/receipt/document.ts';
import { readQr } from '../../../sandbox/printer/camera.ts';
import { facts } from '../../core/receipt/facts.ts';
import { documentOf, europeanLetters, receiptWith } from './documents.ts';

const run = promisify(execFile);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'receipt-pdf-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function write(document: ReceiptDocument, columns = 48): Promise<string> {
  const path = join(folder, 'receipt.pdf');
  writeFileSync(path, await createReceiptPictures({ columns, folder }).write(document, 'pdf'));
  return path;
}

/** What Ghostscript, which knows nothing of us, makes of the file; whatever it complains about fails the test. */
async function ghostscript(path: string, ...options: readonly string[]): Promise<string> {
  const common = ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', '-dPDFSTOPONERROR', '-dPDFSTOPONWARNING'];
  const { stdout, stderr } = await run('gs', [...common, ...options, path]);
  expect(stderr).toBe('');
  return stdout;
}

const textOf = (path: string): Promise<string> => ghostscript(path, '-sDEVICE=txtwrite', '-sOutputFile=-');

async function pictureOf(path: string): Promise<Buffer> {
  const picture = join(folder, 'page.png');
  await ghostscript(path, '-sDEVICE=png16m', '-r203.2', `-sOutputFile=${picture}`);
  return readFileSync(picture);
}

describe('the PDF of a receipt', () => {
  it('gives back the text of the paper, line by line, when it is copied', async () => {
    const document = composeReceipt(facts, { copy: true });
    const text = Buffer.from(await createReceiptPictures({ columns: 48, folder }).write(document, 'txt')).toString();
    const lines = (of: string): readonly string[] =>
      of.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().replaceAll(/ +/g, ' ')]));
    // The QR code is a drawing there.
    const expected = lines(text).filter((line) => !line.startsWith('PAYSERA%'));
    expect(lines(await textOf(await write(document)))).toEqual(expected);
  });

  it('gives back every European letter, and even one that it cannot draw', async () => {
    const titles = Object.values(europeanLetters).flatMap((letters) =>
      Array.from({ length: Math.ceil(letters.length / 30) }, (_, part) => letters.slice(part * 30, (part + 1) * 30)),
    );
    const text = await textOf(await write(receiptWith([...titles, '漢字'])));
    for (const title of [...titles, '漢字']) expect(text).toContain(title);
  });

  it('looks like the picture: a QR code that a camera reads, nothing beyond the margins', async () => {
    const rendered = await pictureOf(await write(composeReceipt(facts, { copy: false })));
    expect(readQr(rendered)).toBe(`PAYSERA%${facts.transactionKey ?? ''}`);
    const page = PNG.sync.read(rendered);
    const drawn = await createReceiptPictures({ columns: 48, folder }).draw(composeReceipt(facts, { copy: false }));
    const picture = PNG.sync.read(Buffer.from(drawn));
    expect(Math.abs(page.width - picture.width)).toBeLessThanOrEqual(1);
    expect(Math.abs(page.height - picture.height)).toBeLessThanOrEqual(1);
    expect(differingCells(page, picture)).toBeLessThan(0.01);
  });

  it('has its font in itself, with only what it needs of it', async () => {
    const bytes = await createReceiptPictures({ columns: 48, folder }).write(
      composeReceipt(facts, { copy: false }),
      'pdf',
    );
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).toMatch(/^%PDF-1\.7\n/);
    expect(text).toContain('/FontFile2');
    expect(text).toContain('/ToUnicode');
    expect(text).toContain('/Lang (lt)');
    expect(bytes.length).toBeLessThan(30_000);
  });

  it('goes on over several pages when it is longer than a page may be, and loses no line', async () => {
    const titles = Array.from({ length: 900 }, (_, index) => `Line ${index + 1}.`);
    const style = { type: 'text', align: 'left', weight: 'plain', size: 'large' } as const;
    const text = await textOf(await write(documentOf(...titles.map((title) => ({ ...style, text: title })))));
    for (const title of titles) expect(text).toContain(title);
    expect(readFileSync(join(folder, 'receipt.pdf'), 'latin1')).toContain('/Count 2 ');
  }, 60_000);

  it('is whole also when there is nothing on it', async () => {
    expect((await textOf(await write(documentOf()))).trim()).toBe('');
  });
});

/** The part of 12 by 24 dots whose share of ink differs by more than a third: a letter elsewhere, or another one. */
function differingCells(one: PNG, other: PNG): number {
  const ink = (image: PNG, left: number, top: number): number => {
    let dark = 0;
    for (let y = top; y < top + 24; y += 1) {
      for (let x = left; x < left + 12; x += 1) if ((image.data[(y * image.width + x) * 4] ?? 255) < 128) dark += 1;
    }
    return dark / 288;
  };
  let [cells, different] = [0, 0];
  for (let top = 0; top + 24 <= Math.min(one.height, other.height); top += 24) {
    for (let left = 0; left + 12 <= Math.min(one.width, other.width); left += 12) {
      cells += 1;
      if (Math.abs(ink(one, left, top) - ink(other, left, top)) > 1 / 3) different += 1;
    }
  }
  return different / cells;
}
