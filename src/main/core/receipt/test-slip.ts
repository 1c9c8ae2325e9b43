import type { Block, ReceiptDocument } from './document.ts';

/**
 * What a technician prints to see that a printer and its profile fit: edges, letters, weights and a code. For paper of so many
 * columns.
 */
export function testSlip(columns: number): ReceiptDocument {
  const text = (content: string, style: Partial<Extract<Block, { type: 'text' }>> = {}): Block => ({
    type: 'text',
    text: content,
    align: 'left',
    weight: 'plain',
    size: 'normal',
    ...style,
  });
  const ruler = Array.from({ length: columns }, (_, index) => String((index + 1) % 10)).join('');
  return {
    receiptNumber: 0,
    copy: false,
    cash: false,
    language: 'en',
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
