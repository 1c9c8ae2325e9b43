import { assertNever } from '../../../shared/failure.ts';
import type { Block, ReceiptDocument } from './document.ts';

/** A receipt as it lies on the paper, from top to bottom. Nothing is wider than the columns it was laid out for. */
export type PaperLine =
  | {
      readonly type: 'text';
      readonly text: string;
      readonly align: 'left' | 'centre' | 'right';
      readonly bold: boolean;
      /** Times the plain letter's width, and height. */
      readonly width: 1 | 2;
      readonly height: 1 | 2;
    }
  | { readonly type: 'feed'; readonly lines: number }
  | { readonly type: 'qr'; readonly payload: string };

/** A longer payload would make a symbol wider than the narrowest paper; it is written out instead. In bytes of UTF-8. */
const longestPayload = 150;

/**
 * The lines of a document on a paper of so many columns: what the printer prints, for everything else that shows a
 * receipt. One character is one column.
 * @param fit makes of a text what the medium can show; it may change its length
 */
export function paperLines(
  document: ReceiptDocument,
  columns: number,
  fit: (text: string) => string = (text) => text,
): readonly PaperLine[] {
  return document.blocks.flatMap((block) => linesOf(block, { columns, fit }));
}

interface Sheet {
  readonly columns: number;
  readonly fit: (text: string) => string;
}

function linesOf(block: Block, sheet: Sheet): readonly PaperLine[] {
  switch (block.type) {
    case 'text':
      return textLines(block, sheet);
    case 'columns':
      return besides(sheet.fit(block.left), sheet.fit(block.right), sheet.columns).map((text) =>
        line(text, { bold: block.weight === 'bold' }),
      );
    case 'rule':
      return [line('-'.repeat(sheet.columns))];
    case 'qr':
      return qrLines(block.payload, sheet);
    case 'feed':
      return [{ type: 'feed', lines: block.lines }];
    default:
      return assertNever(block);
  }
}

function textLines(block: Extract<Block, { type: 'text' }>, { fit, columns }: Sheet): readonly PaperLine[] {
  const text = fit(block.text);
  const large = block.size === 'large';
  // Large is twice as wide and high where that fits in one line, else only twice as high.
  const width = large && columnsOf(text) <= columns / 2 ? 2 : 1;
  const style = { align: block.align, bold: block.weight === 'bold', width, height: large ? 2 : 1 } as const;
  return wrap(text, columns / width).map((each) => line(each, style));
}

/** The left text wrapped beside the right one, which stands at the end of its last line; or one above the other. */
function besides(left: string, right: string, columns: number): readonly string[] {
  const least = Math.min(columnsOf(left), Math.floor(columns / 3));
  const room = columns - columnsOf(right) - 1;
  if (room < least) return [...wrap(left, columns), ...wrap(right, columns).map((text) => toTheRight(text, columns))];
  const lines = wrap(left, room);
  const last = lines.pop() ?? '';
  return [...lines, `${last}${toTheRight(right, columns - columnsOf(last))}`];
}

function qrLines(payload: string, { fit, columns }: Sheet): readonly PaperLine[] {
  // Printers obey control characters even inside a symbol, so none is drawn with them, on no medium.
  if (/\p{Cc}/u.test(payload) || bytesOf(payload) > longestPayload) {
    return wrap(fit(payload), columns).map((text) => line(text, { align: 'centre' }));
  }
  // A line above and one below are its quiet zone of four modules.
  return [
    { type: 'feed', lines: 1 },
    { type: 'qr', payload },
    { type: 'feed', lines: 1 },
  ];
}

type TextLine = Extract<PaperLine, { type: 'text' }>;

function line(text: string, style: Partial<Omit<TextLine, 'type' | 'text'>> = {}): TextLine {
  return { type: 'text', text, align: 'left', bold: false, width: 1, height: 1, ...style };
}

/**
 * A text as lines of at most that many characters, broken at spaces where there are any and inside a word where there
 * are none. Always at least one line.
 */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let open = '';
  for (const word of text.split(' ').flatMap((whole) => pieces(whole, width))) {
    const longer = open === '' ? word : `${open} ${word}`;
    if (columnsOf(longer) <= width) open = longer;
    else {
      lines.push(open);
      open = word;
    }
  }
  return [...lines, open];
}

function pieces(word: string, width: number): readonly string[] {
  const characters = Array.from(word);
  if (characters.length <= width) return [word];
  return Array.from({ length: Math.ceil(characters.length / width) }, (_, index) =>
    characters.slice(index * width, (index + 1) * width).join(''),
  );
}

function columnsOf(text: string): number {
  return Array.from(text).length;
}

function toTheRight(text: string, columns: number): string {
  return `${' '.repeat(Math.max(0, columns - columnsOf(text)))}${text}`;
}

function bytesOf(text: string): number {
  const sizes = Array.from(text, (character): number => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) return 1;
    if (code < 0x800) return 2;
    return code < 0x10000 ? 3 : 4;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}
