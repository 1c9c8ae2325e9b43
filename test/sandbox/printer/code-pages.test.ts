import { describe, expect, it } from 'vitest';
import { loadCodePages } from '../../../sandbox/printer/code-pages.ts';
import { loadFonts } from '../../../sandbox/printer/font.ts';

/** Bytes made with Python's codecs, which share no code with this project or with the sender's encoder. */
const SENTENCES: readonly (readonly [number: number, hex: string, text: string])[] = [
  [
    51,
    'c16c696e6b64616d61206665636874756f746f6a6f20f070616761207375626c796be8696f6a757369207072616772e6feeb20617076616cf820617262fb7ae0209620352080',
    'Įlinkdama fechtuotojo špaga sublykčiojusi pragręžė apvalų arbūzą – 5 €',
  ],
  [
    33,
    'bd6c696e6b64616d61206665636874756f746f6a6f20d570616761207375626c796bd1696f6a757369207072616772d2d8d320617076616cd620617262d77ad0',
    'Įlinkdama fechtuotojo špaga sublykčiojusi pragręžė apvalų arbūzą',
  ],
  [
    46,
    'd1fae5f8fc20e6e520e5f9b820fdf2e8f520ecffe3eae8f520f4f0e0edf6f3e7f1eae8f520e1f3ebeeea2c20e4e020e2fbefe5e920f7e0fe3b20bfbf20ba20b420b92088',
    'Съешь же ещё этих мягких французских булок, да выпей чаю; її є ґ № €',
  ],
  [
    17,
    '91eaa5e8ec20a6a520a5e9f120ede2a8e520acefa3aaa8e520e4e0a0ade6e3a7e1aaa8e520a1e3abaeaa2c20a4a020a2ebafa5a920e7a0ee',
    'Съешь же ещё этих мягких французских булок, да выпей чаю',
  ],
  [0, '80828494 99e1f1', 'ÇéäöÖß±'],
  [16, '80e4f6fcdf', '€äöüß'],
  [18, '8688a598a7', 'ćłąśž'],
  [19, 'd5808a9c', '€Çè£'],
];

const pages = loadCodePages();

describe('the code pages', () => {
  it.each(SENTENCES)('page %i reads %s', (number, hex, text) => {
    const page = pages.get(number);
    const sent = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    expect([...sent].map((byte) => page?.decode(byte)).join('')).toBe(text);
  });

  it.each([...pages])('page %i is ASCII below 80', (_number, page) => {
    for (let byte = 0x20; byte < 0x7f; byte += 1) expect(page.decode(byte)).toBe(String.fromCharCode(byte));
  });

  it.each([
    [51, 0x81],
    [51, 0xa1],
    [16, 0x8d],
  ])('page %i has nothing at %i', (number, byte) => {
    expect(pages.get(number)?.decode(byte)).toBeUndefined();
  });

  it('keeps the two places where encoders disagree as the vendor wrote them', () => {
    expect(pages.get(33)?.decode(0xf4)).toBe('¶');
    expect(pages.get(33)?.decode(0xf5)).toBe('§');
  });

  it('draws every character of every page in both fonts', () => {
    const fonts = loadFonts();
    const missing = [...pages.values()].flatMap((page) =>
      Array.from({ length: 0x100 - 0x20 }, (_, index) => page.decode(index + 0x20)).filter(
        (character) => character !== undefined && character !== '\x7f' && !fonts.has(character),
      ),
    );
    expect(missing).toEqual([]);
  });
});
