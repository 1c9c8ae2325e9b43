import type { DisplayPort } from '../../../ports/display.ts';
import { createLineDisplay, type LineOptions } from '../serial-display.ts';
import { SilentSession } from '../silent-session.ts';
import { escpos2dWords, type Escpos2dSettings } from './codec.ts';

/** What these displays take into a code at most, bytes (ESC/POS, function 180). */
const longestCode = 7_089;

/** A customer display with ESC/POS commands that draws QR codes. It never answers on Linux. */
export function createEscpos2dDisplay(options: LineOptions, settings: Escpos2dSettings): DisplayPort {
  const refuses = (code: string) =>
    Buffer.byteLength(code) > longestCode ? `The code has more than ${longestCode} bytes.` : null;
  const words = escpos2dWords(settings);
  return createLineDisplay(
    options,
    { verify: 'none', brightness: false, refuses },
    (parts) => new SilentSession(words, parts),
  );
}
