import { existsSync, openSync, readdirSync, readFileSync, readSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import jsqr from 'jsqr';
import { create } from 'qrcode';
import { screenCorrection } from '../../shared/code.ts';
import { loadLetters } from '../adapters/letters/letters.ts';
import { failed, fine, skipped, warning, type Finding } from './finding.ts';

/** What customers see: the code, the letters, the screen. */

/** jsqr's module is the function itself; its declaration puts it under `default`. */
const decode = jsqr as unknown as typeof jsqr.default;
/** Pixels a module, and modules of white around the code, as a camera would have them (ISO 18004). */
const [moduleSide, quietModules] = [4, 4];

/** Draws the spot's code as the screens do, and reads it with a reader that knows nothing of how it was drawn. */
export function examineCode(code: string): Finding {
  const { modules } = create(code, { errorCorrectionLevel: screenCorrection });
  const side = (modules.size + 2 * quietModules) * moduleSide;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const [column, row] = [x, y].map((at) => Math.floor(at / moduleSide) - quietModules) as [number, number];
      const isInside = column >= 0 && row >= 0 && column < modules.size && row < modules.size;
      if (isInside && modules.get(row, column) === 1) pixels.fill(0, (y * side + x) * 4, (y * side + x) * 4 + 3);
    }
  }
  const read = decode(pixels, side, side)?.data;
  if (read === code) return fine('code', `The code on the screen reads ${code}.`);
  return failed({
    part: 'code',
    code: 'code_unreadable',
    message: `The code on the screen reads ${JSON.stringify(read ?? '')} instead of ${code}. Install the program again.`,
  });
}

/** How a WOFF2 file begins. */
const woff2 = 'wOF2';

/** The typefaces that the screens name, and the letters that printers lack and get drawn. */
export function examineFonts(screensFolder: string): Finding {
  const assets = join(screensFolder, 'assets');
  const named = namesIn(assets)
    .filter((name) => name.endsWith('.css'))
    .flatMap((name) => [...readFileSync(join(assets, name), 'utf8').matchAll(/url\(["']?[^"')]*?([^"')/]+\.woff2)/g)])
    .flatMap(([, file]) => file ?? []);
  const missing = [...new Set(named)].filter((file) => startOf(join(assets, file)) !== woff2);
  if (named.length === 0 || missing.length > 0) {
    const which = missing.length > 0 ? missing.join(', ') : 'typefaces';
    const message = `${which} of the screens cannot be read: letters look wrong or are missing. Install the program again.`;
    return failed({ part: 'fonts', code: 'fonts_missing', message });
  }
  try {
    loadLetters();
  } catch {
    const message = 'The letters that receipts are drawn with cannot be read. Install the program again.';
    return failed({ part: 'fonts', code: 'letters_missing', message });
  }
  return fine('fonts', `${new Set(named).size} typefaces and the letters for receipts are there.`);
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The first four bytes of a file, as text; empty when it cannot be read. */
function startOf(path: string): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(woff2.length);
    readSync(file, bytes);
    return bytes.toString('latin1');
  } finally {
    closeSync(file);
  }
}

/** Pixels that the screens are designed for at least, either way round (docs/screens). */
const [leastShort, leastLong] = [480, 800];

/**
 * The monitors that are plugged into this machine, by what the kernel knows of them.
 * @param folder of the kernel's graphics devices
 */
export function examineScreenSize(folder = '/sys/class/drm'): Finding {
  const outputs = namesIn(folder).filter((name) => existsSync(join(folder, name, 'status')));
  if (outputs.length === 0) return skipped('screen', 'This machine tells nothing of its monitors.');
  const connected = outputs.filter((name) => textOf(join(folder, name, 'status')) === 'connected');
  const sizes = connected.flatMap((name) => /^(\d+)x(\d+)/.exec(textOf(join(folder, name, 'modes'))) ?? []);
  if (connected.length === 0) {
    const message = 'No monitor is plugged in. Check its cable and its power.';
    return warning({ part: 'screen', code: 'screen_missing', message });
  }
  return sizeFinding(sizes.length >= 3 ? { width: Number(sizes[1]), height: Number(sizes[2]) } : undefined);
}

/** Whether the screens fit on a monitor of so many pixels. */
export function sizeFinding(size: { readonly width: number; readonly height: number } | undefined): Finding {
  if (!size) return skipped('screen', 'The monitor does not tell its size.');
  const { width, height } = size;
  if (Math.min(width, height) >= leastShort && Math.max(width, height) >= leastLong) {
    return fine('screen', `${width} × ${height} pixels.`);
  }
  return warning({
    part: 'screen',
    code: 'screen_small',
    message: `The screen has ${width} × ${height} pixels; the screens need ${leastLong} × ${leastShort} at least, either way round.`,
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // It was unplugged just now.
    return '';
  }
}
