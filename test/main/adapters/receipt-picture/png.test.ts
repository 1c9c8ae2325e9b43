import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { loadLetters } from '../../../../src/main/adapters/letters/letters.ts';
import { createReceiptPictures } from '../../../../src/main/adapters/receipt-picture/pictures.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { ReceiptDocument } from '../../../../src/main/core/receipt/document.ts';
import { paperLines } from '../../../../src/main/core/receipt/lines.ts';
import { currencies, money } from '../../../../src/shared/money.ts';
import { languages } from '../../../../src/shared/snapshot.ts';
import { readQr } from '../../../sandbox/printer/camera.ts';
import { facts } from '../../core/receipt/facts.ts';
import { documentOf, europeanLetters, receiptWith } from './documents.ts';

const margin = 32;
const cell = { width: 12, height: 24 };
const cells = loadLetters();

async function write(document: ReceiptDocument, columns = 48): Promise<Buffer> {
  return Buffer.from(await createReceiptPictures({ columns, folder: '/nowhere' }).draw(document));
}

const draw = async (document: ReceiptDocument, columns = 48): Promise<PNG> =>
  PNG.sync.read(await write(document, columns));

const isDark = (image: PNG, x: number, y: number): boolean => (image.data[(y * image.width + x) * 4] ?? 255) < 128;

/** Columns and rows between which there is ink. */
function inkBox(image: PNG): { left: number; right: number; top: number; bottom: number } {
  const box = { left: image.width, right: -1, top: image.height, bottom: -1 };
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      if (!isDark(image, x, y)) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
    }
  }
  return box;
}

/** Letters whose dots all lie within their cell. */
const plainLetters = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZąčęėįšųūžĄČĘĖĮŠŲŪŽ€.,-:%„“ ';

/** The dots of a cell as a text, from whatever says which are dark. */
function cellText(isInk: (x: number, y: number) => boolean): string {
  return Array.from({ length: cell.width * cell.height }, (_, dot) =>
    isInk(dot % cell.width, Math.floor(dot / cell.width)) ? '#' : ' ',
  ).join('');
}

const isInkOf = (character: string) => {
  const ink = cells.inkOf(character);
  return (x: number, y: number): boolean =>
    ink.some(({ row, column, length }) => row === y && x >= column && x < column + length);
};

/** Reads plain letters back by comparing their dots with the font's, cell by cell. */
function readLine(image: PNG, top: number, columns: number): string {
  const known = new Map(Array.from(plainLetters, (character) => [cellText(isInkOf(character)), character]));
  return Array.from({ length: columns }, (_, column) => {
    const left = margin + column * cell.width;
    return known.get(cellText((x, y) => isDark(image, left + x, top + y))) ?? '\ufffd';
  }).join('');
}

describe('the picture of a receipt', () => {
  it.each([32, 42, 48])(
    'is as wide as a paper of %i columns, and everything on it lies between its margins',
    async (columns) => {
      const long = 'Šimtalapis su aguonomis ir riešutais, pagal senelės receptą, su vaniliniais ledais '.repeat(3);
      const image = await draw(receiptWith([long, 'x'.repeat(150), 'Kava']), columns);
      expect(image.width).toBe(columns * cell.width + 2 * margin);
      const ink = inkBox(image);
      expect(ink.left).toBeGreaterThanOrEqual(margin);
      expect(ink.right).toBeLessThanOrEqual(margin + columns * cell.width);
      expect(ink.bottom).toBeLessThan(image.height - margin);
    },
  );

  it('holds the lines of the paper letter by letter: names on the left, amounts in one column on the right', async () => {
    const titles = ['Kava', 'Šakotis', 'Žąsų kepsnys su obuoliais'];
    const document = receiptWith(titles);
    const image = await draw(document);
    const lines = paperLines(document, 48);
    let top = 48;
    const read: string[] = [];
    for (const line of lines) {
      if (line.type === 'text' && line.height === 1 && !line.bold && line.align === 'left') {
        expect(readLine(image, top, 48).trimEnd()).toBe(line.text);
        read.push(line.text);
      }
      if (line.type === 'text') top += Math.max(30, line.height * cell.height);
      else top += line.type === 'feed' ? line.lines * 30 : 174;
    }
    for (const [index, title] of titles.entries()) {
      expect(read).toContain(`${title}${`1,0${index}`.padStart(48 - title.length)}`);
    }
  });

  it('holds a QR code that a camera reads', async () => {
    for (const columns of [32, 48]) {
      const code = readQr(await write(composeReceipt(facts, { copy: false }), columns));
      expect(code).toBe(`PAYSERA%${facts.transactionKey ?? ''}`);
    }
  });

  it('holds the largest QR code that a receipt may have, in bytes that are no ASCII, also on narrow paper', async () => {
    const payload = `https://example.com/${'ąž'.repeat(32)}`;
    expect(readQr(await write(documentOf({ type: 'qr', payload }), 32))).toBe(payload);
  });

  it('says that it is a copy at both its ends, in large letters', async () => {
    const original = await draw(composeReceipt(facts, { copy: false }));
    const copy = await draw(composeReceipt(facts, { copy: true }));
    expect(copy.height - original.height).toBe(2 * 48);
  });

  it('prints at its own size: 8 dots to the millimetre', async () => {
    const file = Buffer.from(
      await createReceiptPictures({ columns: 48, folder: '/nowhere' }).draw(composeReceipt(facts, { copy: false })),
    );
    const at = file.indexOf('pHYs') + 4;
    expect([file.readUInt32BE(at), file.readUInt32BE(at + 4), file[at + 8]]).toEqual([8000, 8000, 1]);
    expect(file.length).toBeLessThan(10_000);
  });
});

describe('the letters of pictures', () => {
  it.each(Object.entries(europeanLetters))('are there for %s, each with ink of its own', (_language, letters) => {
    for (const letter of letters) {
      expect(cells.has(letter), letter).toBe(true);
      expect(cells.inkOf(letter), letter).not.toEqual(cells.inkOf('\ufffd'));
      expect(cells.inkOf(letter).length, letter).toBeGreaterThan(0);
    }
  });

  it('are drawn whole: none touches the edge of the box that it was drawn in', () => {
    for (const letter of Object.values(europeanLetters).join('')) {
      for (const { row, column, length } of cells.inkOf(letter)) {
        expect(row, letter).toBeGreaterThan(-2);
        expect(row, letter).toBeLessThan(25);
        expect(column, letter).toBeGreaterThan(-5);
        expect(column + length, letter).toBeLessThan(15);
      }
    }
  });

  it('leave the next line alone: what stands out of their cells is less than what lies between lines', () => {
    const rows = Object.values(europeanLetters).flatMap((letters) =>
      Array.from(letters).flatMap((letter) => cells.inkOf(letter).map(({ row }) => row)),
    );
    expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(30);
  });

  it('are a sign that something is there where the font lacks one', () => {
    expect(cells.has('漢')).toBe(false);
    expect(cells.inkOf('漢')).toEqual(cells.inkOf('\ufffd'));
  });

  it('are there for the amounts of every currency in every language', async () => {
    for (const currency of currencies) {
      for (const language of languages) {
        const document = composeReceipt(
          { ...facts, language, lines: [{ title: 'x', total: 123_456 }], total: money(123_456, currency) },
          { copy: false },
        );
        const pictures = createReceiptPictures({ columns: 48, folder: '/nowhere' });
        const text = Buffer.from(await pictures.write(document, 'txt')).toString('utf8');
        for (const character of text.replaceAll('\n', ''))
          expect(cells.has(character), `${currency} ${character}`).toBe(true);
      }
    }
  });
});
