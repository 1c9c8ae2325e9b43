import { describe, expect, it } from 'vitest';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { Block, ReceiptFacts } from '../../../../src/main/core/receipt/document.ts';
import { money } from '../../../../src/shared/money.ts';
import { facts } from './facts.ts';

const centred = (text: string, weight: 'plain' | 'bold' = 'plain', size: 'normal' | 'large' = 'normal'): Block => ({
  type: 'text',
  text,
  align: 'centre',
  weight,
  size,
});
const columns = (left: string, right: string): Block => ({ type: 'columns', left, right, weight: 'plain' });
const total = (text: string): Block => ({ type: 'text', text, align: 'right', weight: 'bold', size: 'large' });
const merchant: readonly Block[] = [
  centred('Kavinė „Žąsis“', 'bold'),
  centred('Gedimino pr. 1, Vilnius'),
  centred('PVM LT100000000001'),
  { type: 'feed', lines: 1 },
];

/** All that is written on it, one block a line. */
function written(changes: Partial<ReceiptFacts>, copy = false): readonly string[] {
  return composeReceipt({ ...facts, ...changes }, { copy }).blocks.flatMap((block) => {
    if (block.type === 'text') return [block.text];
    return block.type === 'columns' ? [`${block.left} | ${block.right}`] : [];
  });
}

describe('a receipt', () => {
  it('in Lithuanian', () => {
    expect(composeReceipt(facts, { copy: false })).toEqual({
      receiptNumber: 12,
      copy: false,
      cash: false,
      language: 'lt',
      blocks: [
        ...merchant,
        columns('Kvitas', '12'),
        columns('Sąskaita', '2026-0001'),
        columns('Laikas', '2026-09-21 17:13:20'),
        columns('Terminalas', 'Table 1'),
        { type: 'rule' },
        columns('Kava', '2,50'),
        columns('2,5 x Šimtalapis', '1 250,00'),
        columns('Nuolaida', '-1,00'),
        { type: 'rule' },
        total('Iš viso 1 251,50 €'),
        columns('Apmokėta', 'Paysera pinigine'),
        columns('Operacija', 'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR'),
        { type: 'qr', payload: 'PAYSERA%Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR' },
        centred('Tai nėra fiskalinis dokumentas.'),
        centred('Ačiū!'),
      ],
    });
  });

  it('in English, as a copy: it says so at the top and at the bottom', () => {
    expect(composeReceipt({ ...facts, language: 'en' }, { copy: true })).toEqual({
      receiptNumber: 12,
      copy: true,
      cash: false,
      language: 'en',
      blocks: [
        centred('COPY', 'bold', 'large'),
        ...merchant,
        columns('Receipt', '12'),
        columns('Bill', '2026-0001'),
        columns('Time', '21/09/2026, 17:13:20'),
        columns('Terminal', 'Table 1'),
        { type: 'rule' },
        columns('Kava', '2.50'),
        columns('2.5 x Šimtalapis', '1,250.00'),
        columns('Nuolaida', '-1.00'),
        { type: 'rule' },
        total('Total €1,251.50'),
        columns('Paid with', 'Paysera wallet'),
        columns('Transaction', 'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR'),
        { type: 'qr', payload: 'PAYSERA%Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR' },
        centred('This is not a fiscal document.'),
        centred('Thank you!'),
        centred('COPY', 'bold', 'large'),
      ],
    });
  });

  it('in Lithuanian says KOPIJA as a copy', () => {
    expect(written({}, true).filter((line) => line === 'KOPIJA')).toHaveLength(2);
  });

  it('paid in cash has neither transaction nor code', () => {
    const { transactionKey, ...cash } = { ...facts, how: 'cash', language: 'en' } as const;
    expect(transactionKey).toBeDefined();
    const { blocks } = composeReceipt(cash, { copy: false });
    expect(blocks.some((block) => block.type === 'qr')).toBe(false);
    expect(blocks).toContainEqual(columns('Paid with', 'Cash'));
    expect(JSON.stringify(blocks)).not.toContain('Transaction');
  });

  it.each(['en', 'lt'] as const)(
    'holds no space, minus or control character that paper cannot show, in %s',
    (language) => {
      const title = 'A\u001b@B\u0000\u0010\u0004\u0001C\r\nD\u202eE\u200bF\u00a0G';
      const lines = written({
        language,
        billNumber: title,
        terminal: title,
        merchant: [title],
        lines: [{ title, total: -1 }],
      });
      for (const line of lines) expect(line).toMatch(/^[^\p{Cc}\p{Cf}\u00a0\u202f\u2009\u2212\u2028\u2029]*$/u);
      expect(lines).toContainEqual(expect.stringContaining('A @B C DEF G'));
    },
  );

  it('is composed even of facts that make no sense', () => {
    const odd = { ...facts, language: 'en' } as const;
    expect(written({ ...odd, timeZone: 'Mars/Olympus' })).toContain('Time | 21/09/2026, 14:13:20 UTC');
    expect(written({ ...odd, total: money(100, 'bitcoin!') })).toContain('Total 1.00 bitcoin!');
    expect(written({ ...odd, billNumber: '\u200b' })).toContain('Bill | ?');
    expect(written({ ...odd, paidAt: Number.NaN }).some((line) => line.startsWith('Time | '))).toBe(true);
  });

  it('writes a title of ten thousand characters only in part, and shows that', () => {
    const line =
      written({ lines: [{ title: 'ą'.repeat(10_000), total: 1 }] }).find((text) => text.includes('ąą')) ?? '';
    expect(line).toBe(`${'ą'.repeat(197)}... | 0,01`);
  });

  it('counts every currency in hundredths, in the form of its language', () => {
    expect(written({ total: money(5, 'RSD'), language: 'en' })).toContain('Total RSD 0.05');
    expect(written({ total: money(123_456_789, 'PLN') })).toContain('Iš viso 1 234 567,89 PLN');
  });
});
