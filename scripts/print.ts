import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { createSystemClock } from '../src/main/adapters/clock/system.ts';
import { createReceiptPrinter, createTransport, styleOf } from '../src/main/adapters/printer/create.ts';
import { encode } from '../src/main/adapters/printer/encode.ts';
import { layOut } from '../src/main/adapters/printer/layout.ts';
import { pageTable } from '../src/main/adapters/printer/page-table.ts';
import { usualTransportTimeouts } from '../src/main/adapters/transport/transport.ts';
import { composeReceipt } from '../src/main/core/receipt/compose.ts';
import type { ReceiptDocument, ReceiptFacts } from '../src/main/core/receipt/document.ts';
import { testSlip } from '../src/main/core/receipt/test-slip.ts';
import { isCurrency, money } from '../src/shared/money.ts';
import { languages } from '../src/shared/snapshot.ts';
import { readWanted, UsageError, type Wanted } from './print-options.ts';

const help = `Prints on the receipt printer what is no payment. The terminal must not be running on the same printer.

  npm run -s print -- test [WHERE]
      The test slip: edges, letters, weights and a code. Shows whether printer and profile fit each other.
  npm run -s print -- receipt FILE [WHERE]
      A receipt from JSON, marked as a copy, whatever it says (docs/printers.md has an example).
  npm run -s print -- codepages [--from N] [--to N] [WHERE]
      A table of the printer's code pages by their numbers, 0 to 95 unless told (about 40 cm of paper). Numbers that differ from
      the profile's go into the configuration as printer.codePages.

WHERE, when it is not the printer of /etc/spot-terminal/config.json:
  --config FILE                 that of another configuration
  --tcp HOST[:PORT]             a printer on the network (9100)
  --device PATH                 a printer on USB, like /dev/usb/lp0
  --serial PATH [--baud N]      a printer on a serial port (115200 bits/s)
  --profile NAME                a file of resources/printers (epson)
  --bytes FILE                  writes the bytes to a file instead of printing

Ends with 0 when it was printed, with 1 when not or in doubt, with 2 when it was asked wrongly.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

const factsSchema = z.strictObject({
  number: z.int().min(0),
  terminal: z.string(),
  merchant: z.array(z.string()),
  billNumber: z.string(),
  lines: z.array(z.strictObject({ title: z.string(), quantity: z.number().optional(), total: z.int() })),
  total: z.strictObject({
    amount: z.int().min(0),
    currency: z.string().refine(isCurrency, 'There is no such currency.'),
  }),
  how: z.enum(['wallet', 'cash', 'card']),
  transactionKey: z.string().optional(),
  paidAt: z.int(),
  language: z.enum(languages),
  timeZone: z.string(),
});

/** @throws UsageError that says what is wrong with the file */
function receiptFrom(path: string | undefined): ReceiptDocument {
  if (path === undefined) throw new UsageError('Give the path of a receipt in JSON.');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { success, data, error } = factsSchema.safeParse(content);
  if (!success) throw new UsageError(`${path} is no receipt. ${z.prettifyError(error)}`);
  const { lines, total, transactionKey, ...rest } = data;
  const facts: ReceiptFacts = {
    ...rest,
    lines: lines.map(({ quantity, ...line }) => ({ ...line, ...(quantity !== undefined && { quantity }) })),
    total: money(total.amount, total.currency),
    ...(transactionKey !== undefined && { transactionKey }),
  };
  return composeReceipt(facts, { copy: true });
}

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

async function printDocument(document: ReceiptDocument, { printer, to }: Wanted): Promise<number> {
  if (to !== undefined) return write(to, encode(layOut(document, styleOf(printer), { kind: 'bytes' })));
  const device = createReceiptPrinter(printer, { clock: createSystemClock(), log });
  try {
    const outcome = await device.print(document, AbortSignal.timeout(120_000));
    if (outcome.outcome === 'printed') say(`Printed (${proofs[outcome.proof]}).`);
    else
      say(
        `${outcome.outcome === 'failed' ? 'Not printed' : 'Perhaps printed, perhaps not'}: ${outcome.problem.message}`,
      );
    return outcome.outcome === 'printed' ? 0 : 1;
  } finally {
    await device.stop();
  }
}

const proofs = {
  process_id: 'the printer said that this very paper is out',
  status: 'the printer answered after its cut',
  bytes: 'the printer took all of it; it cannot say more',
} as const;

async function printTable({ printer, from, upTo, to }: Wanted): Promise<number> {
  if (upTo < from) throw new UsageError('--to is less than --from.');
  const { profile } = styleOf(printer);
  const bytes = encode([
    { type: 'initialise', multiByteOff: profile.multiByteOff },
    ...pageTable(profile.columns, { from, to: upTo }),
    { type: 'cut', cutter: profile.cutter },
  ]);
  if (to !== undefined) return write(to, bytes);
  if (printer.connection.type === 'none') throw new UsageError('No printer is configured. Name one, see --help.');
  const clock = createSystemClock();
  const timeouts = { ...usualTransportTimeouts, connectMs: printer.connectTimeoutMs };
  const signal = AbortSignal.timeout(120_000);
  const line = await createTransport(printer.connection, { clock, timeouts }).open(signal);
  try {
    line.onData(quiet);
    await line.write(bytes, { milliseconds: printer.jobTimeoutMs, signal });
    say('Sent. Look for the lines in which the letters can be read.');
    return 0;
  } finally {
    await line.close();
  }
}

function write(path: string, bytes: Uint8Array): number {
  writeFileSync(path, bytes);
  say(`${bytes.length} bytes are in ${path}.`);
  return 0;
}

async function main(): Promise<number> {
  const wanted = readWanted(process.argv.slice(2));
  if (wanted === 'help') {
    process.stdout.write(help);
    return process.argv.length > 2 ? 0 : 2;
  }
  const [command, file] = wanted.words;
  switch (command) {
    case 'test':
      return printDocument(testSlip(styleOf(wanted.printer).profile.columns), wanted);
    case 'receipt':
      return printDocument(receiptFrom(file), wanted);
    default:
      return printTable(wanted);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(`print: ${error instanceof Error ? error.message : String(error)}\n`);
  if (usage) process.stderr.write('See npm run -s print -- --help\n');
  process.exitCode = usage ? 2 : 1;
}
