import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const fontSchema = z.object({
  width: z.int().positive(),
  height: z.int().positive(),
  glyphs: z.record(z.string(), z.base64()),
});

/** Letters of dots. */
export interface Font {
  readonly width: number;
  readonly height: number;
  /** Whether a dot of a letter is dark; letters that it lacks are empty. */
  dark(letter: string, x: number, y: number): boolean;
}

/** Reads the font in `resources/fonts` (DejaVu Sans Mono; its licence lies beside it). */
export function loadFont(): Font {
  const { width, height, glyphs } = fontSchema.parse(JSON.parse(readFileSync(fontPath(), 'utf8')));
  const dots = new Map(Object.entries(glyphs).map(([letter, packed]) => [letter, Buffer.from(packed, 'base64')]));
  return {
    width,
    height,
    dark: (letter, x, y) => {
      const at = y * width + x;
      return ((dots.get(letter)?.[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
    },
  };
}

/** `resources/fonts` above this file, which lies deeper as source than it does when bundled. */
function fontPath(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'resources', 'fonts')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'resources', 'fonts', 'mono-12x24.json');
}
