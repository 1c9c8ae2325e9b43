import type { FontName } from './font.ts';
import { PRINTABLE_DOTS } from './canvas.ts';

/** How the next character will be printed, and where the line lies. */
export interface Style {
  readonly font: FontName;
  readonly bold: boolean;
  readonly underline: 0 | 1 | 2;
  /** Times the font's width, 1 to 8; so with height. */
  readonly width: number;
  readonly height: number;
  readonly reverse: boolean;
  readonly upsideDown: boolean;
  readonly align: 'left' | 'centre' | 'right';
  readonly codePage: number;
  /** Dots from one line's top to the next one's. */
  readonly lineSpacing: number;
  /** Dots to the right of each character. */
  readonly characterSpacing: number;
  readonly leftMargin: number;
  readonly areaWidth: number;
}

/** What `ESC @` goes back to. */
export const INITIAL_STYLE: Style = {
  font: 'A',
  bold: false,
  underline: 0,
  width: 1,
  height: 1,
  reverse: false,
  upsideDown: false,
  align: 'left',
  codePage: 0,
  lineSpacing: 30,
  characterSpacing: 0,
  leftMargin: 0,
  areaWidth: PRINTABLE_DOTS,
};

/** The style after a command; undefined when its parameters are out of range, which a printer ignores. */
type StyleChange = (style: Style, first: number, second: number) => Style | undefined;

const isOn = (value: number): boolean => (value & 1) === 1;

/** The digits 0, 1 and 2 may come as numbers or as characters. */
const digit = (value: number): number => (value >= 48 ? value - 48 : value);

const setAlign: StyleChange = (style, value) => {
  const align = (['left', 'centre', 'right'] as const)[digit(value)];
  return align && { ...style, align };
};

const setUnderline: StyleChange = (style, value) => {
  const underline = ([0, 1, 2] as const)[digit(value)];
  return underline === undefined ? undefined : { ...style, underline };
};

const setFont: StyleChange = (style, value) => {
  const font = (['A', 'B'] as const)[digit(value)];
  return font && { ...style, font };
};

const setMode: StyleChange = (style, value) => ({
  ...style,
  font: isOn(value) ? 'B' : 'A',
  bold: (value & 0x08) !== 0,
  height: (value & 0x10) === 0 ? 1 : 2,
  width: (value & 0x20) === 0 ? 1 : 2,
  underline: (value & 0x80) === 0 ? 0 : 1,
});

const setSize: StyleChange = (style, value) =>
  (value & 0x88) === 0 ? { ...style, width: (value >> 4) + 1, height: (value & 7) + 1 } : undefined;

/** Commands that only change how later characters look. */
export const STYLE_CHANGES: ReadonlyMap<string, StyleChange> = new Map<string, StyleChange>([
  ['ESC !', setMode],
  ['GS !', setSize],
  ['ESC E', (style, value) => ({ ...style, bold: isOn(value) })],
  ['ESC G', (style, value) => ({ ...style, bold: isOn(value) })],
  ['ESC -', setUnderline],
  ['ESC M', setFont],
  ['ESC t', (style, value) => ({ ...style, codePage: value })],
  ['ESC 2', (style) => ({ ...style, lineSpacing: INITIAL_STYLE.lineSpacing })],
  ['ESC 3', (style, value) => ({ ...style, lineSpacing: value })],
  ['ESC SP', (style, value) => ({ ...style, characterSpacing: value })],
  ['GS B', (style, value) => ({ ...style, reverse: isOn(value) })],
]);

/** Commands that change where a line lies; printers obey them only at the beginning of a line. */
export const LINE_CHANGES: ReadonlyMap<string, StyleChange> = new Map<string, StyleChange>([
  ['ESC a', setAlign],
  ['ESC {', (style, value) => ({ ...style, upsideDown: isOn(value) })],
  ['GS L', (style, low, high) => ({ ...style, leftMargin: low + 256 * high })],
  ['GS W', (style, low, high) => ({ ...style, areaWidth: low + 256 * high })],
]);
