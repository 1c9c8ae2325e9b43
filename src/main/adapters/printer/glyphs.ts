import { cell, type Letters } from '../letters/letters.ts';

/** The dots of one cell, row after row; 1 is dark. */
type Cell = Uint8Array;

interface Look {
  readonly letters: Letters;
  readonly bold: boolean;
}

/**
 * A character as a printer's own bit image takes it in the middle of a line (ESC *, 24 dots, double density): 36 bytes,
 * three for each of twelve columns.
 */
export function glyphColumns(character: string, look: Look): Buffer {
  const dots = cellOf(character, look);
  const columns = Buffer.alloc(cell.width * 3);
  for (let column = 0; column < cell.width; column += 1) {
    for (let row = 0; row < cell.height; row += 1) {
      if (dots[row * cell.width + column] !== 1) continue;
      const at = column * 3 + (row >> 3);
      columns[at] = (columns[at] ?? 0) | (0x80 >> (row & 7));
    }
  }
  return withoutRealTime(columns);
}

/** From one line's top to the next one's, in dots: what printers come with. */
const lineDots = 30;

/** A line of text as a picture, as high as the printer would have made the line. */
export function lineRaster(
  text: string,
  { letters, bold, width, height }: Look & { readonly width: 1 | 2; readonly height: 1 | 2 },
): { bytesPerRow: number; rows: number; dots: Buffer } {
  const characters = Array.from(text);
  const bytesPerRow = Math.ceil((characters.length * cell.width * width) / 8);
  const rows = Math.max(lineDots, cell.height * height);
  const dots = Buffer.alloc(bytesPerRow * rows);
  for (const [index, character] of characters.entries()) {
    const ink = cellOf(character, { letters, bold });
    for (let y = 0; y < cell.height * height; y += 1) {
      for (let x = 0; x < cell.width * width; x += 1) {
        if (ink[Math.floor(y / height) * cell.width + Math.floor(x / width)] !== 1) continue;
        const column = index * cell.width * width + x;
        const at = y * bytesPerRow + (column >> 3);
        dots[at] = (dots[at] ?? 0) | (0x80 >> (column & 7));
      }
    }
  }
  return { bytesPerRow, rows, dots: withoutRealTime(dots) };
}

/** The ink of a character that falls into its cell; what stands out of it, a dot or two, is cut. */
function cellOf(character: string, { letters, bold }: Look): Cell {
  const dots = new Uint8Array(cell.width * cell.height);
  for (const { row, column, length } of letters.inkOf(character)) {
    if (row < 0 || row >= cell.height) continue;
    const [from, to] = [Math.max(0, column), Math.min(cell.width, column + length)];
    if (from >= to) continue;
    // Bold is what a print head does: every dot once more, one to the right.
    const end = Math.min(cell.width, to + (bold ? 1 : 0));
    dots.fill(1, row * cell.width + from, row * cell.width + end);
  }
  return dots;
}

const dataLinkEscape = 0x10;
/** What a DLE must not stand before: some printers obey DLE EOT, ENQ and DC4 even inside pictures (hardware.md 2.3). */
const realTimeCodes: readonly number[] = [0x04, 0x05, 0x14];

/** The same picture with one more dot where its bytes would be taken for a command. */
function withoutRealTime(bytes: Buffer): Buffer {
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    if (bytes[at] === dataLinkEscape && realTimeCodes.includes(bytes[at + 1] ?? 0)) bytes[at] = 0x18;
  }
  return bytes;
}
