/**
 * Commands in, paper out: keeps the style, the line being filled and the canvas, and hands over a sheet at each cut.
 * Knows nothing of time, connections or answers.
 */
import type { CodePage } from './code-pages.ts';
import { type Canvas, createCanvas } from './canvas.ts';
import type { Fonts } from './font.ts';
import { alignedStart, createLine, type Line } from './line.ts';
import { hex } from './parser.ts';
import { INITIAL_STYLE, LINE_CHANGES, type Style, STYLE_CHANGES } from './style.ts';
import { createSymbolStore, type Picture, type SymbolStore } from './symbols.ts';
import type { Command } from './types.ts';

/** Dots from the head to the cutter: 13 mm. What has not passed it is cut through. */
const HEAD_TO_CUTTER = 104;
const TAB_COLUMNS = 8;

/** One paper after its cut. */
export interface Sheet {
  readonly text: string;
  readonly qr: readonly string[];
  readonly commands: readonly Command[];
  readonly bytes: number;
  png(): Buffer;
}

/** What one command did: how far the paper moved, the sheet if it was cut, the width of the QR code if it was asked. */
export interface Applied {
  readonly dots: number;
  readonly sheet?: Sheet;
  readonly symbolDots?: number;
}

export interface Paper {
  apply(command: Command): Applied;
  /** Forgets settings and the unfinished line; what is on the paper stays on it. */
  powerCycle(): void;
}

export interface PaperOptions {
  readonly fonts: Fonts;
  readonly codePages: ReadonlyMap<number, CodePage>;
  /** Takes a sentence about something a real printer would have got wrong. */
  readonly report: (sentence: string) => void;
}

/** Everything a handler works on. */
interface Desk extends PaperOptions {
  style: Style;
  canvas: Canvas;
  tabs: readonly number[];
  readonly line: Line;
  readonly symbols: SymbolStore;
  texts: string[];
  qr: string[];
  commands: Command[];
}

type Handler = (desk: Desk, parameters: Uint8Array, command: Command) => Omit<Applied, 'dots'> | undefined;

const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);

function printLine(desk: Desk): void {
  const { canvas, style } = desk;
  const { text, height } = desk.line.print(canvas, canvas.height(), style);
  desk.texts.push(text);
  canvas.feedTo(canvas.height() + Math.max(height, style.lineSpacing));
}

/** Prints what is in the line, if anything, and says so where a printer would have ignored or lost something. */
function endLine(desk: Desk, because: string): void {
  if (desk.line.isEmpty()) return;
  desk.report(`${because} came in the middle of a line; printers obey it only at the beginning of one.`);
  printLine(desk);
}

function printCharacters(desk: Desk, bytes: Uint8Array, at: number): void {
  const page = desk.codePages.get(desk.style.codePage);
  if (page === undefined) {
    desk.report(
      `Text at ${String(at)} is on code page ${String(desk.style.codePage)}, which this printer does not have.`,
    );
  }
  for (const [index, byte] of bytes.entries()) {
    const decoded = page === undefined ? '\ufffd' : page.decode(byte);
    if (decoded === undefined) {
      const place = `${page?.name ?? ''} (byte ${String(at + index)})`;
      desk.report(`Character ${byte.toString(16).toUpperCase()} is empty on code page ${place}.`);
    }
    const character = decoded ?? '\ufffd';
    if (desk.line.add(character, desk.style)) continue;
    printLine(desk);
    desk.line.add(character, desk.style);
  }
}

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

const printRaster: Handler = (desk, parameters) => {
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

const printSymbol: Handler = (desk, parameters) => {
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

const printBarcode: Handler = (desk, parameters) => {
  const kind = parameters[0] ?? 0;
  const data = kind <= 6 ? parameters.subarray(1, -1) : parameters.subarray(2);
  const characters = Buffer.from(data)
    .toString('latin1')
    .replace(/^\{[ABC]/u, ''); // CODE128 begins with its code set
  printPlaceholder(desk, `[barcode ${characters}]`);
  return undefined;
};

function takeSheet(desk: Desk): Sheet {
  const { canvas, texts, qr, commands } = desk;
  desk.canvas = createCanvas();
  desk.texts = [];
  desk.qr = [];
  desk.commands = [];
  const bytes = commands.reduce((sum, command) => sum + command.bytes.length, 0);
  return { text: texts.join('\n').trimEnd(), qr, commands, bytes, png: () => canvas.png() };
}

/** Kinds 0 and 1 cut where the paper is; 65 and 66 feed it to the cutter first, and n dots more. */
const cut: Handler = (desk, parameters) => {
  endLine(desk, 'A cut');
  const { canvas } = desk;
  const kind = parameters[0] ?? 0;
  if (kind > 1 && ![48, 49, 65, 66, 97, 98, 103, 104].includes(kind)) {
    desk.report(`There is no cut of kind ${String(kind)}.`);
    return undefined;
  }
  if (kind >= 65) canvas.feedTo(canvas.height() + HEAD_TO_CUTTER + (parameters[1] ?? 0));
  if (canvas.lowestInk() >= 0 && canvas.height() - canvas.lowestInk() < HEAD_TO_CUTTER) {
    desk.report('The paper was cut through its last lines: feed 13 mm before the cut, or let GS V 66 do so.');
  }
  return { sheet: takeSheet(desk) };
};

const initialise: Handler = (desk) => {
  if (!desk.line.isEmpty()) desk.report('ESC @ threw away a line that had not been printed yet.');
  desk.line.clear();
  desk.style = INITIAL_STYLE;
  desk.symbols.reset();
  desk.tabs = [];
  return undefined;
};

const tab: Handler = (desk) => {
  const column = (desk.style.font === 'A' ? 12 : 9) * desk.style.width;
  const here = desk.line.position();
  const every = TAB_COLUMNS * column;
  const next = desk.tabs.map((stop) => stop * column).find((stop) => stop > here);
  desk.line.moveTo(next ?? (desk.tabs.length > 0 ? here : (Math.floor(here / every) + 1) * every));
  return undefined;
};

const does =
  (action: (desk: Desk, parameters: Uint8Array) => void): Handler =>
  (desk, parameters) => {
    action(desk, parameters);
    return undefined;
  };

const feed = (desk: Desk, dots: number): void => {
  desk.canvas.feedTo(desk.canvas.height() + dots);
};

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['text', (desk, parameters, command) => void printCharacters(desk, parameters, command.at)],
  ['LF', does(printLine)],
  [
    'ESC d',
    does((desk, [lines = 0]) => {
      if (!desk.line.isEmpty()) printLine(desk);
      else if (lines > 0) feed(desk, desk.style.lineSpacing);
      for (let line = 1; line < lines; line += 1) printLine(desk);
    }),
  ],
  [
    'ESC J',
    does((desk, [dots = 0]) => {
      if (!desk.line.isEmpty()) desk.texts.push(desk.line.print(desk.canvas, desk.canvas.height(), desk.style).text);
      feed(desk, dots);
    }),
  ],
  ['HT', tab],
  ['ESC D', does((desk, parameters) => void (desk.tabs = [...parameters].slice(0, -1)))],
  ['ESC $', does((desk, parameters) => void desk.line.moveTo(wordAt(parameters, 0)))],
  ['ESC @', initialise],
  ['GS V', cut],
  ['ESC i', cut],
  ['ESC m', cut],
  ['GS v 0', printRaster],
  ['GS ( k', printSymbol],
  ['GS k', printBarcode],
]);

/** Obeyed without a trace on the paper: drawer, buzzer, panel, density, motion units, barcode settings, USA characters. */
const TRACELESS: ReadonlySet<string> = new Set([
  ...['CR', 'ESC p', 'ESC B', 'ESC ( A', 'ESC =', 'ESC c 3', 'ESC c 4', 'ESC c 5', 'ESC U', 'ESC S', 'FS .', 'GS |'],
  ...['GS H', 'GS f', 'GS h', 'GS w', 'GS P', 'GS b', 'ESC r', 'DLE DC4', 'DLE ENQ'],
]);

function changeStyle(desk: Desk, command: Command): boolean {
  const lineChange = LINE_CHANGES.get(command.name);
  const change = STYLE_CHANGES.get(command.name) ?? lineChange;
  if (change === undefined) return false;
  if (lineChange !== undefined && !desk.line.isEmpty()) {
    desk.report(`${command.name} came in the middle of a line and was ignored, as printers do.`);
    return true;
  }
  const next = change(desk.style, command.parameters[0] ?? 0, command.parameters[1] ?? 0);
  if (next === undefined)
    desk.report(`${command.name} at ${String(command.at)} has a parameter out of range (${hex(command.bytes)}).`);
  else desk.style = next;
  return true;
}

function obey(desk: Desk, command: Command): Omit<Applied, 'dots'> | undefined {
  if (changeStyle(desk, command) || TRACELESS.has(command.name)) return undefined;
  const handler = HANDLERS.get(command.name);
  if (handler !== undefined) return handler(desk, command.parameters, command);
  const place = `at ${String(command.at)} (${hex(command.bytes)})`;
  if (command.name === 'ESC R' && command.parameters[0] === 0) return undefined;
  desk.report(
    command.name === 'unknown'
      ? `Unknown command ${place}.`
      : `${command.name} ${place} is understood, but this printer cannot do it.`,
  );
  return undefined;
}

/** A printer's paper path, with a fresh roll. */
export function createPaper(options: PaperOptions): Paper {
  const desk: Desk = {
    ...options,
    style: INITIAL_STYLE,
    canvas: createCanvas(),
    tabs: [],
    line: createLine(options.fonts),
    symbols: createSymbolStore(),
    texts: [],
    qr: [],
    commands: [],
  };
  return {
    apply(command) {
      const { canvas } = desk;
      const before = canvas.height();
      desk.commands.push(command);
      const effect = obey(desk, command);
      return { dots: canvas.height() - before, ...effect };
    },
    powerCycle() {
      desk.line.clear();
      desk.style = INITIAL_STYLE;
      desk.symbols.reset();
      desk.tabs = [];
    },
  };
}
