import type { Encoding } from '../../../shared/encodings.ts';
import { codePage } from './code-page.ts';
import type { Command } from './commands.ts';

/** What each page is known by: letters that stand elsewhere on the others. Few enough that all fit beside each other. */
const samples: readonly (readonly [encoding: Encoding, letters: string])[] = [
  ['windows-1257', 'ąėųž'],
  ['cp775', 'ąėųž'],
  ['windows-1250', 'łęšź'],
  ['cp852', 'łęšź'],
  ['windows-1251', 'їєдЖ'],
  ['cp866', 'їєдЖ'],
];

/** Characters that a number takes, with its space. */
const numberWidth = 4;

/** Which columns have room on that paper. */
function fitting(columns: number): typeof samples {
  return samples.slice(0, Math.floor((columns - numberWidth + 1) / 5));
}

const text = (content: string): Command => ({ type: 'line', parts: [{ type: 'text', text: content }] });

/**
 * A table that shows by which numbers a printer knows its code pages: one line for each number, on that page, with the
 * same letters as each encoding writes them. The number of a page is that of the line where its letters can be read.
 * @param columns of the paper; narrow paper has fewer pages beside each other
 */
export function pageTable(columns: number, range: { readonly from: number; readonly to: number }): readonly Command[] {
  const shown = fitting(columns);
  const head = shown.map(([encoding]) => encoding.replace('windows-', '').padEnd(5));
  return [
    text('Numbers of code pages (ESC t n).'),
    text('A page has the number of the line in'),
    text('which its letters can be read:'),
    { type: 'codePage', encoding: 'cp437', number: 0 },
    text(`${' '.repeat(numberWidth)}${head.join('')}`.trimEnd()),
    ...Array.from({ length: range.to - range.from + 1 }, (_, index) => row(range.from + index, shown)).flat(),
  ];
}

function row(number: number, shown: typeof samples): readonly Command[] {
  const cells = shown.flatMap(([encoding, letters]) => [...codePage(encoding).encode(letters), 0x20]);
  return [
    { type: 'codePage', encoding: 'cp437', number },
    {
      type: 'line',
      parts: [
        { type: 'text', text: String(number).padEnd(numberWidth) },
        { type: 'bytes', bytes: Buffer.from(cells) },
      ],
    },
  ];
}
