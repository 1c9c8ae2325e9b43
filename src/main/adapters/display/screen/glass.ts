import { create } from 'qrcode';
import { screenCorrection } from '../../../../shared/code.ts';
import type { PageGlass, PageShowing } from '../../../../shared/display-page.ts';

/** What must be on a page's glass when it shows this. */
export function glassOf({ view, code, title, amount }: PageShowing): PageGlass {
  return { view, title, amount, squares: code === null ? null : squaresOf(code) };
}

/** Whether two glasses look the same; null is one with nothing on it. */
export function sameGlass(left: PageGlass | null, right: PageGlass | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.view === right.view &&
    left.title === right.title &&
    left.amount === right.amount &&
    left.squares === right.squares
  );
}

function squaresOf(code: string): string {
  const { data } = create(code, { errorCorrectionLevel: screenCorrection }).modules;
  return Array.from(data, (dark) => (dark ? '1' : '0')).join('');
}
