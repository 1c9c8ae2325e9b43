import type { ReceiptDocument } from '../../core/receipt/document.ts';
import { paperLines, type PaperLine } from '../../core/receipt/lines.ts';
import { fit } from '../letters/fit.ts';
import type { Letters } from '../letters/letters.ts';
import { assertNever } from '../../../shared/failure.ts';
import { codePage, type CodePage } from './code-page.ts';
import type { Command, Part, Proof } from './commands.ts';
import { glyphColumns, lineRaster } from './glyphs.ts';
import type { Profile } from './profile.ts';
import { fitting, lacking } from './transliterate.ts';

/** Six dots are 0.75 mm on 203 dpi paper, which every telephone reads; four would be the least (hardware.md 6). */
const moduleDots = 6;

/** A model of printer, and how receipts are wanted from it. */
export interface PaperStyle {
  readonly profile: Profile;
  readonly letters: Letters;
  /** Letters that no page of the printer has are spelled in others instead of drawn. */
  readonly transliterate: boolean;
  /** Opened by receipts for cash. */
  readonly drawerPin: 2 | 5 | null;
  readonly buzzer: boolean;
}

type Page = Profile['codePages'][number];
type TextLine = Extract<PaperLine, { type: 'text' }>;

/**
 * A document as commands for one model of printer: for each line the code page that has most of it, what that lacks drawn,
 * lines no wider than the paper, the cut, and last the question whose answer is the proof.
 */
export function layOut(document: ReceiptDocument, style: PaperStyle, proof: Proof): readonly Command[] {
  const { profile, drawerPin, buzzer } = style;
  const lines = paperLines(document, profile.columns, textFor(document, style));
  return [
    { type: 'initialise', multiByteOff: profile.multiByteOff },
    ...(drawerPin !== null && document.cash && !document.copy ? [{ type: 'drawer', pin: drawerPin } as const] : []),
    ...withoutRepeats(lines.flatMap((line) => commandsOf(line, style))),
    { type: 'cut', cutter: profile.cutter },
    ...(buzzer && profile.buzzer !== 'none' ? [{ type: 'buzzer', command: profile.buzzer } as const] : []),
    ...question(proof),
  ];
}

/** What makes of a text one that can be printed. */
function textFor(document: ReceiptDocument, { profile, letters, transliterate }: PaperStyle): (text: string) => string {
  if (!transliterate) return (text) => fit(text, letters.has);
  const all = document.blocks.map((block) => ('text' in block ? block.text : 'left' in block ? block.left : '')).join();
  const page = codePage(bestPage(all, profile).encoding);
  return (text) => fitting(text, page);
}

/** The page that lacks the fewest characters; of equals the one that the profile prefers. */
function bestPage(text: string, { codePages }: Profile): Page {
  const [best] = codePages
    .map((page) => ({ page, missing: lacking(text, codePage(page.encoding)) }))
    .sort((left, right) => left.missing - right.missing);
  if (!best) throw new Error('A printer profile has at least one code page.');
  return best.page;
}

function question(proof: Proof): readonly Command[] {
  if (proof.kind === 'process_id') return [{ type: 'tellWhenPrinted', id: proof.id }];
  return proof.kind === 'status' ? [{ type: 'tellPaper' }] : [];
}

function commandsOf(line: PaperLine, style: PaperStyle): readonly Command[] {
  switch (line.type) {
    case 'text':
      return textCommands(line, style);
    case 'qr':
      return [
        { type: 'align', to: 'centre' },
        { type: 'qr', payload: line.payload, moduleDots },
      ];
    case 'feed':
      return [line];
    default:
      return assertNever(line);
  }
}

function textCommands(line: TextLine, { profile, letters }: PaperStyle): readonly Command[] {
  const { text, align, bold, width, height } = line;
  const chosen = bestPage(text, profile);
  const page = codePage(chosen.encoding);
  const whole = Array.from(text).every((character) => page.has(character));
  // The printer's own pictures inside a line are one letter high, and not every clone has them.
  if (!whole && (profile.glyphs === 'raster' || width > 1 || height > 1)) {
    return [
      { type: 'align', to: align },
      { type: 'raster', ...lineRaster(text, { letters, bold, width, height }) },
    ];
  }
  return [
    { type: 'codePage', ...chosen },
    { type: 'align', to: align },
    { type: 'size', width, height },
    { type: 'bold', on: bold },
    { type: 'line', parts: partsOf(text, page, { letters, bold }) },
  ];
}

/** A line in stretches that the page has, and single characters that it lacks. */
function partsOf(text: string, page: CodePage, look: Parameters<typeof glyphColumns>[1]): readonly Part[] {
  const parts: Part[] = [];
  let open = '';
  for (const character of text) {
    if (page.has(character)) {
      open += character;
      continue;
    }
    if (open !== '') parts.push({ type: 'text', text: open });
    open = '';
    parts.push({ type: 'glyph', columns: glyphColumns(character, look) });
  }
  return open === '' ? parts : [...parts, { type: 'text', text: open }];
}

/** Without the settings that are in force already: on a slow line every byte is waited for. */
function withoutRepeats(commands: readonly Command[]): readonly Command[] {
  const inForce = new Map<string, string>();
  return commands.filter((command) => {
    if (!['codePage', 'align', 'size', 'bold'].includes(command.type)) return true;
    const setting = JSON.stringify(command);
    if (inForce.get(command.type) === setting) return false;
    inForce.set(command.type, setting);
    return true;
  });
}
