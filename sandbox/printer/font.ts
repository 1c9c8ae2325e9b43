import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The dots of one character. */
export interface Glyph {
  readonly width: number;
  readonly height: number;
  /** Whether the head burns there; x from the left, y from the top. */
  dark(x: number, y: number): boolean;
}

export type FontName = 'A' | 'B';

/** The printer's two fonts; font A is 12 × 24 dots, 48 characters on 576 dots, font B 9 × 17. */
export interface Fonts {
  /** The glyph, or an empty box where the font has none. */
  glyph(font: FontName, character: string): Glyph;
  has(character: string): boolean;
  /** All characters that it has. */
  characters(): readonly string[];
}

const faceSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  glyphs: z.record(z.string(), z.base64()),
});
const fileSchema = z.object({ A: faceSchema, B: faceSchema });

type Face = z.infer<typeof faceSchema>;

function emptyBox(face: Face): Glyph {
  const { width, height } = face;
  const dark = (x: number, y: number): boolean =>
    x > 0 && x < width - 2 && y > 3 && y < height - 3 && (x === 1 || x === width - 3 || y === 4 || y === height - 4);
  return { width, height, dark };
}

function unpack(face: Face, packed: string): Glyph {
  const dots = Buffer.from(packed, 'base64');
  const { width, height } = face;
  return {
    width,
    height,
    dark(x, y) {
      const dot = y * width + x;
      return ((dots[dot >> 3] ?? 0) & (0x80 >> (dot & 7))) !== 0;
    },
  };
}

/** Reads the fonts that lie beside this file (drawn by scripts/printer-font.ts). */
export function loadFonts(): Fonts {
  const faces = fileSchema.parse(JSON.parse(readFileSync(new URL('font.json', import.meta.url), 'utf8')));
  return {
    glyph(font, character) {
      const face = faces[font];
      const packed = face.glyphs[character];
      return packed === undefined ? emptyBox(face) : unpack(face, packed);
    },
    characters: () => Object.keys(faces.A.glyphs),
    has: (character) => faces.A.glyphs[character] !== undefined && faces.B.glyphs[character] !== undefined,
  };
}
