import { describe, expect, it } from 'vitest';
import { codePage } from '../../../../src/main/adapters/printer/code-page.ts';
import { fitting, lacking } from '../../../../src/main/adapters/printer/transliterate.ts';

const baltic = codePage('windows-1257');
const dos = codePage('cp775');

describe('a text that a code page lacks characters of', () => {
  it.each([
    ['Șț ñ ă ê', 'St n a e', 'loses accents'],
    ['Борщ со сметаной', 'Borshch so smetanoy', 'is spelled in Latin letters'],
    ['e\u0307 s\u030c', 'ė š', 'is composed first'],
    ['5 ₴, 3 ₽', '5 UAH, 3 RUB', 'keeps its currencies apart'],
    ['ﬁ １２', 'fi 12', 'is spelled in plain forms'],
    ['寿司 🍣', '?? ?', 'shows that something was there'],
    ['a\u001b@\u0000\u0085\u00a0b', 'a @   b', 'has no control characters'],
    ['a\u200b\u202e\ufe0fb', 'ab', 'loses what cannot be seen'],
    ['\ud800x', '?x', 'survives half a character'],
  ])('%j becomes %j: it %s', (from, to) => {
    expect(fitting(from, baltic)).toBe(to);
  });

  it.each([
    ['12,50 €', '12,50 EUR'],
    ['„Žąsis“', '"Žąsis“'],
  ])('%j becomes %j on page 775', (from, to) => {
    expect(fitting(from, dos).replaceAll('„', '"')).toBe(to);
  });

  it('is all one byte and one cell', () => {
    const odd = Array.from({ length: 0x3000 }, (_, code) => String.fromCodePoint(code)).join('');
    for (const character of fitting(odd, baltic)) expect(baltic.has(character), character).toBe(true);
  });

  it('is counted, blanks apart', () => {
    expect(lacking('aą寿 \u00a0', baltic)).toBe(1);
  });
});
