import qrcode from 'qrcode';
import type { Showing } from '../../../core/display/showing.ts';
import { cell, type Letters } from '../../letters/letters.ts';

/** Pixels from the top left, row after row: 1 is black. */
export type Picture = Uint8Array;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** White around a code, in its squares (ISO 18004). */
const quietModules = 4;
const margin = 12;

/** Nothing but white. */
export function blankPicture({ width, height }: Size): Picture {
  return new Uint8Array(width * height);
}

/**
 * The code as large as whole pixels for each square allow, the title and the amount below it; without a code they
 * stand in the middle. Black on white, whatever the shop looks like: inverted codes are not read.
 */
export function draw({ code, title, amount }: Showing, size: Size, letters: Letters): Picture {
  const picture = blankPicture(size);
  const below = code === null ? Math.floor(size.height / 3) : drawCode(picture, code, size);
  const scale = code === null ? 3 : 2;
  drawText(picture, { text: title, top: below, scale, letters, size });
  drawText(picture, { text: amount, top: below + Math.round(cell.height * scale * 1.2), scale, letters, size });
  return picture;
}

/** Gives where the code ends. */
function drawCode(picture: Picture, code: string, { width }: Size): number {
  const { modules } = qrcode.create(code, { errorCorrectionLevel: 'M' });
  const scale = Math.floor((width - 2) / (modules.size + 2 * quietModules));
  const left = Math.floor((width - modules.size * scale) / 2);
  const top = quietModules * scale;
  for (let y = 0; y < modules.size * scale; y += 1) {
    for (let x = 0; x < modules.size * scale; x += 1) {
      if (modules.get(Math.floor(y / scale), Math.floor(x / scale)) === 1) picture[(top + y) * width + left + x] = 1;
    }
  }
  return top + modules.size * scale + quietModules * scale;
}

interface Line {
  readonly text: string;
  readonly top: number;
  readonly scale: number;
  readonly letters: Letters;
  readonly size: Size;
}

/** One line in the middle, smaller where it would not fit; left away where it never does. */
function drawText(picture: Picture, { text, top, scale: wanted, letters, size }: Line): void {
  const characters = Array.from(text.normalize('NFC'));
  const room = size.width - 2 * margin;
  const scale = Math.min(wanted, Math.floor(room / Math.max(1, characters.length * cell.width)));
  const left = Math.floor((size.width - characters.length * cell.width * scale) / 2);
  for (const [index, character] of characters.entries()) {
    for (const { row, column, length } of letters.inkOf(character)) {
      for (let y = top + row * scale; y < top + (row + 1) * scale; y += 1) {
        const start = y * size.width + left + (index * cell.width + column) * scale;
        picture.fill(1, start, start + length * scale);
      }
    }
  }
}
