import { INITIAL_STYLE } from './style.ts';
import { alignedStart } from './line.ts';
import type { Picture } from './symbols.ts';
import { unreadable } from './reading.ts';
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

/** `ESC *`: a picture in the middle of a line, 8 or 24 dots high, the first byte of each column at its top. */
export const addBitImage: Handler = (desk, parameters, command) => {
  const mode = parameters[0] ?? 0;
  if (![0, 1, 32, 33].includes(mode)) {
    desk.report(`ESC * has no mode ${String(mode)} (byte ${String(command.at)}).`);
    return undefined;
  }
  const bytesPerColumn = mode >= 32 ? 3 : 1;
  const times = mode === 0 || mode === 32 ? 2 : 1;
  const columns = wordAt(parameters, 1);
  const dots = parameters.subarray(3);
  const dark = (x: number, y: number): boolean => {
    const row = bytesPerColumn === 3 ? y : Math.floor(y / 3);
    const byte = dots[Math.floor(x / times) * bytesPerColumn + (row >> 3)] ?? 0;
    return (byte & (0x80 >> (row & 7))) !== 0;
  };
  const picture = { width: columns * times, height: 24, dark };
  const character = desk.reader.letter(picture) ?? unreadable;
  if (!desk.line.addPicture(character, picture, desk.style)) {
    desk.report(`A picture of ${String(picture.width)} dots has no room in its line.`);
  }
  return undefined;
};

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
  const picture = { width: bytesPerRow * 8 * timesX, height: rows * timesY, dark };
  printPicture(desk, picture, 'A raster image');
  const text = desk.reader.line(picture);
  if (text !== undefined) desk.texts.push(text);
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
