import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import type { Letters } from '../letters/letters.ts';
import { paper } from './paper.ts';
import type { Placed, PlacedPaper } from './place.ts';
import type { Run } from '../letters/runs.ts';

const pack = promisify(deflate);

/** 8 dots to the millimetre. */
const dotsPerMetre = 8_000;

/** A paper as a PNG file with one bit for each dot, which prints at the paper's own size. */
export async function drawPng(sheet: PlacedPaper, cells: Letters): Promise<Buffer> {
  const dots = new Dots(sheet.width, sheet.height);
  for (const thing of sheet.things) draw(dots, thing, cells);
  return encodePng(dots);
}

/** Dots of a paper; each row begins with the byte that names PNG's filter: none. A set bit is white. */
class Dots {
  readonly width: number;
  readonly height: number;
  readonly rows: Buffer;
  readonly #stride: number;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#stride = 1 + Math.ceil(width / 8);
    this.rows = Buffer.alloc(this.#stride * height, 0xff);
    for (let row = 0; row < height; row += 1) this.rows[row * this.#stride] = 0;
  }

  /** Darkens a rectangle. What lies beyond the paper is lost. */
  darken(left: number, top: number, width: number, height: number): void {
    const [from, to] = [Math.max(0, left), Math.min(this.width, left + width)];
    for (let y = Math.max(0, top); y < Math.min(this.height, top + height); y += 1) {
      const row = y * this.#stride + 1;
      for (let x = from; x < to; x += 1) {
        const at = row + (x >> 3);
        this.rows[at] = (this.rows[at] ?? 0) & ~(0x80 >> (x & 7));
      }
    }
  }
}

function draw(dots: Dots, thing: Placed, cells: Letters): void {
  const { left, top } = thing;
  if (thing.type === 'qr') {
    const { moduleDots: size } = paper;
    drawInk(dots, thing.code.ink, { left, top, width: size, height: size, bold: false });
    return;
  }
  const { text, width, height, bold } = thing.line;
  for (const [index, character] of Array.from(text).entries()) {
    drawInk(dots, cells.inkOf(character), { left: left + index * width * paper.cellWidth, top, width, height, bold });
  }
}

interface Ink {
  readonly left: number;
  readonly top: number;
  /** Of one square of the ink, in dots. */
  readonly width: number;
  readonly height: number;
  readonly bold: boolean;
}

function drawInk(dots: Dots, ink: readonly Run[], { left, top, width, height, bold }: Ink): void {
  // Bold is what a print head does: every dot once more, one to the right.
  const more = bold ? 1 : 0;
  for (const { row, column, length } of ink) {
    dots.darken(left + column * width, top + row * height, length * width + more, height);
  }
}

/** PNG 1.2: greyscale, one bit, no filter, no interlace. */
async function encodePng({ width, height, rows }: Dots): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const size = Buffer.alloc(9);
  size.writeUInt32BE(dotsPerMetre, 0);
  size.writeUInt32BE(dotsPerMetre, 4);
  size[8] = 1;
  const parts = [chunk('IHDR', header), chunk('pHYs', size), chunk('IDAT', await pack(rows)), chunk('IEND')];
  return Buffer.concat([Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...parts]);
}

function chunk(name: string, content: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), content]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(content.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
