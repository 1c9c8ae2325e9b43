/**
 * Commands in, paper out: keeps the style, the line being filled and the canvas, and hands over a sheet at each cut.
 * Knows nothing of time, connections or answers.
 */
import { createCanvas } from './canvas.ts';
import {
  type Applied,
  type Desk,
  endLine,
  type Handler,
  type PaperOptions,
  printCharacters,
  printLine,
  type Sheet,
  wordAt,
} from './desk.ts';
import { createLine } from './line.ts';
import { hex } from './parser.ts';
import { addBitImage, printBarcode, printRaster, printSymbol } from './pictures.ts';
import { INITIAL_STYLE, LINE_CHANGES, STYLE_CHANGES } from './style.ts';
import { createSymbolStore } from './symbols.ts';
import type { Command } from './types.ts';

/** Dots from the head to the cutter: 13 mm. What has not passed it is cut through. */
const HEAD_TO_CUTTER = 104;
const TAB_COLUMNS = 8;

export interface Paper {
  apply(command: Command): Applied;
  /** Forgets settings and the unfinished line; what is on the paper stays on it. */
  powerCycle(): void;
}

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
  [
    'text',
    (desk, parameters, command) => {
      printCharacters(desk, parameters, command.at);
      return undefined;
    },
  ],
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
  [
    'ESC $',
    does((desk, parameters) => {
      desk.line.moveTo(wordAt(parameters, 0));
    }),
  ],
  ['ESC @', initialise],
  ['GS V', cut],
  ['ESC i', cut],
  ['ESC m', cut],
  ['ESC *', addBitImage],
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
