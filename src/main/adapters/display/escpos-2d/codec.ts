import type { Showing } from '../../../core/display/showing.ts';
import { linesOf } from '../lines.ts';
import type { SilentWords } from '../silent-session.ts';

/** What a display with ESC/POS commands is like. */
export interface Escpos2dSettings {
  /** `display`: `US ( k`, as Epson's customer displays; `printer`: `GS ( k`, for displays that imitate a printer. */
  readonly commands: 'display' | 'printer';
  /** Dots of each square of the code. */
  readonly moduleSize: number;
  /** Characters in a line. */
  readonly columns: number;
  /** Whether it hangs on a printer's pass-through and is selected with ESC =. */
  readonly passThrough: boolean;
}

const [ESC, US, GS, FORM_FEED, LINE_FEED] = [0x1b, 0x1f, 0x1d, 0x0c, 0x0a] as const;

/** The words of a display with ESC/POS commands. Each showing is one piece that stands for itself. */
export function escpos2dWords(settings: Escpos2dSettings): SilentWords {
  const select = settings.passThrough ? [ESC, 0x3d, 2] : [];
  const leave = settings.passThrough ? [ESC, 0x3d, 1] : [];
  const piece = (...bytes: readonly number[]) => [Uint8Array.from([...select, ...bytes, ...leave])];
  return {
    init: () => piece(ESC, 0x40, FORM_FEED),
    clear: () => piece(FORM_FEED),
    show: (showing) => piece(FORM_FEED, ...contentOf(showing, settings)),
    // A code is drawn over itself. Where there must be none, only clearing makes sure of it.
    again: (showing) => piece(...(showing.code === null ? [FORM_FEED] : []), ...contentOf(showing, settings)),
  };
}

function contentOf(showing: Showing, settings: Escpos2dSettings): readonly number[] {
  return [...codeOf(showing, settings), ...textOf(showing, settings)];
}

/** Model 2, size, level M, the data, and the drawing: each time, since the display may have restarted unheard. */
function codeOf({ code }: Showing, { commands, moduleSize }: Escpos2dSettings): readonly number[] {
  if (code === null) return [];
  const lead = commands === 'display' ? US : GS;
  const data = Buffer.from(code, 'utf8');
  const symbol = (length: number, ...rest: readonly number[]) => [
    lead,
    0x28,
    0x6b,
    length & 0xff,
    length >> 8,
    0x31,
    ...rest,
  ];
  return [
    ...symbol(4, 0x41, 0x32, 0x00),
    ...symbol(3, 0x43, moduleSize),
    ...symbol(3, 0x45, 0x31),
    ...symbol(data.length + 3, 0x50, 0x30, ...data),
    ...symbol(3, 0x51, 0x30),
  ];
}

/** Full lines, so that nothing of an earlier one is left should the clearing have been lost. */
function textOf(showing: Showing, { commands, columns }: Escpos2dSettings): readonly number[] {
  const lines = linesOf(showing, { longest: columns, characters: 'ascii' });
  return lines.flatMap((line, index) => {
    const text = Buffer.from(line.padEnd(columns), 'latin1');
    return commands === 'display' ? [US, 0x24, 1, index + 1, ...text] : [...text, LINE_FEED];
  });
}
