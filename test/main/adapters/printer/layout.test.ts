import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/main/adapters/printer/commands.ts';
import { layOut } from '../../../../src/main/adapters/printer/layout.ts';
import { loadProfile } from '../../../../src/main/adapters/printer/profile.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { Block } from '../../../../src/main/core/receipt/document.ts';
import { facts } from '../../core/receipt/facts.ts';
import { documentOf, epson, styleFor, text } from './profiles.ts';

const narrow = loadProfile('clone-58mm');

function linesOf(commands: readonly Command[]): readonly string[] {
  return commands.flatMap((command) =>
    command.type === 'line' ? [command.parts.map((part) => (part.type === 'text' ? part.text : '#')).join('')] : [],
  );
}
const lines = (block: Block, profile = epson) =>
  linesOf(layOut(documentOf(block), styleFor(profile), { kind: 'bytes' }));
const columns = (left: string, right: string): Block => ({ type: 'columns', left, right, weight: 'plain' });

describe('a document as commands', () => {
  it('begins anew, sets one code page, cuts, and asks for its proof last', () => {
    const commands = layOut(documentOf(text('Ačiū', { align: 'centre', weight: 'bold' })), styleFor(epson), {
      kind: 'process_id',
      id: 'A1B2',
    });
    expect(commands).toEqual([
      { type: 'initialise', multiByteOff: false },
      { type: 'codePage', encoding: 'windows-1257', number: 51 },
      { type: 'align', to: 'centre' },
      { type: 'size', width: 1, height: 1 },
      { type: 'bold', on: true },
      { type: 'line', parts: [{ type: 'text', text: 'Ačiū' }] },
      { type: 'cut', cutter: true },
      { type: 'tellWhenPrinted', id: 'A1B2' },
    ]);
    expect(layOut(documentOf(), styleFor(narrow), { kind: 'status' }).slice(-2)).toEqual([
      { type: 'cut', cutter: false },
      { type: 'tellPaper' },
    ]);
  });

  it('takes for each line the page that lacks the fewest characters, and of equals the preferred one', () => {
    const pages = (...contents: readonly string[]) =>
      layOut(documentOf(...contents.map((content) => text(content))), styleFor(epson), { kind: 'bytes' }).flatMap(
        (command) => (command.type === 'codePage' ? [command.encoding] : []),
      );
    expect(pages('Kava')).toEqual(['windows-1257']);
    expect(pages('Кофе Americano')).toEqual(['windows-1251']);
    expect(pages('Кофе „ąčęėįšųūž“')).toEqual(['windows-1257']);
    expect(pages('Ąžuolas', 'Arbata', 'Žižė', 'Καφές', 'Kava')).toEqual([
      'windows-1257',
      'windows-1253',
      'windows-1257',
    ]);
  });

  it('draws what no page has inside its line, or with its line, as the printer can', () => {
    const types = (profile: typeof epson, size: 'normal' | 'large' = 'normal') =>
      layOut(documentOf(text('Brașov', { size })), styleFor(profile), { kind: 'bytes' }).map(({ type }) => type);
    expect(types(epson)).toContain('line');
    expect(types(epson)).not.toContain('raster');
    expect(types(epson, 'large')).toContain('raster');
    expect(types(narrow)).toContain('raster');
    expect(types(narrow)).not.toContain('line');
  });

  it('never has a picture whose bytes a printer could take for a command in real time', () => {
    const all = Array.from({ length: 0x1e00 }, (_, code) => String.fromCharCode(code + 0x20)).join('');
    for (const profile of [epson, narrow]) {
      for (const command of layOut(documentOf(text(all)), styleFor(profile), { kind: 'bytes' })) {
        const pictures =
          command.type === 'raster'
            ? [command.dots]
            : command.type === 'line'
              ? command.parts.flatMap((part) => (part.type === 'glyph' ? [part.columns] : []))
              : [];
        for (const picture of pictures) expect(picture.toString('latin1')).not.toMatch(/\u0010[\u0004\u0005\u0014]/u);
      }
    }
  });

  it('opens the drawer for cash, not for a copy, and beeps at the end', () => {
    const types = (cash: boolean, copy: boolean) =>
      layOut({ ...documentOf(), cash, copy }, styleFor(epson, { drawerPin: 2, buzzer: true }), { kind: 'status' }).map(
        ({ type }) => type,
      );
    expect(types(true, false)).toEqual(['initialise', 'drawer', 'cut', 'buzzer', 'tellPaper']);
    expect(types(true, true)).not.toContain('drawer');
    expect(types(false, false)).not.toContain('drawer');
  });

  it('fits a whole receipt on every paper', () => {
    for (const profile of [epson, narrow]) {
      const commands = layOut(composeReceipt(facts, { copy: true }), styleFor(profile), { kind: 'bytes' });
      for (const line of linesOf(commands)) expect(line.length, line).toBeLessThanOrEqual(profile.columns);
    }
  });

  it('is large in both directions only where it fits', () => {
    const size = (content: string) =>
      layOut(documentOf(text(content, { size: 'large' })), styleFor(narrow), { kind: 'bytes' }).find(
        ({ type }) => type === 'size',
      );
    expect(size('Iš viso 1,50 €')).toEqual({ type: 'size', width: 2, height: 2 });
    expect(size('Iš viso 1 250,50 €')).toEqual({ type: 'size', width: 1, height: 2 });
  });

  it('prints a code with its quiet zone, or as text where no telephone could take it', () => {
    const code = (payload: string) =>
      layOut(documentOf({ type: 'qr', payload }), styleFor(epson), { kind: 'bytes' }).slice(1, -1);
    expect(code('PAYSERA%k')).toEqual([
      { type: 'feed', lines: 1 },
      { type: 'align', to: 'centre' },
      { type: 'qr', payload: 'PAYSERA%k', moduleDots: 6 },
      { type: 'feed', lines: 1 },
    ]);
    expect(code('PAYSERA%\u0010\u0004\u0001').at(-1)).toEqual({
      type: 'line',
      parts: [{ type: 'text', text: 'PAYSERA%   ' }],
    });
    expect(code('x'.repeat(151)).every(({ type }) => type !== 'qr')).toBe(true);
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
