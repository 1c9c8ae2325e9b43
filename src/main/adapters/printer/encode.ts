import { assertNever } from '../../../shared/failure.ts';
import { BreakLine, PrinterTypes, ThermalPrinter } from 'node-thermal-printer';
import { codePage, type CodePage } from './code-page.ts';
import type { Command, Part } from './commands.ts';

const [ESC, FS, GS] = [0x1b, 0x1c, 0x1d] as const;

/** From the print head to the edge where paper is torn off: about 15 mm. */
const linesToTearEdge = 5;

/**
 * Commands as bytes. node-thermal-printer fills a buffer with styles and feeds; it never gets to send anything. What it
 * composes wrongly is done here: characters (it searches other code pages in the middle of a line), the maker's own code
 * page numbers, sizes (it takes height for width), QR codes (it counts characters, not bytes), the cut (it feeds twice, then
 * resets the code page behind its own back), the drawer (without its times), and all questions to the printer, which it
 * does not know (hardware.md 2.1, 2.2, 2.4).
 */
export function encode(commands: readonly Command[]): Buffer {
  const builder = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: '', breakLine: BreakLine.NONE });
  builder.setBuffer(Buffer.alloc(0));
  let page = codePage('cp437');
  for (const command of commands) {
    if (command.type === 'codePage') page = codePage(command.encoding);
    add(builder, command, page);
  }
  return builder.getBuffer();
}

function add(builder: ThermalPrinter, command: Command, page: CodePage): void {
  switch (command.type) {
    case 'align':
      align(builder, command.to);
      return;
    case 'bold':
      builder.bold(command.on);
      return;
    case 'line':
      for (const part of command.parts) builder.add(partBytes(part, page));
      builder.newLine();
      return;
    case 'feed':
      for (let line = 0; line < command.lines; line += 1) builder.newLine();
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

/** Bytes of the page, or ESC * 33: a picture of 24 dots in the middle of the line. */
function partBytes(part: Part, page: CodePage): Buffer {
  if (part.type === 'text') return page.encode(part.text);
  if (part.type === 'bytes') return part.bytes;
  const columns = part.columns.length / 3;
  return Buffer.concat([bytes(ESC, '*', 33, columns & 0xff, columns >> 8), part.columns]);
}

type OwnCommand = Exclude<Command, { type: 'align' | 'bold' | 'line' | 'feed' }>;

function ownBytes(command: OwnCommand): Buffer {
  switch (command.type) {
    case 'initialise':
      // ESC R 0: the American set, or a memory switch may have made national letters of # $ @ [ ] and others.
      return bytes(ESC, '@', ESC, 'R', 0, ...(command.multiByteOff ? [FS, '.'] : []));
    case 'codePage':
      return bytes(ESC, 't', command.number);
    case 'size':
      return bytes(GS, '!', ((command.width - 1) << 4) | (command.height - 1));
    case 'qr':
      return qrCode(command.payload, command.moduleDots);
    case 'raster':
      return rasterImage(command);
    case 'drawer':
      // 50 ms on, 500 ms off; pins 2 and 5 are 0 and 1.
      return bytes(ESC, 'p', command.pin === 2 ? 0 : 1, 25, 250);
    case 'buzzer':
      // Two beeps of 200 ms. Makers of clones have a command of their own.
      return command.command === 'epson' ? bytes(ESC, '(A', 5, 0, 97, 100, 2, 2, 2) : bytes(ESC, 'B', 2, 2);
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

/** GS v 0. */
function rasterImage({ bytesPerRow, rows, dots }: Extract<Command, { type: 'raster' }>): Buffer {
  const size = bytes(bytesPerRow & 0xff, bytesPerRow >> 8, rows & 0xff, rows >> 8);
  return Buffer.concat([bytes(GS, 'v0', 0), size, dots]);
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
