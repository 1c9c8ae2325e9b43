/** Receipts as pictures and text beside what the printer adapter makes a printer print: the same lines, the same dots. */
import { PNG } from 'pngjs';
import { afterEach, describe, expect, it } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createReceiptPrinter } from '../../../../src/main/adapters/printer/create.ts';
import { loadProfile } from '../../../../src/main/adapters/printer/profile.ts';
import { createReceiptPictures } from '../../../../src/main/adapters/receipt-picture/pictures.ts';
import { composeReceipt } from '../../../../src/main/core/receipt/compose.ts';
import type { ReceiptDocument } from '../../../../src/main/core/receipt/document.ts';
import { startPrinter } from '../../../../sandbox/printer/printer.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { facts } from '../../core/receipt/facts.ts';
import { receiptWith } from './documents.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end();
});

/** Prints over TCP on the virtual printer; gives its paper. */
async function print(document: ReceiptDocument, profile: string) {
  const paper = await startPrinter({ host: '127.0.0.1', port: 0, state: { speed: 'instant' } });
  ends.push(() => paper.stop());
  const connection = { type: 'tcp', host: '127.0.0.1', port: paper.port } as const;
  const printer = createReceiptPrinter(
    { connection, profile, connectTimeoutMs: 5_000, jobTimeoutMs: 30_000 },
    { clock: createSystemClock({ unref: true }), log: keepingLog() },
  );
  ends.push(() => printer.stop());
  expect(await printer.print(document, new AbortController().signal)).toMatchObject({ outcome: 'printed' });
  const [receipt] = paper.receipts();
  if (!receipt) throw new Error('Nothing came out of the printer.');
  return { text: receipt.text, png: PNG.sync.read(receipt.png) };
}

const documents: readonly (readonly [string, ReceiptDocument])[] = [
  ['an ordinary receipt', composeReceipt(facts, { copy: false })],
  ['a copy', composeReceipt(facts, { copy: true })],
  [
    'long names',
    receiptWith(['Šimtalapis su aguonomis, pagal senelės receptą, su ledais '.repeat(3), 'ž'.repeat(130)]),
  ],
  ['a large total', receiptWith(Array.from({ length: 30 }, (_, index) => `Patiekalas ${index + 1}`))],
];

describe.each(['epson', 'epson-42'])('on the paper of a printer like %s', (profile) => {
  it.each(documents)('%s has the same lines', async (_what, document) => {
    const { columns } = loadProfile(profile);
    const { text } = await print(document, profile);
    const written = await createReceiptPictures({ columns, folder: '/nowhere' }).write(document, 'txt');
    const lines = (of: string): readonly string[] =>
      of.split('\n').flatMap((line) => (line.trim() === '' || line.trim().startsWith('PAYSERA%') ? [] : [line.trim()]));
    expect(lines(Buffer.from(written).toString('utf8'))).toEqual(lines(text));
  });
});

it('the picture is the printer’s paper, dot by dot', async () => {
  // Without a code: a printer chooses the mask of its QR codes itself.
  const document = composeReceipt({ ...facts, how: 'cash' }, { copy: true });
  const { png: printed } = await print(document, 'epson');
  const file = await createReceiptPictures({ columns: 48, folder: '/nowhere' }).draw(document);
  const drawn = PNG.sync.read(Buffer.from(file));
  expect(drawn.width).toBe(printed.width);
  const height = Math.min(drawn.height, printed.height);
  const dark = (image: PNG, dot: number): boolean => (image.data[dot * 4] ?? 255) < 128;
  let [ink, different] = [0, 0];
  for (let dot = 0; dot < drawn.width * height; dot += 1) {
    if (dark(printed, dot)) ink += 1;
    if (dark(printed, dot) !== dark(drawn, dot)) different += 1;
  }
  expect(ink).toBeGreaterThan(10_000);
  // What stands out of a letter's cell is cut by the virtual printer.
  expect(different / ink).toBeLessThan(0.005);
});
