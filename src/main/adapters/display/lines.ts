import { fitting, plain } from '../../core/display/plain.ts';
import type { Showing } from '../../core/display/showing.ts';

/** The title and the amount as a display writes them; a line that does not fit is left away, never cut. */
export function linesOf(
  { title, amount }: Showing,
  { longest, characters }: { readonly longest: number; readonly characters: 'ascii' | 'utf-8' },
): readonly [title: string, amount: string] {
  const written = (text: string) => fitting(characters === 'ascii' ? plain(text) : text, longest);
  return [written(title), written(amount)];
}
