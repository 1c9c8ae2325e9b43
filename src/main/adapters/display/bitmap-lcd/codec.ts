import { sameShowing, type Showing } from '../../../core/display/showing.ts';
import { loadLetters } from '../../letters/letters.ts';
import type { SilentWords } from '../silent-session.ts';
import { blankPicture, draw, type Picture } from './picture.ts';

/**
 * Words of the 3.5 inch USB panels that computers use for their temperatures (revision A): six bytes of coordinates in
 * ten bits each and an operation, then pixels in RGB565, the low byte first. This is their glass, upright, in pixels.
 */
export const glass = { width: 320, height: 480 } as const;

const operations = { clear: 102, on: 109, brightness: 110, bitmap: 197 } as const;
/** Rows in one piece: lost or late, one is soon told again. */
const bandRows = 40;

interface Area {
  readonly x: number;
  readonly y: number;
  /** The last column and row. */
  readonly endX: number;
  readonly endY: number;
}

const nowhere: Area = { x: 0, y: 0, endX: 0, endY: 0 };

const same = (piece: Uint8Array, other: Uint8Array | undefined) =>
  other !== undefined && Buffer.compare(piece, other) === 0;

/** Six bytes: an area and what is done with it. */
export function header({ x, y, endX, endY }: Area, operation: number): Uint8Array {
  return Uint8Array.of(
    x >> 2,
    ((x & 3) << 6) | (y >> 4),
    ((y & 15) << 4) | (endX >> 6),
    ((endX & 63) << 2) | (endY >> 8),
    endY & 0xff,
    operation,
  );
}

/** A picture in bands, from the top. */
function bands(picture: Picture): readonly Uint8Array[] {
  return Array.from({ length: glass.height / bandRows }, (_, index) => {
    const top = index * bandRows;
    const pixels = Buffer.alloc(glass.width * bandRows * 2, 0xff);
    for (let at = 0; at < glass.width * bandRows; at += 1) {
      if (picture[top * glass.width + at] === 1) pixels.writeUInt16LE(0, at * 2);
    }
    const area = { x: 0, y: top, endX: glass.width - 1, endY: top + bandRows - 1 };
    return Buffer.concat([header(area, operations.bitmap), pixels]);
  });
}

/** The words of such a panel. The host draws everything, so that nothing can be cut and no sign has a meaning. */
export function bitmapLcdWords(): SilentWords {
  const letters = loadLetters();
  const blank = bands(blankPicture(glass));
  // What it was told last; it may or may not show it.
  let told: { readonly showing: Showing | null; readonly pieces: readonly Uint8Array[] } = {
    showing: null,
    pieces: [],
  };
  const show = (showing: Showing): readonly Uint8Array[] => {
    if (sameShowing(told.showing, showing)) return told.pieces;
    const pieces = bands(draw(showing, glass, letters));
    // Nothing old beside anything new: six bytes make the glass white, and only what has ink is needed then. What was
    // there before is told again all the same, for the six bytes may be lost.
    const inked = pieces.filter((piece, index) => !same(piece, blank[index]));
    const changed = pieces.filter((piece, index) => !same(piece, told.pieces[index]));
    told = { showing, pieces };
    return [header(nowhere, operations.clear), ...inked, ...changed];
  };
  const clear = (): readonly Uint8Array[] => {
    told = { showing: null, pieces: blank };
    return [header(nowhere, operations.clear), ...blank];
  };
  return {
    show,
    again: show,
    clear,
    init: () => [header(nowhere, operations.on), ...clear()],
    // 0 is the brightest, 255 the darkest.
    brightness: (percent) => [header({ ...nowhere, x: Math.round(255 - percent * 2.55) }, operations.brightness)],
  };
}
