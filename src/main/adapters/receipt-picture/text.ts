import { assertNever } from '../../../shared/failure.ts';
import type { PaperLine } from '../../core/receipt/lines.ts';

/** A paper as plain text of so many columns. A QR code is its payload, by itself in the middle of a line. */
export function writeText(lines: readonly PaperLine[], columns: number): string {
  const written = lines.flatMap((line) => textOf(line, columns));
  return `${written.map((line) => line.trimEnd()).join('\n')}\n`;
}

function textOf(line: PaperLine, columns: number): readonly string[] {
  switch (line.type) {
    case 'text':
      return [aligned(line.text, line.align, columns)];
    case 'feed':
      return Array.from({ length: line.lines }, () => '');
    case 'qr':
      return pieces(line.payload, columns).map((piece) => aligned(piece, 'centre', columns));
    default:
      return assertNever(line);
  }
}

function aligned(text: string, align: 'left' | 'centre' | 'right', columns: number): string {
  const free = Math.max(0, columns - Array.from(text).length);
  if (align === 'left') return text;
  return `${' '.repeat(align === 'right' ? free : Math.floor(free / 2))}${text}`;
}

function pieces(text: string, size: number): readonly string[] {
  const characters = Array.from(text);
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, index) =>
    characters.slice(index * size, (index + 1) * size).join(''),
  );
}
