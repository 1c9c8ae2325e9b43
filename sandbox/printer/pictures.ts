import { INITIAL_STYLE } from './style.ts';
import { alignedStart } from './line.ts';
import type { Picture } from './symbols.ts';
import { type Desk, endLine, type Handler, printLine, wordAt } from './desk.ts';

function printPicture(desk: Desk, picture: Picture, what: string): void {
  endLine(desk, what);
  const { canvas, style } = desk;
  if (picture.width > style.areaWidth) {
    desk.report(`${what} is ${String(picture.width)} dots wide, the paper only ${String(style.areaWidth)}.`);
  }
  const [left, top] = [alignedStart(style, picture.width), canvas.height()];
  for (let y = 0; y < picture.height; y += 1) {
    for (let x = 0; x < picture.width; x += 1) {
      if (picture.dark(x, y)) canvas.burn(left + x, top + y);
    }
  }
  canvas.feedTo(top + picture.height);
}

function printPlaceholder(desk: Desk, text: string): void {
  endLine(desk, text);
  for (const character of text) desk.line.add(character, { ...INITIAL_STYLE, reverse: true });
  printLine(desk);
}

/** `GS v 0`: rows of whole bytes, the first dot in the highest bit. */
export const printRaster: Handler = (desk, parameters) => {
  const mode = (parameters[0] ?? 0) & 3;
  const [bytesPerRow, rows] = [wordAt(parameters, 1), wordAt(parameters, 3)];
  const dots = parameters.subarray(5);
  const [timesX, timesY] = [1 + (mode & 1), 1 + (mode >> 1)];
  const dark = (x: number, y: number): boolean => {
    const column = Math.floor(x / timesX);
    const byte = dots[Math.floor(y / timesY) * bytesPerRow + (column >> 3)] ?? 0;
    return (byte & (0x80 >> (column & 7))) !== 0;
  };
  printPicture(desk, { width: bytesPerRow * 8 * timesX, height: rows * timesY, dark }, 'A raster image');
  return undefined;
};

/** `GS ( k`. */
export const printSymbol: Handler = (desk, parameters) => {
  const result = desk.symbols.obey(parameters);
  switch (result.type) {
    case 'kept':
      return undefined;
    case 'size':
      return { symbolDots: result.dots };
    case 'problem':
      desk.report(result.sentence);
      return undefined;
    case 'other':
      printPlaceholder(desk, `[${result.kind} ${result.payload}]`);
      return undefined;
    case 'qr':
      printPicture(desk, result.picture, 'A QR code');
      desk.qr.push(result.payload);
      return undefined;
  }
};

/** `GS k`: not drawn, its data stands on the paper in its place. */
export const printBarcode: Handler = (desk, parameters) => {
  const kind = parameters[0] ?? 0;
  const data = kind <= 6 ? parameters.subarray(1, -1) : parameters.subarray(2);
  const characters = Buffer.from(data)
    .toString('latin1')
    .replace(/^\{[ABC]/u, ''); // CODE128 begins with its code set
  printPlaceholder(desk, `[barcode ${characters}]`);
  return undefined;
};
