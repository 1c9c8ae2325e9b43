import { assertNever } from '../../../shared/failure.ts';
import { BreakLine, CharacterSet, PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import type { Encoding } from './code-page.ts';
import type { Command } from './commands.ts';

/** What the library calls our encodings. */
const characterSets: Readonly<Record<Encoding, CharacterSet>> = {
  'windows-1257': CharacterSet.WPC1257_BALTIC_RIM,
  'windows-1251': CharacterSet.WPC1251_CYRILLIC,
  'windows-1252': CharacterSet.WPC1252,
  cp775: CharacterSet.WPC775_BALTIC_RIM,
  cp866: CharacterSet.PC866_CYRILLIC2,
  cp858: CharacterSet.PC858_EURO,
};

const [ESC, FS, GS] = [0x1b, 0x1c, 0x1d] as const;

/** From the print head to the edge where paper is torn off: about 15 mm. */
const linesToTearEdge = 5;

/**
 * Commands as bytes. node-thermal-printer fills a buffer with text and styles; it never gets to send anything. What it
 * composes wrongly is done here: the maker's own code page numbers, sizes (it takes height for width), QR codes (it
 * counts characters, not bytes), the cut (it feeds twice, then resets the code page behind its own back), and all
 * questions to the printer, which it does not know (hardware.md 2.1, 2.2, 2.4).
 */
export function encode(commands: readonly Command[]): Buffer {
  const builder = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: '', breakLine: BreakLine.NONE });
  builder.setBuffer(Buffer.alloc(0));
  for (const command of commands) add(builder, command);
  return builder.getBuffer();
}

function add(builder: ThermalPrinter, command: Command): void {
  switch (command.type) {
    case 'align':
      align(builder, command.to);
      return;
    case 'bold':
      builder.bold(command.on);
      return;
    case 'line':
      builder.println(command.text);
      return;
    case 'feed':
      for (let line = 0; line < command.lines; line += 1) builder.newLine();
      return;
    case 'codePage':
      setPage(builder, command);
      return;
    default:
      builder.add(ownBytes(command));
  }
}

function align(builder: ThermalPrinter, to: 'left' | 'centre' | 'right'): void {
  if (to === 'left') builder.alignLeft();
  else if (to === 'centre') builder.alignCenter();
  else builder.alignRight();
}

/** The library learns the encoding, but the number that it wrote, always Epson's, is taken back for the maker's own. */
function setPage(builder: ThermalPrinter, { encoding, number }: Extract<Command, { type: 'codePage' }>): void {
  const before = builder.getBuffer();
  builder.setCharacterSet(characterSets[encoding]);
  builder.setBuffer(before);
  builder.add(bytes(ESC, 't', number));
}

type OwnCommand = Exclude<Command, { type: 'align' | 'bold' | 'line' | 'feed' | 'codePage' }>;

function ownBytes(command: OwnCommand): Buffer {
  switch (command.type) {
    case 'initialise':
      // ESC R 0: the American set, or a memory switch may have made national letters of # $ @ [ ] and others.
      return bytes(ESC, '@', ESC, 'R', 0, ...(command.multiByteOff ? [FS, '.'] : []));
    case 'size':
      return bytes(GS, '!', ((command.width - 1) << 4) | (command.height - 1));
    case 'qr':
      return qrCode(command.payload, command.moduleDots);
    case 'cut':
      return command.cutter ? bytes(GS, 'V', 66, 0) : bytes(ESC, 'd', linesToTearEdge);
    case 'tellWhenPrinted':
      return bytes(GS, '(H', 6, 0, '00', command.id);
    case 'tellPaper':
      return bytes(GS, 'r', 1);
    default:
      return assertNever(command);
  }
}

/** GS ( k: model 2, module size, error correction M, the payload with its length in bytes, print. */
function qrCode(payload: string, moduleDots: number): Buffer {
  const data = Buffer.from(payload, 'utf8');
  const length = data.length + 3;
  return Buffer.concat([
    bytes(GS, '(k', 4, 0, '1A2', 0),
    bytes(GS, '(k', 3, 0, '1C', moduleDots),
    bytes(GS, '(k', 3, 0, '1E1'),
    bytes(GS, '(k', length & 0xff, length >> 8, '1P0'),
    data,
    bytes(GS, '(k', 3, 0, '1Q0'),
  ]);
}

/** Numbers as bytes, texts as ASCII. */
function bytes(...parts: readonly (number | string)[]): Buffer {
  return Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part, 'latin1'))));
}
