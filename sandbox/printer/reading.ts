import type { Fonts, Glyph } from './font.ts';

/** What stands in a text for a picture that is no letter. */
export const unreadable = '\ufffc';

/** Reads letters from their dots: those of this printer's own font A, plain or bold. */
export interface Reader {
  /** The character that a picture of one cell shows; undefined when it is none. */
  letter(picture: Glyph): string | undefined;
  /** The text of a picture that is a line of letters, one beside the other; undefined when it is something else. */
  line(picture: Glyph): string | undefined;
}

const cell = { width: 12, height: 24 } as const;

const darkDots = (picture: Glyph, { left = 0, bold = false, timesX = 1, timesY = 1 } = {}): string => {
  let dots = '';
  for (let y = 0; y < cell.height; y += 1) {
    for (let x = 0; x < cell.width; x += 1) {
      const at = (column: number): boolean => picture.dark(left + column * timesX, y * timesY);
      dots += at(x) || (bold && x > 0 && at(x - 1)) ? '#' : '.';
    }
  }
  return dots;
};

/** A reader of that font. */
export function createReader(fonts: Fonts): Reader {
  const known = new Map<string, string>();
  // Of letters that look the same, as Latin, Greek and Cyrillic A do, the first is taken.
  for (const bold of [false, true]) {
    for (const character of fonts.characters()) {
      const dots = darkDots(fonts.glyph('A', character), { bold });
      if (!known.has(dots)) known.set(dots, character);
    }
  }
  const readCell = (picture: Glyph, place: { left: number; timesX: number; timesY: number }): string | undefined =>
    known.get(darkDots(picture, place));

  const readLine = (picture: Glyph, timesX: number, timesY: number): string | undefined => {
    const columns = Math.floor(picture.width / (cell.width * timesX));
    const letters = Array.from({ length: columns }, (_, column) =>
      readCell(picture, { left: column * cell.width * timesX, timesX, timesY }),
    );
    return letters.every((letter) => letter !== undefined) ? letters.join('').trimEnd() : undefined;
  };

  return {
    letter: (picture) => {
      if (picture.width !== cell.width || picture.height !== cell.height) return undefined;
      return readCell(picture, { left: 0, timesX: 1, timesY: 1 });
    },
    line(picture) {
      if (picture.height === 30) return readLine(picture, 1, 1);
      if (picture.height !== 2 * cell.height) return undefined;
      return readLine(picture, 2, 2) ?? readLine(picture, 1, 2);
    },
  };
}
