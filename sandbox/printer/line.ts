import type { Canvas } from './canvas.ts';
import type { Fonts, Glyph } from './font.ts';
import type { Style } from './style.ts';

/** The print buffer: one line of characters before it reaches the head. */
export interface Line {
  /** Puts a character at the end; false when the line has no room left for it. */
  add(character: string, style: Style): boolean;
  /** Puts a picture at the end, as it is whatever the style; it counts as that character. False when there is no room. */
  addPicture(character: string, picture: Glyph, style: Style): boolean;
  /** Goes on at that dot of the print area. */
  moveTo(x: number): void;
  /** Where the next character would go, in dots. */
  position(): number;
  isEmpty(): boolean;
  clear(): void;
  /** Burns the line at that row and empties it; gives what it says and how many dots high it is. */
  print(canvas: Canvas, row: number, style: Style): { readonly text: string; readonly height: number };
}

interface Cell {
  readonly character: string;
  readonly glyph: Glyph;
  readonly style: Style;
  readonly x: number;
  readonly width: number;
  readonly height: number;
}

/** Dots from the left edge of the print area at which a block of that width begins. */
export function alignedStart(style: Style, width: number): number {
  const free = Math.max(0, style.areaWidth - width);
  if (style.align === 'left') return style.leftMargin;
  return style.leftMargin + (style.align === 'centre' ? Math.floor(free / 2) : free);
}

function isDark(cell: Cell, x: number, y: number): boolean {
  const { style, glyph } = cell;
  const row = Math.floor(y / style.height);
  const inGlyph = (dot: number): boolean => {
    const column = Math.floor(dot / style.width);
    return dot >= 0 && column < glyph.width && glyph.dark(column, row);
  };
  const burns = inGlyph(x) || (style.bold && inGlyph(x - Math.max(1, style.width >> 1)));
  const underlined = style.underline > 0 && y >= cell.height - style.underline;
  return (burns || underlined) !== style.reverse;
}

function burnCell(canvas: Canvas, cell: Cell, corner: { readonly left: number; readonly top: number }): void {
  const { left, top } = corner;
  const turned = cell.style.upsideDown;
  for (let y = 0; y < cell.height; y += 1) {
    for (let x = 0; x < cell.width; x += 1) {
      if (!isDark(cell, x, y)) continue;
      canvas.burn(left + (turned ? cell.width - 1 - x : x), top + (turned ? cell.height - 1 - y : y));
    }
  }
}

/** What a person reads: gaps that positioning made become spaces. */
function readLine(cells: readonly Cell[]): string {
  let text = '';
  let end = 0;
  for (const cell of cells) {
    const gap = Math.max(0, Math.round((cell.x - end) / cell.width));
    text += ' '.repeat(gap) + cell.character;
    end = cell.x + cell.width;
  }
  return text.trimEnd();
}

/** An empty line. */
export function createLine(fonts: Fonts): Line {
  let cells: Cell[] = [];
  let next = 0;
  return {
    add(character, style) {
      const glyph = fonts.glyph(style.font, character);
      const width = glyph.width * style.width + style.characterSpacing;
      if (next + width > style.areaWidth) return false;
      cells.push({ character, glyph, style, x: next, width, height: glyph.height * style.height });
      next += width;
      return true;
    },
    addPicture(character, picture, style) {
      if (next + picture.width > style.areaWidth) return false;
      const plain = { ...style, width: 1, height: 1, bold: false, underline: 0 as const, reverse: false };
      cells.push({
        character,
        glyph: picture,
        style: plain,
        x: next,
        width: picture.width,
        height: picture.height,
      });
      next += picture.width;
      return true;
    },
    moveTo(x) {
      next = x;
    },
    position: () => next,
    isEmpty: () => cells.length === 0,
    clear() {
      cells = [];
      next = 0;
    },
    print(canvas, row, style) {
      const width = Math.max(0, ...cells.map((cell) => cell.x + cell.width));
      const height = Math.max(0, ...cells.map((cell) => cell.height));
      const start = alignedStart(style, width);
      for (const cell of cells) {
        const x = cell.style.upsideDown ? width - cell.x - cell.width : cell.x;
        burnCell(canvas, cell, { left: start + x, top: row + height - cell.height });
      }
      const text = readLine(cells);
      this.clear();
      return { text, height };
    },
  };
}
