import fc from 'fast-check';
import { expect, it } from 'vitest';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { Block, ReceiptDocument } from '../../../../src/main/core/receipt/document.ts';
import { paperLines } from '../../../../src/main/core/receipt/lines.ts';
import { facts } from './facts.ts';

const documentOf = (...blocks: readonly Block[]): ReceiptDocument => ({
  ...composeReceipt(facts, { copy: false }),
  blocks,
});
const texts = (columns: number, ...blocks: readonly Block[]): readonly string[] =>
  paperLines(documentOf(...blocks), columns).map((line) => (line.type === 'text' ? line.text : line.type));
const columnsBlock = (left: string, right: string): Block => ({ type: 'columns', left, right, weight: 'plain' });

it('puts an amount at the end of the last line of what it is for', () => {
  expect(texts(20, columnsBlock('Coffee', '2.50'))).toEqual(['Coffee          2.50']);
  expect(texts(20, columnsBlock('A rather long name of a cake', '12.50'))).toEqual([
    'A rather long',
    'name of a cake 12.50',
  ]);
});

it('puts the right text on lines of its own when it leaves too little room', () => {
  expect(texts(20, columnsBlock('Transaction', 'x'.repeat(18)))).toEqual(['Transaction', `  ${'x'.repeat(18)}`]);
});

it('breaks words that are longer than a line, and counts a character outside the basic plane once', () => {
  expect(texts(10, { type: 'text', text: '𝔸'.repeat(25), align: 'left', weight: 'plain', size: 'normal' })).toEqual([
    '𝔸'.repeat(10),
    '𝔸'.repeat(10),
    '𝔸'.repeat(5),
  ]);
});

it('sets large texts twice as wide only where they fit in one line', () => {
  const large = (text: string) =>
    paperLines(documentOf({ type: 'text', text, align: 'centre', weight: 'bold', size: 'large' }), 20);
  expect(large('1234567890')).toMatchObject([{ width: 2, height: 2, bold: true, align: 'centre' }]);
  expect(large('12345678901')).toMatchObject([{ width: 1, height: 2 }]);
});

it('leaves a line above and below a QR code, and writes a payload out that would be too wide or has control characters', () => {
  expect(texts(48, { type: 'qr', payload: 'PAYSERA%abc' })).toEqual(['feed', 'qr', 'feed']);
  expect(texts(48, { type: 'qr', payload: 'x'.repeat(150) })).toEqual(['feed', 'qr', 'feed']);
  expect(texts(48, { type: 'qr', payload: 'x'.repeat(151) })).toHaveLength(4);
  expect(texts(48, { type: 'qr', payload: 'ą'.repeat(76) })).toHaveLength(2);
  expect(texts(48, { type: 'qr', payload: 'a\u0010b' })).toEqual(['a\u0010b']);
});

it('makes what the medium can show of each text before it is measured', () => {
  const shown = paperLines(documentOf(columnsBlock('ß', '1')), 10, (text) => text.replaceAll('ß', 'ss'));
  expect(shown).toMatchObject([{ text: 'ss       1' }]);
});

it('never gives a line wider than the paper, and loses no letter, whatever the texts are', () => {
  const letters = (lines: readonly string[]): string => lines.join('').replaceAll(' ', '');
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.integer({ min: 16, max: 96 }),
      (left, right, columns) => {
        const lines = texts(columns, columnsBlock(left, right));
        for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(columns);
        expect(letters(lines)).toBe(letters([left, right]));
      },
    ),
  );
});
