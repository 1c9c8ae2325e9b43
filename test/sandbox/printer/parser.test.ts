import { describe, expect, it } from 'vitest';
import { createParser } from '../../../sandbox/printer/parser.ts';
import type { Command } from '../../../sandbox/printer/types.ts';
import { askProcessId, bytes, CUT, INITIALISE, qrCode, raster } from './bytes.ts';

const [ESC, FS, GS, DLE] = [0x1b, 0x1c, 0x1d, 0x10];

/** One row: what is sent, and the name of the only command that it is. */
const COMMANDS: readonly (readonly [name: string, sent: Buffer])[] = [
  ['ESC @', INITIALISE],
  ['ESC t', bytes(ESC, 't', 51)],
  ['ESC E', bytes(ESC, 'E', 1)],
  ['ESC a', bytes(ESC, 'a', 1)],
  ['ESC d', bytes(ESC, 'd', 4)],
  ['ESC !', bytes(ESC, '!', 0x30)],
  ['ESC -', bytes(ESC, '-', 1)],
  ['ESC M', bytes(ESC, 'M', 1)],
  ['ESC J', bytes(ESC, 'J', 40)],
  ['ESC 2', bytes(ESC, '2')],
  ['ESC 3', bytes(ESC, '3', 30)],
  ['ESC {', bytes(ESC, '{', 1)],
  ['ESC SP', bytes(ESC, ' ', 2)],
  ['ESC $', bytes(ESC, '$', 10, 0)],
  ['ESC B', bytes(ESC, 'B', 3, 2)],
  ['ESC p', bytes(ESC, 'p', 0, 0x19, 0xfa)],
  ['ESC D', bytes(ESC, 'D', 8, 16, 0)],
  ['ESC *', bytes(ESC, '*', 33, 2, 0, new Uint8Array(6).fill(0x1b))],
  ['ESC &', bytes(ESC, '&', 3, 32, 33, 1, 1, 2, 3, 2, 1, 2, 3, 4, 5, 6)],
  ['ESC c 5', bytes(ESC, 'c5', 1)],
  ['ESC ( A', bytes(ESC, '(A', 5, 0, 97, 100, 1, 1, 1)],
  ['GS !', bytes(GS, '!', 0x11)],
  ['GS B', bytes(GS, 'B', 1)],
  ['GS H', bytes(GS, 'H', 2)],
  ['GS I', bytes(GS, 'I', 67)],
  ['GS L', bytes(GS, 'L', 16, 0)],
  ['GS V', bytes(GS, 'V', 0)],
  ['GS V', bytes(GS, 'V', 49)],
  ['GS V', bytes(GS, 'V', 65, 0)],
  ['GS V', CUT],
  ['GS a', bytes(GS, 'a', 0xff)],
  ['GS h', bytes(GS, 'h', 0x1b)],
  ['GS k', bytes(GS, 'k', 4, 'ABC', 0)],
  ['GS k', bytes(GS, 'k', 73, 5, '{B', 0x1b, '@0')],
  ['GS r', bytes(GS, 'r', 1)],
  ['GS v 0', raster(2, 2, Uint8Array.of(0x1b, 0x40, 0x10, 0x04))],
  ['GS w', bytes(GS, 'w', 3)],
  ['GS |', bytes(GS, '|', 4)],
  ['GS ( H', askProcessId('0001')],
  ['GS ( k', bytes(GS, '(k', 3, 0, '1Q0')],
  ['FS .', bytes(FS, '.')],
  ['DLE EOT', bytes(DLE, 0x04, 1)],
  ['DLE EOT', bytes(DLE, 0x04, 7, 1)],
  ['DLE ENQ', bytes(DLE, 0x05, 2)],
  ['DLE DC4', bytes(DLE, 0x14, 1, 0, 1)],
  ['DLE DC4', bytes(DLE, 0x14, 8, 1, 3, 0x14, 1, 6, 2, 8)],
  ['LF', bytes('\n')],
  ['HT', bytes('\t')],
  ['text', bytes('Gr\xfcn \xa4 ~')],
];

const toHex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

/** Commands with runs of characters put together again. */
function joined(commands: readonly Command[]): readonly string[] {
  const lines: string[] = [];
  for (const command of commands) {
    const last = lines.at(-1);
    if (command.name === 'text' && last?.startsWith('text ') === true) lines.splice(-1, 1, last + toHex(command.bytes));
    else lines.push(`${command.name} ${toHex(command.bytes)}`);
  }
  return lines;
}

describe('the ESC/POS parser', () => {
  it.each(COMMANDS)('reads %s whole, between text on both sides', (name, sent) => {
    const commands = createParser().push(Buffer.concat([bytes('\n'), sent, bytes('\n')]));
    expect(joined(commands)).toEqual(['LF 0a', `${name} ${toHex(sent)}`, 'LF 0a']);
    expect(commands[1]?.at).toBe(1);
  });

  it.each(COMMANDS)('reads %s the same one byte at a time', (_name, sent) => {
    const whole = Buffer.concat([sent, bytes('\n'), qrCode('PAYSERA*3:TABLE1', 6), sent]);
    const slow = createParser();
    const commands = [...whole].flatMap((byte) => slow.push(Uint8Array.of(byte)));
    expect(joined(commands)).toEqual(joined(createParser().push(whole)));
    expect(slow.pending()).toBe(0);
    expect(slow.end()).toBeUndefined();
  });

  it.each(COMMANDS.filter(([name]) => !['text', 'LF', 'HT'].includes(name)))(
    'says that %s without its last byte is unfinished',
    (_name, sent) => {
      const parser = createParser();
      expect(parser.push(sent.subarray(0, -1))).toEqual([]);
      expect(parser.pending()).toBe(sent.length - 1);
      expect(parser.end()).toContain('inside a command');
      expect(parser.pending()).toBe(0);
    },
  );

  it.each([
    ['a code that ESC does not have', bytes(ESC, 'z')],
    ['a code that GS does not have', bytes(GS, 0x01)],
    ['a code that FS does not have', bytes(FS, 'z')],
    ['a code that DLE does not have', bytes(DLE, 0x7f)],
    ['a stray control byte', bytes(0x00)],
  ])('names %s unknown and goes on after it', (_what, sent) => {
    expect(joined(createParser().push(bytes(sent, 'Tea')))).toEqual([`unknown ${toHex(sent)}`, 'text 546561']);
  });

  it('lets a drawer kick without its times swallow what follows, as printers do', () => {
    const commands = createParser().push(bytes(ESC, 'p', 0, ESC, 'p', 1));
    expect(commands.map(({ name }) => name)).toEqual(['ESC p', 'unknown']);
  });

  it('gives each command its place in the stream', () => {
    const commands = createParser().push(bytes(INITIALISE, 'Tea\n', CUT));
    expect(commands.map(({ name, at }) => [name, at])).toEqual([
      ['ESC @', 0],
      ['text', 2],
      ['LF', 5],
      ['GS V', 6],
    ]);
  });
});
