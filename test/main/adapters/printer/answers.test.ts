import { describe, expect, it } from 'vitest';
import { AnswerParser, type Answer } from '../../../../src/main/adapters/printer/answers.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text.split(' ').map((byte) => Number.parseInt(byte, 16)));
const realTime = (status: number): Answer => ({ type: 'realTime', status });
const queued = (status: number): Answer => ({ type: 'queued', status });
const unexpected = (text: string): Answer => ({ type: 'unexpected', bytes: bytes(text) });
const automatic = (text: string): Answer => ({ type: 'automatic', status: bytes(text) });
const processId = (id: string): Answer => ({ type: 'processId', id });

const table: readonly (readonly [name: string, bytes: string, answers: readonly Answer[]])[] = [
  ['a healthy real-time status', '12', [realTime(0x12)]],
  ['paper out, three answers', '1A 32 7E', [realTime(0x1a), realTime(0x32), realTime(0x7e)]],
  ['an automatic status', '10 00 00 00', [automatic('10 00 00 00')]],
  ['an automatic status of an open cover', '38 00 0F 0F', [automatic('38 00 0F 0F')]],
  ['a process id', '37 22 30 30 30 31 00', [processId('0001')]],
  ['a process id of the outermost characters', '37 22 20 7E 41 21 00', [processId(' ~A!')]],
  ['a paper status in turn', '00', [queued(0)]],
  ['a paper status, paper out', '0F', [queued(0x0f)]],
  ['XON and XOFF', '11 13', [{ type: 'flow' }, { type: 'flow' }]],
  [
    'a status between two blocks',
    '37 22 30 30 30 31 00 12 37 22 41 42 43 44 00',
    [processId('0001'), realTime(0x12), processId('ABCD')],
  ],
  ['a status after an automatic one', '14 00 00 00 16', [automatic('14 00 00 00'), realTime(0x16)]],
  ['a byte that nobody sends', 'FF', [unexpected('FF')]],
  ['an automatic status that breaks off', '10 00 12', [unexpected('10 00'), realTime(0x12)]],
  ['a block that breaks off', '37 22 30 FF', [unexpected('37 22 30'), unexpected('FF')]],
  ['a block of another kind', '37 36 31 32 1F 31 00', [unexpected('37 36 31 32 1F 31')]],
  ['a process id that is too short', '37 22 30 00', [unexpected('37 22 30')]],
  ['an empty block', '37 00 12', [unexpected('37'), queued(0), realTime(0x12)]],
  ['half a block', '37 22 30', []],
];

describe('what a printer says', () => {
  it.each(table)('%s', (_, said, answers) => {
    expect(new AnswerParser().push(bytes(said))).toEqual(answers);
  });

  it.each(table)('%s, byte by byte', (_, said, answers) => {
    const parser = new AnswerParser();
    expect([...bytes(said)].flatMap((byte) => parser.push(Uint8Array.of(byte)))).toEqual(answers);
  });

  it('is never held back for ever: a block that does not end is given up', () => {
    const answers = new AnswerParser().push(bytes(`37 22 ${'30 '.repeat(60).trim()}`));
    expect(answers[0]).toMatchObject({ type: 'unexpected' });
  });

  it('of any byte at the beginning is one answer at most', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      expect(new AnswerParser().push(Uint8Array.of(byte)).length, byte.toString(16)).toBeLessThanOrEqual(1);
    }
  });
});
