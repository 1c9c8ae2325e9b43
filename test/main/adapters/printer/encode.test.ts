import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/main/adapters/printer/commands.ts';
import { encode } from '../../../../src/main/adapters/printer/encode.ts';
import { hex } from './profiles.ts';

const golden: readonly (readonly [name: string, command: Command, bytes: string])[] = [
  ['initialise', { type: 'initialise', multiByteOff: false }, '1B 40 1B 52 00'],
  ['initialise a Chinese model', { type: 'initialise', multiByteOff: true }, '1B 40 1B 52 00 1C 2E'],
  ['code page', { type: 'codePage', encoding: 'cp775', number: 95 }, '1B 74 5F'],
  ['align left', { type: 'align', to: 'left' }, '1B 61 00'],
  ['align centre', { type: 'align', to: 'centre' }, '1B 61 01'],
  ['align right', { type: 'align', to: 'right' }, '1B 61 02'],
  ['bold on', { type: 'bold', on: true }, '1B 45 01'],
  ['bold off', { type: 'bold', on: false }, '1B 45 00'],
  ['normal size', { type: 'size', width: 1, height: 1 }, '1D 21 00'],
  ['double height', { type: 'size', width: 1, height: 2 }, '1D 21 01'],
  ['double width', { type: 'size', width: 2, height: 1 }, '1D 21 10'],
  ['both', { type: 'size', width: 2, height: 2 }, '1D 21 11'],
  ['a line', { type: 'line', parts: [{ type: 'text', text: 'Kava' }] }, '4B 61 76 61 0A'],
  ['an empty line', { type: 'line', parts: [] }, '0A'],
  [
    'a letter as dots',
    { type: 'line', parts: [{ type: 'glyph', columns: Buffer.from('80000100ff00', 'hex') }] },
    '1B 2A 21 02 00 80 00 01 00 FF 00 0A',
  ],
  [
    'a line as a picture',
    { type: 'raster', bytesPerRow: 2, rows: 3, dots: Buffer.from('010203040506', 'hex') },
    '1D 76 30 00 02 00 03 00 01 02 03 04 05 06',
  ],
  ['drawer', { type: 'drawer', pin: 2 }, '1B 70 00 19 FA'],
  ['drawer on the other pin', { type: 'drawer', pin: 5 }, '1B 70 01 19 FA'],
  ['buzzer', { type: 'buzzer', command: 'epson' }, '1B 28 41 05 00 61 64 02 02 02'],
  ['buzzer of a clone', { type: 'buzzer', command: 'clone' }, '1B 42 02 02'],
  ['feed', { type: 'feed', lines: 3 }, '0A 0A 0A'],
  ['cut', { type: 'cut', cutter: true }, '1D 56 42 00'],
  ['feed to the tear edge', { type: 'cut', cutter: false }, '1B 64 05'],
  ['process id', { type: 'tellWhenPrinted', id: '0001' }, '1D 28 48 06 00 30 30 30 30 30 31'],
  ['paper status', { type: 'tellPaper' }, '1D 72 01'],
  [
    'QR code',
    { type: 'qr', payload: 'PAYSERA*3:TABLE1', moduleDots: 6 },
    '1D 28 6B 04 00 31 41 32 00 1D 28 6B 03 00 31 43 06 1D 28 6B 03 00 31 45 31 1D 28 6B 13 00 31 50 30 ' +
      '50 41 59 53 45 52 41 2A 33 3A 54 41 42 4C 45 31 1D 28 6B 03 00 31 51 30',
  ],
];

describe('commands as bytes', () => {
  it.each(golden)('%s', (_, command, bytes) => {
    expect(hex(encode([command]))).toBe(bytes);
  });

  it('in their order', () => {
    expect(hex(encode(golden.slice(3, 6).map(([, command]) => command)))).toBe('1B 61 00 1B 61 01 1B 61 02');
  });
});
