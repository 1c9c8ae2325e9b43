import { PNG } from 'pngjs';
import qrcode from 'qrcode';
import { loadFonts, type Fonts } from '../printer/font.ts';
import type { Glass } from './types.ts';

/** A glass of a few inches. */
const [width, height] = [480, 320];
const [quietModules, textScale] = [4, 2];

let fonts: Fonts | undefined;

interface Spot {
  readonly left: number;
  readonly top: number;
  readonly size: number;
}

/** The glass of a display that draws by itself, as a picture: the code at the left, the lines at the right. */
export function drawGlass({ lit, code, lines }: Glass): Buffer {
  const image = new PNG({ width, height });
  paint(image, lit ? 0xff : 0x18);
  if (lit) {
    if (code !== null) drawCode(image, code);
    for (const [index, line] of lines.entries()) {
      const left = code === null ? 24 : 250;
      drawText(image, line, { left, top: 110 + index * 56, size: code === null ? textScale : 1 });
    }
  }
  return PNG.sync.write(image, { colorType: 0 });
}

function paint(image: PNG, shade: number): void {
  image.data.fill(shade);
  for (let at = 3; at < image.data.length; at += 4) image.data[at] = 0xff;
}

function drawCode(image: PNG, code: string): void {
  const { modules } = qrcode.create(code, { errorCorrectionLevel: 'M' });
  const scale = Math.floor(232 / (modules.size + 2 * quietModules));
  const left = 8 + quietModules * scale;
  const top = Math.floor((height - modules.size * scale) / 2);
  for (let row = 0; row < modules.size; row += 1) {
    for (let column = 0; column < modules.size; column += 1) {
      if (modules.get(row, column) !== 1) continue;
      block(image, { left: left + column * scale, top: top + row * scale, size: scale });
    }
  }
}

function drawText(image: PNG, text: string, { left, top, size }: Spot): void {
  fonts ??= loadFonts();
  for (const [index, character] of Array.from(text).entries()) {
    const glyph = fonts.glyph('A', character);
    for (let y = 0; y < glyph.height; y += 1) {
      for (let x = 0; x < glyph.width; x += 1) {
        if (glyph.dark(x, y))
          block(image, { left: left + (index * glyph.width + x) * size, top: top + y * size, size });
      }
    }
  }
}

function block(image: PNG, { left, top, size }: Spot): void {
  for (let y = top; y < Math.min(top + size, height); y += 1) {
    for (let x = left; x < Math.min(left + size, width); x += 1) {
      const at = (y * width + x) * 4;
      image.data.fill(0x10, at, at + 3);
    }
  }
}
