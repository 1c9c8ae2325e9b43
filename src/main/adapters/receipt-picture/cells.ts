import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { resourceFolder } from './resources.ts';

/**
 * The letters of drawn receipts, dot by dot, each in a box that is larger than its cell: some accents stand in the cell
 * beside it, some cedillas below it.
 */
export interface Cells {
  /** Of the box. */
  readonly width: number;
  readonly height: number;
  /** How far the box stands out of the cell on the left, and at the top. */
  readonly left: number;
  readonly top: number;
  readonly has: (character: string) => boolean;
  /** The dots of a character, row after row, one bit each; those of a hollow sign for a character that is not there. */
  readonly dotsOf: (character: string) => Buffer;
}

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
export function readCells(): Cells {
  const path = join(resourceFolder(), 'cells.json');
  const { cells, ...box } = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const packed = new Map(Object.entries(cells));
  const missing = packed.get('\ufffd') ?? '';
  const known = new Map<string, Buffer>();
  return {
    ...box,
    has: (character) => packed.has(character),
    dotsOf: (character) => {
      const dots = known.get(character) ?? Buffer.from(packed.get(character) ?? missing, 'base64');
      known.set(character, dots);
      return dots;
    },
  };
}
