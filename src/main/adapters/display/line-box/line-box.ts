import type { DisplayPort } from '../../../ports/display.ts';
import { createLineDisplay, type LineOptions } from '../serial-display.ts';
import { SilentSession } from '../silent-session.ts';
import { boxRefuses, lineBoxWords, type LineBoxSettings } from './codec.ts';

/** A box for QR payments that takes lines of text with fields between asterisks. It answers nothing that matters. */
export function createLineBoxDisplay(options: LineOptions, settings: LineBoxSettings): DisplayPort {
  const words = lineBoxWords(settings);
  return createLineDisplay(
    options,
    { verify: 'none', brightness: false, refuses: (code) => boxRefuses(code, settings) },
    (parts) => new SilentSession(words, parts),
  );
}
