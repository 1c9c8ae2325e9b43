import { expect, test } from 'vitest';
import { receiptsOn } from './paper.ts';

const own = { heading: 'Crash test', name: 'RUN-1' };
const whole = ['Crash test', '', 'Receipt 7', 'Bill B0', 'Terminal RUN-1', 'Coffee 2.50', 'Thank you!'];
const copy = ['COPY', ...whole, 'COPY'];
const papers = (...sheets: readonly (readonly string[])[]) =>
  receiptsOn(
    sheets.map((lines) => lines.join('\n')),
    own,
  );

test.each<[string, readonly (readonly string[])[], ReturnType<typeof receiptsOn>]>([
  ['a receipt', [whole], [{ number: 7, marked: false, whole: true }]],
  ['a copy', [copy], [{ number: 7, marked: true, whole: true }]],
  [
    'a receipt that was cut off, and its copy below it on the same paper',
    [[...whole.slice(0, 5), ...copy]],
    [
      { number: 7, marked: false, whole: false },
      { number: 7, marked: true, whole: true },
    ],
  ],
  ['the beginning of a receipt without its number', [whole.slice(0, 2)], []],
  ['a receipt of another terminal', [whole.map((line) => line.replace('RUN-1', 'RUN-12'))], []],
])('%s is told from the paper', (_name, sheets, found) => {
  expect(papers(...sheets)).toEqual(found);
});
