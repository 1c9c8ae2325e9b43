/** Longest foreign text on a receipt, in characters: a longer one is cut, visibly, so that no roll is emptied by one. */
const longest = 200;

/**
 * A text as it may go on paper: one line, without control characters (they would be commands to a printer), without
 * invisible and direction-changing characters, with plain spaces and a plain minus instead of the typographic ones
 * that number formats use and code pages lack.
 */
export function printable(text: string): string {
  const plain = text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Cs}]/gu, '')
    .replaceAll('\u2212', '-')
    .trim();
  const characters = Array.from(plain);
  return characters.length > longest ? `${characters.slice(0, longest - 3).join('')}...` : plain;
}
