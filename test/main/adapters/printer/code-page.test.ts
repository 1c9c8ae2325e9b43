import { BreakLine, CharacterSet, PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import { describe, expect, it } from 'vitest';
import { codePage } from '../../../../src/main/adapters/printer/code-page.ts';
import { encode } from '../../../../src/main/adapters/printer/encode.ts';
import { layOut } from '../../../../src/main/adapters/printer/layout.ts';
import { encodings } from '../../../../src/shared/encodings.ts';
import { loadCodePages, makers } from '../../../../sandbox/printer/code-pages.ts';
import { documentOf, epson, hex, only775, styleFor, text } from './profiles.ts';

/** The same page as the sandbox's printer reads it, by tables of its own. */
function readerOf(encoding: string) {
  const name = encoding.replace('windows-', 'cp').replace('iso-', 'iso');
  return makers()
    .flatMap((maker) => [...loadCodePages(maker).values()])
    .find((page) => page.name === name);
}

describe.each(encodings)('%s', (encoding) => {
  const page = codePage(encoding);
  const reader = readerOf(encoding);
  const candidates = Array.from({ length: 0x2600 }, (_, code) => String.fromCharCode(code)).filter(
    (character) => character >= ' ' && page.has(character),
  );

  it('is written as it is read: one byte for each of its characters, by two independent tables', () => {
    expect(candidates.length).toBeGreaterThan(180);
    const bytes = page.encode(candidates.join(''));
    expect([...bytes].map((byte) => reader?.decode(byte)).join('')).toBe(candidates.join(''));
  });

  it('has no control characters', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      if (code < 0x20 || code > 0x7e) expect(page.has(String.fromCharCode(code)), String(code)).toBe(false);
    }
  });

  it('refuses what it lacks, instead of printing something else', () => {
    expect(() => page.encode('\u5bff')).toThrow(RangeError);
  });
});

/** The bytes of one line, without what is before and after it. */
function line(content: string, profile: typeof epson, transliterate = false): string {
  const commands = layOut(documentOf(text(content)), styleFor(profile, { transliterate }), { kind: 'bytes' });
  return hex(encode(commands.filter(({ type }) => type === 'codePage' || type === 'line')));
}

const letters = 'ąčęėįšųūž ĄČĘĖĮŠŲŪŽ';

describe('every Lithuanian letter', () => {
  it('and the euro on page 1257', () => {
    expect(line(`${letters} €`, epson)).toBe(
      '1B 74 33 E0 E8 E6 EB E1 F0 F8 FB FE 20 C0 C8 C6 CB C1 D0 D8 DB DE 20 80 0A',
    );
  });

  it('on page 775, where the euro is spelled out if that is wanted', () => {
    expect(line(`${letters} €`, only775, true)).toBe(
      '1B 74 21 D0 D1 D2 D3 D4 D5 D6 D7 D8 20 B5 B6 B7 B8 BD BE C6 C7 CF 20 45 55 52 0A',
    );
  });

  it('on page 775, where the euro is drawn: twelve columns of 24 dots in the middle of the line', () => {
    expect(line('5 €', only775)).toMatch(/^1B 74 21 35 20 1B 2A 21 0C 00 (?:[0-9A-F]{2} ){36}0A$/);
  });

  it('at the numbers of other makers', () => {
    expect(line('ą', { ...epson, codePages: [{ encoding: 'windows-1257', number: 25 }] })).toBe('1B 74 19 E0 0A');
  });

  it('jumps to other pages inside the line when the library is left to itself', () => {
    const builder = new ThermalPrinter({
      type: PrinterTypes.EPSON,
      interface: '',
      breakLine: BreakLine.NONE,
      characterSet: CharacterSet.WPC775_BALTIC_RIM,
    });
    builder.print('ą€');
    expect(hex(builder.getBuffer())).toMatch(/^1B 74 21 D0 1B 74 /);
  });
});
