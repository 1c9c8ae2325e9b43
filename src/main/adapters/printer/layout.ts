import { assertNever } from '../../../shared/failure.ts';
import type { Block, ReceiptDocument } from '../../core/receipt/document.ts';
import { codePage, type CodePage } from './code-page.ts';
import type { Command, Proof } from './commands.ts';
import type { Profile } from './profile.ts';
import { fitting, lacking } from './transliterate.ts';
import { wrap } from './wrap.ts';

/** Six dots are 0.75 mm on 203 dpi paper, which every telephone reads; four would be the least (hardware.md 6). */
const moduleDots = 6;
/** A longer payload would make a symbol wider than the narrowest paper; it is printed as text instead. */
const longestPayload = 150;

interface Sheet {
  readonly page: CodePage;
  readonly columns: number;
}

/**
 * A document as commands for one model of printer: one code page for all of it, lines no wider than the paper, the cut,
 * and last the question whose answer is the proof.
 */
export function layOut(document: ReceiptDocument, profile: Profile, proof: Proof): readonly Command[] {
  const { encoding, number } = choosePage(document, profile);
  const sheet: Sheet = { page: codePage(encoding), columns: profile.columns };
  return [
    { type: 'initialise', multiByteOff: profile.multiByteOff },
    { type: 'codePage', encoding, number },
    ...document.blocks.flatMap((block) => commandsOf(block, sheet)),
    { type: 'cut', cutter: profile.cutter },
    ...question(proof),
  ];
}

/** The page that lacks the fewest characters of the document; of equals the one that the profile prefers. */
function choosePage(document: ReceiptDocument, { codePages }: Profile): Profile['codePages'][number] {
  const text = document.blocks.map(textOf).join('');
  const ranked = codePages
    .map((entry) => ({ entry, missing: lacking(text, codePage(entry.encoding)) }))
    .sort((left, right) => left.missing - right.missing);
  const [best] = ranked;
  if (!best) throw new Error('A printer profile has at least one code page.');
  return best.entry;
}

function textOf(block: Block): string {
  if (block.type === 'text') return block.text;
  return block.type === 'columns' ? `${block.left}${block.right}` : '';
}

function question(proof: Proof): readonly Command[] {
  if (proof.kind === 'process_id') return [{ type: 'tellWhenPrinted', id: proof.id }];
  return proof.kind === 'status' ? [{ type: 'tellPaper' }] : [];
}

function commandsOf(block: Block, sheet: Sheet): readonly Command[] {
  switch (block.type) {
    case 'text':
      return textCommands(block, sheet);
    case 'columns':
      return columnCommands(block, sheet);
    case 'rule':
      return [...plain('left'), line('-'.repeat(sheet.columns))];
    case 'qr':
      return qrCommands(block.payload, sheet);
    case 'feed':
      return [{ type: 'feed', lines: block.lines }];
    default:
      return assertNever(block);
  }
}

function textCommands(block: Extract<Block, { type: 'text' }>, { page, columns }: Sheet): readonly Command[] {
  const text = fitting(block.text, page);
  const large = block.size === 'large';
  // Large is twice as wide and high where that fits in one line, else only twice as high.
  const width = large && text.length <= columns / 2 ? 2 : 1;
  return [
    { type: 'align', to: block.align },
    { type: 'size', width, height: large ? 2 : 1 },
    { type: 'bold', on: block.weight === 'bold' },
    ...wrap(text, columns / width).map(line),
  ];
}

function columnCommands(block: Extract<Block, { type: 'columns' }>, { page, columns }: Sheet): readonly Command[] {
  const left = fitting(block.left, page);
  const right = fitting(block.right, page);
  return [...plain('left', block.weight === 'bold'), ...besides(left, right, columns).map(line)];
}

/** The left text wrapped beside the right one, which stands at the end of its last line; or one above the other. */
function besides(left: string, right: string, columns: number): readonly string[] {
  const least = Math.min(left.length, Math.floor(columns / 3));
  const room = columns - right.length - 1;
  if (room < least) return [...wrap(left, columns), ...wrap(right, columns).map((text) => text.padStart(columns))];
  const lines = wrap(left, room);
  const last = lines.pop() ?? '';
  return [...lines, `${last}${right.padStart(columns - last.length)}`];
}

function qrCommands(payload: string, { page, columns }: Sheet): readonly Command[] {
  const bytes = Buffer.from(payload, 'utf8');
  // Control bytes inside it would be obeyed as commands in real time by some printers (hardware.md 2.3).
  const printable = bytes.every((byte) => byte >= 0x20 && byte !== 0x7f);
  if (!printable || bytes.length > longestPayload) {
    return [...plain('centre'), ...wrap(fitting(payload, page), columns).map(line)];
  }
  // A line above and one below are its quiet zone of four modules.
  return [
    ...plain('centre'),
    { type: 'feed', lines: 1 },
    { type: 'qr', payload, moduleDots },
    { type: 'feed', lines: 1 },
  ];
}

function plain(to: 'left' | 'centre', on = false): readonly Command[] {
  return [
    { type: 'align', to },
    { type: 'size', width: 1, height: 1 },
    { type: 'bold', on },
  ];
}

function line(text: string): Command {
  return { type: 'line', text };
}
