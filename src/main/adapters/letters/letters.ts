import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { lettersFolder } from './resources.ts';
import { darkRuns, type Run } from './runs.ts';

/** The cell of a letter, in dots: font A of receipt printers. */
export const cell = { width: 12, height: 24 } as const;

/** Letters dot by dot, whatever they are drawn on. */
export interface Letters {
  readonly has: (character: string) => boolean;
  /**
   * The ink of a character, from the upper left corner of its cell; that of a sign that something is there for a character
   * that the font lacks. Some accents stand in the cell beside it, some cedillas below it.
   */
  readonly inkOf: (character: string) => readonly Run[];
}

/** Each letter has a box of `width` by `height` dots, which stands out of its cell by `left` and `top`. */
const schema = z.strictObject({
  width: z.int().min(1),
  height: z.int().min(1),
  left: z.int().min(0),
  top: z.int().min(0),
  cells: z.record(z.string(), z.base64()),
});

/**
 * Reads the letters that scripts/receipt-font.ts drew.
 * @throws Error when they are not there: that is a damaged installation
 */
export function loadLetters(): Letters {
  const path = join(lettersFolder(), 'cells.json');
  const { cells, ...box } = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const packed = new Map(Object.entries(cells));
  const known = new Map<string, readonly Run[]>();

  function unpack(character: string): readonly Run[] {
    const dots = Buffer.from(packed.get(character) ?? packed.get('\ufffd') ?? '', 'base64');
    const isDark = (row: number, column: number): boolean => {
      const dot = row * box.width + column;
      return ((dots[dot >> 3] ?? 0) & (0x80 >> (dot & 7))) !== 0;
    };
    return darkRuns({ rows: box.height, columns: box.width, isDark }).map(({ row, column, length }) => ({
      row: row - box.top,
      column: column - box.left,
      length,
    }));
  }

  return {
    has: (character) => packed.has(character),
    inkOf: (character) => {
      const ink = known.get(character) ?? unpack(character);
      known.set(character, ink);
      return ink;
    },
  };
}
