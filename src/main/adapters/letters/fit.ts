/** What stands for signs that the font lacks: a currency's code, never another sign; letters as they are spelled without it. */
const substitutes: ReadonlyMap<string, string> = new Map([
  ['₾', 'GEL'],
  ['₿', 'BTC'],
  ['ẞ', 'SS'],
]);

/**
 * A text as it can be drawn: composed letters, spaces for what controls, nothing for what cannot be seen and for marks that
 * found no letter of their own. A letter that the font lacks loses its outermost mark; one that stays unknown is left, to
 * be drawn as a sign that something is there.
 * @param has whether the font has that character
 */
export function fit(text: string, has: (character: string) => boolean): string {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Z}]/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Cs}\p{M}]/gu, '');
  return Array.from(plain, (character) => (has(character) ? character : nearest(character, has))).join('');
}

function nearest(character: string, has: (character: string) => boolean): string {
  const substitute = substitutes.get(character);
  if (substitute !== undefined) return substitute;
  const parts = Array.from(character.normalize('NFD'));
  while (parts.length > 1) {
    parts.pop();
    const composed = parts.join('').normalize('NFC');
    if (has(composed)) return composed;
  }
  return character;
}
