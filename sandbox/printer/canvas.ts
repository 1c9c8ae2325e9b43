import { PNG } from 'pngjs';

/** Dots across the paper that the head can reach: 72 mm at 203 dpi. */
export const PRINTABLE_DOTS = 576;
/** White at both sides of an 80 mm paper. */
const SIDE_MARGIN = 32;
/** Paper between the last cut and the first line. */
const TOP_MARGIN = 48;

/** One paper while it is being printed: dots that are dark, and how far it has moved. */
export interface Canvas {
  /** Rows below which nothing has passed the head yet. */
  height(): number;
  /** The lowest dark row, -1 for none. */
  lowestInk(): number;
  /** Dots outside the printable width are lost, as on paper. */
  burn(x: number, y: number): void;
  /** Moves the paper on to that row; never back. */
  feedTo(row: number): void;
  /** The paper as a grey PNG, 640 dots wide. */
  png(): Buffer;
}

/** A white paper. */
export function createCanvas(): Canvas {
  const rows: Uint8Array[] = [];
  let fed = 0;
  let lowest = -1;
  const row = (y: number): Uint8Array => {
    while (rows.length <= y) rows.push(new Uint8Array(PRINTABLE_DOTS));
    return rows[y] ?? new Uint8Array(PRINTABLE_DOTS);
  };
  return {
    height: () => fed,
    lowestInk: () => lowest,
    burn(x, y) {
      if (x < 0 || x >= PRINTABLE_DOTS || y < 0) return;
      row(y)[x] = 1;
      lowest = Math.max(lowest, y);
    },
    feedTo(to) {
      fed = Math.max(fed, to);
    },
    png: () => encodePng(rows, Math.max(fed, lowest + 1)),
  };
}

function encodePng(rows: readonly Uint8Array[], height: number): Buffer {
  const image = new PNG({ width: PRINTABLE_DOTS + 2 * SIDE_MARGIN, height: height + TOP_MARGIN });
  image.data.fill(0xff);
  for (const [y, row] of rows.entries()) {
    for (let x = 0; x < PRINTABLE_DOTS; x += 1) {
      if (row[x] !== 1) continue;
      const at = ((y + TOP_MARGIN) * image.width + x + SIDE_MARGIN) * 4;
      image.data.fill(0x10, at, at + 3);
    }
  }
  return PNG.sync.write(image, { colorType: 0 });
}
