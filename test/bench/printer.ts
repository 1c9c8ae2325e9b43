import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { kinds } from '../../scripts/receipt-kinds.ts';
import { createSystemClock } from '../../src/main/adapters/clock/system.ts';
import { createReceiptPrinter, styleOf } from '../../src/main/adapters/printer/create.ts';
import { encode } from '../../src/main/adapters/printer/encode.ts';
import { layOut } from '../../src/main/adapters/printer/layout.ts';
import { composeReceipt } from '../../src/main/core/receipt/compose.ts';
import type { ReceiptDocument, ReceiptFacts } from '../../src/main/core/receipt/document.ts';
import type { PrinterPort } from '../../src/main/ports/printer.ts';
import { money } from '../../src/shared/money.ts';

interface FirstByteBench {
  /** How many receipts, after one to warm up. */
  readonly count?: number;
  /** Lines on each. */
  readonly lines?: number;
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const initialise = 0x1b;
/** What a printer answers at once (hardware.md 6): how it is, and that everything before the question is on paper. */
const questions = [
  { asks: Buffer.of(0x10, 0x04), length: 3, answer: () => Buffer.of(0x12) },
  {
    asks: Buffer.of(0x1d, 0x28, 0x48),
    length: 11,
    answer: (question: Buffer) => Buffer.concat([Buffer.of(0x37, 0x22), question.subarray(-4), Buffer.of(0)]),
  },
];

/**
 * Milliseconds from a confirmed payment's facts to the first byte of its receipt at a TCP printer, for each receipt: composing the document,
 * asking the printer twice whether it can print (before the receipt is journaled as being sent, and before it is
 * sent), laying it out, and the way through the sockets. The printer answers at once, and the connection is kept.
 */
export async function measureFirstByteAtPrinter({ count = 50, lines = 30 }: FirstByteBench = {}): Promise<number[]> {
  let firstByteAt = 0;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    let unread = Buffer.alloc(0);
    socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === initialise) firstByteAt = performance.now();
      unread = Buffer.concat([unread, bytes]);
      for (;;) {
        const question = questions.find(({ asks }) => unread.includes(asks));
        const at = question ? unread.indexOf(question.asks) : -1;
        if (!question || unread.length < at + question.length) return;
        socket.write(question.answer(unread.subarray(at, at + question.length)));
        unread = unread.subarray(at + question.length);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const printer = createReceiptPrinter(
    {
      connection: { type: 'tcp', host: '127.0.0.1', port },
      profile: 'epson',
      connectTimeoutMs: 2_000,
      jobTimeoutMs: 30_000,
    },
    { clock: createSystemClock(), log: quiet },
  );
  const results: number[] = [];
  for (let index = 0; index <= count; index += 1) {
    const startedAt = performance.now();
    await printOne(printer, factsOf(lines, index + 1));
    if (index > 0) results.push(firstByteAt - startedAt);
  }
  await printer.stop();
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  return results;
}

/** Bytes of a receipt on the printers of a profile. */
export interface ReceiptBytes {
  readonly profile: string;
  readonly lithuanian: number;
  /** With a name in each of twelve languages: what the printer lacks is drawn. */
  readonly manyLanguages: number;
}

/** What the same two receipts come to on every kind of printer, in bytes. */
export function measureReceiptBytes(): readonly ReceiptBytes[] {
  const several = kinds.find(({ name }) => name === 'languages')?.documents[0];
  if (!several) throw new Error('There is no receipt in several languages any more.');
  const ordinary = composeReceipt(factsOf(5, 1), { copy: false });
  return profileNames().map((profile) => {
    const style = styleOf({ profile });
    const bytesOf = (document: ReceiptDocument) => encode(layOut(document, style, { kind: 'bytes' })).length;
    return { profile, lithuanian: bytesOf(ordinary), manyLanguages: bytesOf(several) };
  });
}

function profileNames(): readonly string[] {
  return readdirSync(new URL('../../resources/printers', import.meta.url)).map((file) => basename(file, '.json'));
}

async function printOne(printer: PrinterPort, facts: ReceiptFacts): Promise<void> {
  const { signal } = new AbortController();
  const check = await printer.check(signal);
  if (!check.ready) throw new Error(check.problem.message);
  const ended = await printer.print(composeReceipt(facts, { copy: false }), signal);
  if (ended.outcome !== 'printed') throw new Error(ended.problem.message);
}

function factsOf(lines: number, number: number): ReceiptFacts {
  return {
    number,
    terminal: 'Table 1',
    merchant: ['Kavinė „Žąsis“', 'Gedimino pr. 1, Vilnius'],
    billNumber: `2026-${number}`,
    lines: Array.from({ length: lines }, (_, index) => ({
      title: `Šaltibarščiai ${index}`,
      quantity: 2,
      total: 1_250,
    })),
    total: money(lines * 1_250, 'EUR'),
    how: 'wallet',
    transactionKey: 'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR',
    paidAt: 1_790_000_000_000,
    language: 'lt',
    timeZone: 'Europe/Vilnius',
  };
}
