import type { Showing } from '../../../core/display/showing.ts';
import { linesOf } from '../lines.ts';
import type { SilentWords } from '../silent-session.ts';

/** How a box is told its codes. */
export interface LineBoxSettings {
  /** `web`: as a web address that holds the code, which has no asterisk; `plain`: as it is, which most codes forbid. */
  readonly codeForm: 'web' | 'plain';
}

/** The firmware reads a line into 409 bytes. */
const longestLine = 400;
const longestText = 40;

/** The code as the box is told it. The address is Paysera's wrapper for printed codes; the app reads both. */
export function codeForBox(code: string, { codeForm }: LineBoxSettings): string {
  if (codeForm === 'plain') return code;
  return `https://paysera.com/app?qr=${encodeURIComponent(code).replaceAll('*', '%2A')}`;
}

/** Why the box would show something else than this; null when it shows it. */
export function boxRefuses(code: string, settings: LineBoxSettings): string | null {
  const told = codeForBox(code, settings);
  if (/[*\r\n]/.test(told)) return 'The box takes an asterisk for the end of the code. Set codeForm to web.';
  if (!/^[ -~]*$/.test(told)) return 'The box shows codes of plain letters, digits and signs only.';
  return told.length > longestLine / 2 ? `The code has more than ${longestLine / 2} characters.` : null;
}

/** The words of boxes that take a line of text with fields between asterisks. */
export function lineBoxWords(settings: LineBoxSettings): SilentWords {
  const blank = () => [line('WelcomeScreen', '-')];
  const show = (showing: Showing) => [wordsFor(showing, settings)];
  return { init: blank, clear: blank, show, again: show };
}

function wordsFor(showing: Showing, settings: LineBoxSettings): Uint8Array {
  const [title, amount] = linesOf(showing, { longest: longestText, characters: 'ascii' });
  if (showing.code !== null) {
    return line('DisplayQRCodeScreen', codeForBox(showing.code, settings), field(amount), field(title));
  }
  if (showing.view === 'paid') return line('DisplaySuccessQRCodeScreen', field(title), field(amount), '-');
  if (showing.view === 'refused') return line('DisplayFailQRCodeScreen', field(title), field(amount), '-');
  return line('WelcomeScreen', field(`${title} ${amount}`.trim()));
}

/** A field is never empty: the box counts runs of asterisks as one. */
function field(text: string): string {
  return text.replaceAll('*', ' ').trim() || '-';
}

/** Begins with an end of line too: half a line before it is then a line of its own. */
function line(...fields: readonly string[]): Uint8Array {
  return Buffer.from(`\n${fields.join('**')}\n`, 'latin1');
}
