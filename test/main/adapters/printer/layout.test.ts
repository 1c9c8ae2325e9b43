import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/main/adapters/printer/commands.ts';
import { layOut } from '../../../../src/main/adapters/printer/layout.ts';
import { loadProfile } from '../../../../src/main/adapters/printer/profile.ts';
import { wrap } from '../../../../src/main/adapters/printer/wrap.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { Block } from '../../../../src/main/core/receipt/document.ts';
import { facts } from '../../core/receipt/facts.ts';
import { documentOf, epson, text } from './profiles.ts';

const narrow = loadProfile('clone-58mm');

function linesOf(commands: readonly Command[]): readonly string[] {
  return commands.flatMap((command) => (command.type === 'line' ? [command.text] : []));
}
const lines = (block: Block, profile = epson) => linesOf(layOut(documentOf(block), profile, { kind: 'bytes' }));
const columns = (left: string, right: string): Block => ({ type: 'columns', left, right, weight: 'plain' });

describe('a document as commands', () => {
  it('begins anew, sets one code page, cuts, and asks for its proof last', () => {
    const commands = layOut(documentOf(text('Ačiū', { align: 'centre', weight: 'bold' })), epson, {
      kind: 'process_id',
      id: 'A1B2',
    });
    expect(commands).toEqual([
      { type: 'initialise', multiByteOff: false },
      { type: 'codePage', encoding: 'windows-1257', number: 51 },
      { type: 'align', to: 'centre' },
      { type: 'size', width: 1, height: 1 },
      { type: 'bold', on: true },
      { type: 'line', text: 'Ačiū' },
      { type: 'cut', cutter: true },
      { type: 'tellWhenPrinted', id: 'A1B2' },
    ]);
    expect(layOut(documentOf(), narrow, { kind: 'status' }).slice(-2)).toEqual([
      { type: 'cut', cutter: false },
      { type: 'tellPaper' },
    ]);
  });

  it('takes the page that lacks the fewest characters, and of equals the preferred one', () => {
    const page = (content: string) =>
      layOut(documentOf(text(content)), epson, { kind: 'bytes' }).find(({ type }) => type === 'codePage');
    expect(page('Kava')).toMatchObject({ encoding: 'windows-1257' });
    expect(page('Кофе Americano')).toMatchObject({ encoding: 'windows-1251', number: 46 });
    expect(page('Кофе „ąčęėįšųūž“')).toMatchObject({ encoding: 'windows-1257' });
  });

  it('fits a whole receipt on every paper', () => {
    for (const profile of [epson, narrow]) {
      const commands = layOut(composeReceipt(facts, { copy: true }), profile, { kind: 'bytes' });
      for (const line of linesOf(commands)) expect(line.length, line).toBeLessThanOrEqual(profile.columns);
    }
  });

  it('is large in both directions only where it fits', () => {
    const size = (content: string) =>
      layOut(documentOf(text(content, { size: 'large' })), narrow, { kind: 'bytes' }).find(
        ({ type }) => type === 'size',
      );
    expect(size('Iš viso 1,50 €')).toEqual({ type: 'size', width: 2, height: 2 });
    expect(size('Iš viso 1 250,50 €')).toEqual({ type: 'size', width: 1, height: 2 });
  });

  it('prints a code with its quiet zone, or as text where no telephone could take it', () => {
    const code = (payload: string) =>
      layOut(documentOf({ type: 'qr', payload }), epson, { kind: 'bytes' }).slice(5, -1);
    expect(code('PAYSERA%k')).toEqual([
      { type: 'feed', lines: 1 },
      { type: 'qr', payload: 'PAYSERA%k', moduleDots: 6 },
      { type: 'feed', lines: 1 },
    ]);
    expect(code('PAYSERA%\u0010\u0004\u0001')).toEqual([{ type: 'line', text: 'PAYSERA%   ' }]);
    expect(code('x'.repeat(151)).every(({ type }) => type === 'line')).toBe(true);
  });
});

describe('two columns', () => {
  it('stand at both edges', () => {
    expect(lines(columns('Kava', '2,50'))).toEqual([`Kava${' '.repeat(40)}2,50`]);
    expect(lines({ type: 'rule' })).toEqual(['-'.repeat(48)]);
  });
  it('wrap the left one, and the right one stands on its last line', () => {
    const [first, second] = lines(columns('Labai ilgas pavadinimas su daug žodžių', '1 250,00'), narrow);
    expect([first, second]).toEqual(['Labai ilgas pavadinimas', 'su daug žodžių          1 250,00']);
  });
  it('stand one above the other where they do not fit', () => {
    expect(lines(columns('Operacija', 'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR'), narrow)).toEqual([
      'Operacija',
      'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR',
    ]);
  });
  it('line up by what is printed, not by the length of the text', () => {
    for (const left of ['e\u0307', '🍣', '…']) expect(lines(columns(left, '1,00'))[0]).toHaveLength(48);
  });
});

describe('wrapping', () => {
  it.each([
    ['one two three', 8, ['one two', 'three']],
    ['unbreakable', 4, ['unbr', 'eaka', 'ble']],
    ['a unbreakable', 4, ['a', 'unbr', 'eaka', 'ble']],
    ['', 8, ['']],
    ['exactly8', 8, ['exactly8']],
  ])('%j at %d', (content, width, expected) => {
    expect(wrap(content, width)).toEqual(expected);
  });
});
