import type { PageGlass } from '../../../shared/display-page.ts';

/** Modules of white on each side of a code (ISO 18004). */
const quiet = 4;
/** Device pixels of a module that a camera can tell apart. */
const leastPixels = 2;

/**
 * What stands on this page, read from the page itself and not from what it was told: texts from its elements, squares from
 * the pixels of its canvas. Null when it shows nothing.
 */
export function readGlass(page: Document): PageGlass | null {
  const shown = page.querySelector<HTMLElement>('[data-shown]');
  if (!shown) return null;
  return {
    view: (shown.dataset['view'] ?? '') as PageGlass['view'],
    title: textOf(shown, '[data-title]'),
    amount: textOf(shown, '[data-amount]'),
    squares: squaresOf(shown.querySelector('canvas')),
  };
}

function textOf(within: HTMLElement, selector: string): string {
  return (within.querySelector(selector)?.textContent ?? '').trim().replaceAll(/\s+/gu, ' ');
}

function squaresOf(canvas: HTMLCanvasElement | null): string | null {
  const side = Number(canvas?.dataset['modules']);
  const context = canvas?.getContext('2d');
  if (!canvas || !context || !isWhole(canvas.getBoundingClientRect())) return null;
  const scale = canvas.width / side;
  if (!Number.isInteger(scale) || scale < leastPixels) return null;
  const rows = rowsOf(context.getImageData(0, 0, canvas.width, canvas.height), side, scale);
  const isClear = rows.every((row, index) => {
    const around = index < quiet || index >= side - quiet ? row : row.slice(0, quiet) + row.slice(-quiet);
    return !around.includes('1');
  });
  if (!isClear) return null;
  return rows
    .slice(quiet, -quiet)
    .map((row) => row.slice(quiet, -quiet))
    .join('');
}

/** Each module by the pixel in its middle, the white ones around the code too. */
function rowsOf({ data, width }: ImageData, side: number, scale: number): readonly string[] {
  const middle = (module: number) => Math.floor((module + 0.5) * scale);
  const isDark = (column: number, row: number): boolean => {
    const at = (middle(row) * width + middle(column)) * 4;
    return (data[at + 3] ?? 0) > 0x7f && (data[at] ?? 0xff) < 0x80;
  };
  const all = Array.from({ length: side }, (_, index) => index);
  return all.map((row) => all.map((column) => (isDark(column, row) ? '1' : '0')).join(''));
}

/** Whether all of it is on the glass; half a pixel is the browser's rounding. */
function isWhole({ left, top, right, bottom }: DOMRect): boolean {
  return left >= -0.5 && top >= -0.5 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
}
