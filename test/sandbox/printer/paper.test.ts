import { CharacterSet, PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import { PNG } from 'pngjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadCodePages } from '../../../sandbox/printer/code-pages.ts';
import { createReader } from '../../../sandbox/printer/reading.ts';
import { loadFonts } from '../../../sandbox/printer/font.ts';
import type { Sheet } from '../../../sandbox/printer/desk.ts';
import { createPaper, type Paper } from '../../../sandbox/printer/paper.ts';
import { createParser } from '../../../sandbox/printer/parser.ts';
import { bytes, codePage, CUT, INITIALISE, qrCode, raster } from './bytes.ts';
import { readQr } from './camera.ts';

const [ESC, GS] = [0x1b, 0x1d];
const fonts = loadFonts();
const options = { fonts, codePages: loadCodePages(), reader: createReader(fonts) };

let problems: string[];
let paper: Paper;

beforeEach(() => {
  problems = [];
  paper = createPaper({ ...options, report: (sentence) => problems.push(sentence) });
});

const print = (...parts: readonly (number | string | Uint8Array)[]): readonly Sheet[] =>
  createParser()
    .push(bytes(...parts))
    .flatMap((command) => paper.apply(command).sheet ?? []);

function printOne(...parts: readonly (number | string | Uint8Array)[]): Sheet {
  const [sheet] = print(...parts, CUT);
  if (sheet === undefined) throw new Error('The paper was not cut.');
  return sheet;
}

/** The smallest box around everything dark, in dots of the picture. */
function inkOf(sheet: Sheet): { left: number; top: number; right: number; bottom: number; dots: number } {
  const image = PNG.sync.read(sheet.png());
  const box = { left: image.width, top: image.height, right: -1, bottom: -1, dots: 0 };
  for (let y = 0; y < image.height; y += 1) {
    for (let x = 0; x < image.width; x += 1) {
      if ((image.data[(y * image.width + x) * 4] ?? 255) > 127) continue;
      box.left = Math.min(box.left, x);
      box.right = Math.max(box.right, x);
      box.top = Math.min(box.top, y);
      box.bottom = Math.max(box.bottom, y);
      box.dots += 1;
    }
  }
  return box;
}

describe('text on the paper', () => {
  it('is what was sent, line by line, on the page that was chosen', () => {
    const sheet = printOne(INITIALISE, codePage(51), 'Arb\xfbzas\n\n', codePage(46), '\xd7\xe0\xe9\n');
    expect(sheet.text).toBe('Arbūzas\n\nЧай');
    expect(problems).toEqual([]);
  });

  it('goes on in the next line after 48 characters, 24 wide ones, 64 small ones', () => {
    const long = 'x'.repeat(70);
    const sheet = printOne(long, '\n', bytes(ESC, '!', 0x20), long, '\n', bytes(ESC, '!', 0x01), long, '\n');
    const lengths = sheet.text.split('\n').map((line) => line.length);
    expect(lengths).toEqual([48, 22, 24, 24, 22, 64, 6]);
  });

  it('lies left, in the middle and right', () => {
    const places = [0, 1, 2].map((align) => inkOf(printOne(bytes(ESC, 'a', align), 'HHHH\n')));
    const [left, centre, right] = places.map((box) => (box.left + box.right) / 2);
    expect([left, centre, right].map((middle) => Math.round(middle ?? 0))).toEqual([56, 320, 584]);
    expect(problems).toEqual([]);
  });

  it('grows to twice and eight times its size', () => {
    const size = (mode: Uint8Array): readonly number[] => {
      const { left, right, top, bottom } = inkOf(printOne(INITIALISE, mode, 'H\n'));
      return [right - left + 1, bottom - top + 1];
    };
    const [width = 0, height = 0] = size(bytes(GS, '!', 0x00));
    expect(size(bytes(ESC, '!', 0x10))).toEqual([width, 2 * height]);
    expect(size(bytes(ESC, '!', 0x20))).toEqual([2 * width, height]);
    expect(size(bytes(GS, '!', 0x77))).toEqual([8 * width, 8 * height]);
  });

  it('is darker in bold, underlined and reversed', () => {
    const dots = (...mode: readonly (number | string)[]): number => inkOf(printOne(INITIALISE, ...mode, 'Tea\n')).dots;
    const plain = dots();
    expect(dots(ESC, 'E', 1)).toBeGreaterThan(plain);
    expect(dots(ESC, '-', 1)).toBe(plain + 36);
    expect(dots(GS, 'B', 1)).toBe(36 * 24 - plain);
    expect(dots(ESC, '{', 1)).toBe(plain);
  });

  it('reads tabs and positions as spaces', () => {
    expect(printOne('Tea\t1\n', bytes(ESC, '$', 120, 0), 'x\n').text).toBe('Tea     1\n          x');
  });
});

describe('pictures on the paper', () => {
  it.each([3, 4, 6, 8])('a QR code of %i dots a module is read by a camera', (moduleSize) => {
    const payload = 'PAYSERA*3:TABLE1';
    const sheet = printOne(bytes(ESC, 'a', 1), qrCode(payload, moduleSize), 'below\n');
    expect(sheet.qr).toEqual([payload]);
    expect(readQr(sheet.png())).toBe(payload);
    expect(problems).toEqual([]);
  });

  it('a QR code counts its data in bytes', () => {
    const sheet = printOne(qrCode('Staliukas „ąčę“ 5 €', 5));
    expect(sheet.qr).toEqual(['Staliukas „ąčę“ 5 €']);
    expect(readQr(sheet.png())).toBe('Staliukas „ąčę“ 5 €');
  });

  it('a raster lies dot for dot where it was sent', () => {
    const sheet = printOne(raster(2, 3, Uint8Array.of(0xff, 0x01, 0x80, 0x01, 0xff, 0xff)));
    expect(inkOf(sheet)).toEqual({ left: 32, right: 47, top: 48, bottom: 50, dots: 9 + 2 + 16 });
  });

  it('a raster of a QR code is read by a camera', () => {
    const drawn = PNG.sync.read(printOne(qrCode('K9rB2x', 6)).png());
    const [bytesPerRow, rows] = [drawn.width / 8 - 8, drawn.height];
    const data = new Uint8Array(bytesPerRow * rows);
    for (let dot = 0; dot < bytesPerRow * 8 * rows; dot += 1) {
      const [x, y] = [dot % (bytesPerRow * 8), Math.floor(dot / (bytesPerRow * 8))];
      const dark = (drawn.data[(y * drawn.width + x + 32) * 4] ?? 255) < 128;
      if (dark) data[dot >> 3] = (data[dot >> 3] ?? 0) | (0x80 >> (dot & 7));
    }
    const sheet = printOne(raster(bytesPerRow, rows, data));
    expect(sheet.qr).toEqual([]);
    expect(readQr(sheet.png())).toBe('K9rB2x');
    expect(problems).toEqual([]);
  });
});

describe('a cut', () => {
  it('parts the papers, each with its own text, codes, commands and bytes', () => {
    const first = bytes('one\n', qrCode('1', 4), CUT);
    const sheets = print(first, 'two\n', CUT);
    expect(sheets.map(({ text, qr }) => ({ text, qr }))).toEqual([
      { text: 'one', qr: ['1'] },
      { text: 'two', qr: [] },
    ]);
    expect(sheets[0]?.bytes).toBe(first.length);
    expect(sheets[1]?.commands.map(({ name }) => name)).toEqual(['text', 'LF', 'GS V']);
  });

  it('leaves what was not cut for the next paper', () => {
    print('half a receipt\n');
    paper.powerCycle();
    expect(printOne('COPY\n').text).toBe('half a receipt\nCOPY');
  });
});

describe('what a real printer would not have done', () => {
  it.each<readonly [what: string, sent: Buffer, sentence: string]>([
    ['an unknown command', bytes(ESC, 'z'), 'Unknown command at 0 (1B 7A)'],
    ['a stray control byte', bytes(0x01), 'Unknown command'],
    ['a command it cannot do', bytes(GS, '*', 1, 1, ...Array<number>(8).fill(0xff)), 'cannot do it'],
    ['a parameter out of range', bytes(ESC, 'a', 9), 'out of range'],
    ['an unknown code page', bytes(codePage(99), 'x\n'), 'code page 99'],
    ['an empty place on a code page', bytes(codePage(51), '\xa1\n'), 'Character A1 is empty on code page cp1257'],
    ['an alignment inside a line', bytes('x', ESC, 'a', 1, '\n'), 'in the middle of a line'],
    ['a cut inside a line', bytes('x', CUT), 'A cut came in the middle of a line'],
    ['a cut through the text', bytes('x\n', GS, 'V', 0), 'cut through its last lines'],
    ['an unknown cut', bytes(GS, 'V', 9), 'no cut of kind 9'],
    ['a line that is thrown away', bytes('x', INITIALISE), 'threw away a line'],
    ['a QR code without data', bytes(GS, '(k', 3, 0, '1Q0'), 'before its data was stored'],
    [
      'a QR code whose length counts characters',
      bytes(GS, '(k', 4, 0, '1P0\xc4\x85\n', GS, '(k', 3, 0, '1Q0'),
      'UTF-8',
    ],
    ['a QR code too wide', qrCode('x'.repeat(500), 16), 'dots wide'],
    ['a QR module of no size', qrCode('x', 0), 'module of 0 dots'],
    ['a raster too wide', raster(80, 1, new Uint8Array(80)), '640 dots wide'],
  ])('is reported: %s', (_what, sent, sentence) => {
    print(sent);
    expect(problems[0]).toContain(sentence);
  });
});

describe('what node-thermal-printer composes', () => {
  it('is understood whole', () => {
    const composer = new ThermalPrinter({
      type: PrinterTypes.EPSON,
      interface: 'tcp://127.0.0.1',
      characterSet: CharacterSet.WPC1257_BALTIC_RIM,
    });
    composer.alignCenter();
    composer.bold(true);
    composer.setTextQuadArea();
    composer.println('Kavinė „Žalias ąžuolas“');
    composer.setTextNormal();
    composer.bold(false);
    composer.alignLeft();
    composer.drawLine();
    composer.leftRight('Arbata', '2,50 €');
    composer.setTypeFontB();
    composer.underline(true);
    composer.println('small');
    composer.underline(false);
    composer.setTypeFontA();
    composer.invert(true);
    composer.setTextSize(1, 1);
    composer.println('COPY');
    composer.setTextNormal();
    composer.invert(false);
    composer.setLineSpacing(40);
    composer.resetLineSpacing();
    composer.upsideDown(true);
    composer.println('turned');
    composer.upsideDown(false);
    composer.printQR('https://example.com/', { cellSize: 6, correction: 'M', model: 2 });
    composer.code128('12345');
    composer.pdf417('12345');
    composer.maxiCode('12345');
    composer.beep();
    composer.cut();
    const [sheet] = print(INITIALISE, composer.getBuffer());
    expect(problems).toEqual([]);
    expect(sheet?.text.split('\n').filter((line) => line !== '')).toEqual([
      'Kavinė „Žalias ąžuolas“',
      '-'.repeat(48),
      `Arbata${' '.repeat(36)}2,50 €`,
      ...['small', 'COPY', 'turned', '[barcode 12345]', '[PDF417 12345]', '[MaxiCode 12345]'],
    ]);
    expect(sheet?.qr).toEqual(['https://example.com/']);
  });
});
