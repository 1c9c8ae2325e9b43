import type { DisplayPort } from '../../../ports/display.ts';
import { createLineDisplay, type LineOptions } from '../serial-display.ts';
import { SilentSession } from '../silent-session.ts';
import { bitmapLcdWords } from './codec.ts';

/** Characters that still give squares of three pixels on this glass. */
const longestCode = 300;

/** A USB panel that shows pixels. It cannot be read back. */
export function createBitmapLcdDisplay(options: LineOptions): DisplayPort {
  const refuses = (code: string) =>
    Buffer.byteLength(code) > longestCode ? `The code has more than ${longestCode} bytes.` : null;
  const words = bitmapLcdWords();
  return createLineDisplay(
    options,
    { verify: 'none', brightness: true, refuses },
    (parts) => new SilentSession(words, parts),
  );
}
