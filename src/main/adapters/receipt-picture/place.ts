import { assertNever } from '../../../shared/failure.ts';
import type { PaperLine } from '../../core/receipt/lines.ts';
import { paper, paperWidth } from './paper.ts';
import { qrCode, type QrCode } from './qr.ts';

type TextLine = Extract<PaperLine, { type: 'text' }>;

/** Something to draw, and where its upper left corner is, in dots from that of the paper. */
export type Placed =
  | { readonly type: 'text'; readonly left: number; readonly top: number; readonly line: TextLine }
  | { readonly type: 'qr'; readonly left: number; readonly top: number; readonly code: QrCode };

/** A paper on which everything has its place. */
export interface PlacedPaper {
  readonly width: number;
  readonly height: number;
  readonly things: readonly Placed[];
}

/** Gives each line its place on a paper of so many columns. */
export function place(lines: readonly PaperLine[], columns: number): PlacedPaper {
  const width = paperWidth(columns);
  const things: Placed[] = [];
  let top: number = paper.topMargin;
  for (const line of lines) {
    const { thing, height } = placeLine(line, width, top);
    if (thing) things.push(thing);
    top += height;
  }
  return { width, height: top + paper.bottomMargin, things };
}

function placeLine(line: PaperLine, width: number, top: number): { thing?: Placed; height: number } {
  switch (line.type) {
    case 'text': {
      const height = Math.max(paper.lineHeight, line.height * paper.cellHeight);
      return { thing: { type: 'text', left: leftOf(line, width), top, line }, height };
    }
    case 'qr': {
      const code = qrCode(line.payload);
      const size = code.size * paper.moduleDots;
      return { thing: { type: 'qr', left: Math.floor((width - size) / 2), top, code }, height: size };
    }
    case 'feed':
      return { height: line.lines * paper.lineHeight };
    default:
      return assertNever(line);
  }
}

function leftOf({ text, width, align }: TextLine, paperDots: number): number {
  const free = paperDots - 2 * paper.sideMargin - Array.from(text).length * width * paper.cellWidth;
  if (align === 'left') return paper.sideMargin;
  return paper.sideMargin + (align === 'right' ? free : Math.floor(free / 2));
}
