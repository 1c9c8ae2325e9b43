import type { CodePage } from './code-page.ts';

/**
 * What stands for a character that a code page lacks. Money first: a currency sign becomes its code, never another sign.
 * Cyrillic follows the common English spelling.
 */
const substitutes: ReadonlyMap<string, string> = new Map([
  ...Object.entries({ '€': 'EUR', '£': 'GBP', '¥': 'JPY', '₴': 'UAH', '₪': 'ILS', '₹': 'INR', '₺': 'TRY', '₾': 'GEL' }),
  ...Object.entries({ '₸': 'KZT', '₱': 'PHP', '฿': 'THB', '₩': 'KRW', '₽': 'RUB', '₫': 'VND' }),
  ...Object.entries({ '„': '"', '“': '"', '”': '"', '«': '"', '»': '"', '‘': "'", '’': "'", '‚': "'", '′': "'" }),
  ...Object.entries({ '–': '-', '—': '-', '‑': '-', '‐': '-', '−': '-', '…': '...', '•': '*', '·': '*', '№': 'No.' }),
  ...Object.entries({ '×': 'x', '÷': '/', '½': '1/2', '¼': '1/4', '¾': '3/4', '°': 'o', ß: 'ss', æ: 'ae', Æ: 'AE' }),
  ...Object.entries({ ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D', ð: 'd', Ð: 'D', þ: 'th', Þ: 'Th', ı: 'i' }),
  ...Object.entries({ œ: 'oe', Œ: 'OE' }),
  ...cyrillic(),
]);

function cyrillic(): [string, string][] {
  const letters = 'а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я є і ї ґ ў'.split(' ');
  const latin = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch ' y ' e yu ya ye i yi g u".split(' ');
  return letters.flatMap((letter, index) => {
    const spelled = latin[index] ?? '?';
    const capital = `${spelled.slice(0, 1).toUpperCase()}${spelled.slice(1)}`;
    return [
      [letter, spelled],
      [letter.toUpperCase(), capital],
    ];
  });
}

/** What is printed where nothing else can be: a person sees that something was there. */
const replacement = '?';

/**
 * The text with only characters that the page has, so that each is one byte and one cell. A letter whose accent is
 * missing loses the accent, known signs are spelled out, anything else becomes a question mark; nothing disappears
 * but what cannot be seen. Control characters become spaces whoever wrote the document: to a printer they are commands.
 */
export function fitting(text: string, page: CodePage): string {
  return Array.from(text.normalize('NFC'), (character) => fit(character, page)).join('');
}

/** How many characters of the text the page lacks. */
export function lacking(text: string, page: CodePage): number {
  return Array.from(text.normalize('NFC')).filter((character) => !isBlank(character) && !page.has(character)).length;
}

function fit(character: string, page: CodePage): string {
  if (page.has(character)) return character;
  if (isBlank(character)) return ' ';
  if (isInvisible(character)) return '';
  const base = character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
  const candidate = substitutes.get(character) ?? substitutes.get(base) ?? base;
  const fits = candidate !== '' && Array.from(candidate).every((part) => page.has(part));
  return fits ? candidate : replacement;
}

const isBlank = (character: string): boolean => /^[\p{Cc}\p{Z}]$/u.test(character);
const isInvisible = (character: string): boolean => /^[\p{Cf}\p{M}]$/u.test(character);
