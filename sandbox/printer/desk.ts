import type { CodePage } from './code-pages.ts';
import type { Canvas } from './canvas.ts';
import type { Fonts } from './font.ts';
import type { Line } from './line.ts';
import type { Reader } from './reading.ts';
import type { Style } from './style.ts';
import type { SymbolStore } from './symbols.ts';
import type { Command } from './types.ts';

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

export interface PaperOptions {
  readonly fonts: Fonts;
  readonly codePages: ReadonlyMap<number, CodePage>;
  readonly reader: Reader;
  /** Takes a sentence about something a real printer would have got wrong. */
  readonly report: (sentence: string) => void;
}

/** Everything a command works on. */
export interface Desk extends PaperOptions {
  style: Style;
  canvas: Canvas;
  tabs: readonly number[];
  readonly line: Line;
  readonly symbols: SymbolStore;
  texts: string[];
  qr: string[];
  commands: Command[];
}

/** What a command does; the movement is measured by the caller. */
export type Handler = (desk: Desk, parameters: Uint8Array, command: Command) => Omit<Applied, 'dots'> | undefined;

/** Two bytes as Epson writes numbers, the low one first. */
export const wordAt = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);

/** Burns the line and feeds to the next one. */
export function printLine(desk: Desk): void {
  const { canvas, style } = desk;
  const { text, height } = desk.line.print(canvas, canvas.height(), style);
  desk.texts.push(text);
  canvas.feedTo(canvas.height() + Math.max(height, style.lineSpacing));
}

/** Prints what is in the line, if anything, and says so where a printer would have ignored or lost something. */
export function endLine(desk: Desk, because: string): void {
  if (desk.line.isEmpty()) return;
  desk.report(`${because} came in the middle of a line; printers obey it only at the beginning of one.`);
  printLine(desk);
}

/** Puts characters into the line, decoded by the code page; full lines are printed. */
export function printCharacters(desk: Desk, bytes: Uint8Array, at: number): void {
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
