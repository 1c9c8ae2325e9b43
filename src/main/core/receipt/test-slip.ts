import type { Block, ReceiptDocument } from './document.ts';

function text(content: string, style: Partial<Extract<Block, { type: 'text' }>> = {}): Block {
  return { type: 'text', text: content, align: 'left', weight: 'plain', size: 'normal', ...style };
}

const noReceipt = { receiptNumber: 0, copy: false, cash: false, language: 'en' } as const;

/**
 * What a technician prints to see that a printer and its profile fit: edges, letters, weights and a code. For paper of so many
 * columns.
 */
export function testSlip(columns: number): ReceiptDocument {
  const ruler = Array.from({ length: columns }, (_, index) => String((index + 1) % 10)).join('');
  return {
    ...noReceipt,
    blocks: [
      text('TEST SLIP', { align: 'centre', weight: 'bold', size: 'large' }),
      text('This is not a receipt. Nothing was paid.', { align: 'centre' }),
      { type: 'rule' },
      text(ruler),
      { type: 'columns', left: 'Columns', right: String(columns), weight: 'plain' },
      { type: 'columns', left: 'Plain', right: '1 234,56 €', weight: 'plain' },
      { type: 'columns', left: 'Bold', right: '1 234,56 €', weight: 'bold' },
      text('Left'),
      text('Centre', { align: 'centre' }),
      text('Right', { align: 'right' }),
      text('Large 0123', { align: 'centre', size: 'large' }),
      { type: 'rule' },
      text('ĄČĘĖĮŠŲŪŽ ąčęėįšųūž „“ – € £'),
      text('ĀĢĶĻŅ āģķļņ ÄÖÜß äöü ÅÆØ åæø ŁŻ łż ŐŰ őű ȘȚ șț'),
      text('АБВГҐДЕЄЖЗИІЇЙ абвгґдеєжзиіїй ЪЬЮЯ ъьюя'),
      text('ΑΒΓΔΩ αβγδω ΆΈΉΊΌΎΏ άέήίόύώ'),
      { type: 'rule' },
      { type: 'qr', payload: 'https://www.paysera.com/' },
    ],
  };
}

/** Letters in a row, with spaces between them so that each can be told. */
const lettersInRow = 16;

/**
 * All letters that a printer was told to have, page by page. What does not look as it should belongs to a page whose number is not
 * right (docs/printers.md).
 */
export function letterSlip(pages: readonly { readonly name: string; readonly letters: string }[]): ReceiptDocument {
  return {
    ...noReceipt,
    blocks: [
      text('LETTERS', { align: 'centre', weight: 'bold', size: 'large' }),
      text('This is not a receipt. Nothing was paid.', { align: 'centre' }),
      ...pages.flatMap(({ name, letters }) => [
        { type: 'rule' } as const,
        text(name, { weight: 'bold' }),
        ...rowsOf(letters).map((row) => text(row)),
      ]),
    ],
  };
}

function rowsOf(letters: string): readonly string[] {
  const all = Array.from(letters);
  const count = Math.ceil(all.length / lettersInRow);
  return Array.from({ length: count }, (_, row) => all.slice(row * lettersInRow, (row + 1) * lettersInRow).join(' '));
}
