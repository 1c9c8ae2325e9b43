const replaced: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '„': '"',
  '“': '"',
  '”': '"',
  '’': "'",
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
};

/**
 * A text in the letters that every display has (ASCII): accents are left away, spaces are plain, and what has no such
 * form becomes a question mark.
 */
export function plain(text: string): string {
  const letters = text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[\p{Z}\p{Cc}]+/gu, ' ');
  return Array.from(letters)
    .map((letter) => (letter >= ' ' && letter <= '~' ? letter : (replaced[letter] ?? '?')))
    .join('')
    .trim();
}

/** A line that a display has room for, or nothing: half an amount would be a lie. */
export function fitting(line: string, longest: number): string {
  return line.length <= longest ? line : '';
}
