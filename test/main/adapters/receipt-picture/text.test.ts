import { describe, expect, it } from 'vitest';
import { loadLetters } from '../../../../src/main/adapters/letters/letters.ts';
import { fit } from '../../../../src/main/adapters/letters/fit.ts';
import { createReceiptPictures } from '../../../../src/main/adapters/receipt-picture/pictures.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { ReceiptDocument } from '../../../../src/main/core/receipt/document.ts';
import { facts } from '../../core/receipt/facts.ts';

async function write(document: ReceiptDocument, columns: number): Promise<string> {
  const pictures = createReceiptPictures({ columns, folder: '/nowhere' });
  return Buffer.from(await pictures.write(document, 'txt')).toString('utf8');
}

it('a receipt as text, on wide paper', async () => {
  expect(await write(composeReceipt(facts, { copy: true }), 48)).toBe(`                     KOPIJA
                 Kavinė „Žąsis“
            Gedimino pr. 1, Vilnius
               PVM LT100000000001

Kvitas                                        12
Sąskaita                               2026-0001
Laikas                       2026-09-21 17:13:20
Terminalas                               Table 1
------------------------------------------------
Kava                                        2,50
2,5 x Šimtalapis                        1 250,00
Nuolaida                                   -1,00
------------------------------------------------
                              Iš viso 1 251,50 €
Apmokėta                        Paysera pinigine
Operacija       Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR

    PAYSERA%Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR

        Tai nėra fiskalinis dokumentas.
                     Ačiū!
                     KOPIJA
`);
});

it('a receipt as text, on narrow paper', async () => {
  const lines = [{ title: 'A rather long name of a cake with strawberries', quantity: 12, total: 125_150 }];
  const english = { ...facts, language: 'en', how: 'cash', lines } as const;
  const { transactionKey: _key, ...paidInCash } = english;
  expect(await write(composeReceipt(paidInCash, { copy: false }), 32)).toBe(`         Kavinė „Žąsis“
    Gedimino pr. 1, Vilnius
       PVM LT100000000001

Receipt                       12
Bill                   2026-0001
Time        21/09/2026, 17:13:20
Terminal                 Table 1
--------------------------------
12 x A rather long name
of a cake with
strawberries            1,251.50
--------------------------------
                 Total €1,251.50
Paid with                   Cash

 This is not a fiscal document.
           Thank you!
`);
});

describe('texts in pictures', () => {
  const { has } = loadLetters();

  it.each([
    ['letters that come in two parts are composed', 'Z\u030cemaitija', 'Žemaitija'],
    ['marks that find no letter are left out, their letters stay', 'Ки\u0301їв į\u0303', 'Київ į'],
    ['a letter that the font lacks loses its outermost mark', 'Ǻ ậ', 'Å ậ'],
    ['a currency sign that the font lacks becomes its code', '5 ₾', '5 GEL'],
    ['the capital sharp s is spelled as Germans do without it', 'STRAẞE', 'STRASSE'],
    [
      'control characters and strange spaces are spaces, invisible characters nothing',
      'a\u0007b\u2003c\u200bd',
      'a b cd',
    ],
    ['what is of no use stays, to be seen', '漢', '漢'],
  ])('%s', (_what, before, after) => {
    expect(fit(before, has)).toBe(after);
  });
});
