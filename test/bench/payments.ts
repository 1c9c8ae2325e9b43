import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSystemClock } from '../../src/main/adapters/clock/system.ts';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { createLog } from '../../src/main/adapters/log/pino.ts';
import { createReceiptPrinter } from '../../src/main/adapters/printer/create.ts';
import { createMerchantClient } from '../../src/main/adapters/wallet/merchant.ts';
import { parseConfiguration } from '../../src/main/config.ts';
import { settingsOf, shownOf } from '../../src/main/settings.ts';
import { startTerminal } from '../../src/main/terminal/terminal.ts';

/**
 * A process of its own that makes payments with the whole of main but its servers, and prints one line of JSON:
 * `{"payments","millionBytes","seconds"}`. The request budget is lifted: a thousand payments would take a day within it.
 */
interface Sandbox {
  readonly baseUrl: string;
  readonly controlUrl: string;
  readonly merchant: { readonly macId: string; readonly macKey: string };
  readonly printer: { readonly host: string; readonly port: number };
}

const [sandboxText = '{}', countText = '1000'] = process.argv.slice(2);
const sandbox = JSON.parse(sandboxText) as Sandbox;
const count = Number(countText);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const configuration = parseConfiguration(
  JSON.stringify({
    terminal: { name: 'T1' },
    merchant: { lines: ['Bench'] },
    api: { root: sandbox.baseUrl, macId: sandbox.merchant.macId },
    spot: { locationId: 3, identifier: 'TABLE1', place: 'Bench', name: 'Table 1' },
    printer: { connection: { type: 'tcp', ...sandbox.printer } },
    payment: { closeAfterMs: 0, paidScreenMs: 1000 },
  }),
  'bench',
);
const clock = createSystemClock();
const log = createLog({ level: 'silent' });
const journal = openJournal(join(folder, 'journal.db'));
const wallet = createMerchantClient({
  root: new URL(sandbox.baseUrl),
  macId: sandbox.merchant.macId,
  macKey: () => sandbox.merchant.macKey,
  clock,
  randomBytes,
  log,
});
const printer = createReceiptPrinter(configuration.printer, { clock, log });
const terminal = startTerminal({
  settings: settingsOf(configuration),
  shown: shownOf(configuration, 'bench'),
  language: 'en',
  cadence: {
    idleEveryMs: 100,
    waitingEveryMs: 100,
    offeredEveryMs: 100,
    offeredOldEveryMs: 100,
    freshForMs: 60_000,
    shopClosedEveryMs: 70_000,
    openingHours: [],
  },
  limits: { perMinute: 1_000_000, perHour: 10_000_000 },
  lockAfterMs: 60_000,
  wallet,
  printer,
  journal,
  clock,
  machineOffsetMs: () => 0,
  log,
  random: Math.random,
  newBillId: () => `bill_${randomBytes(10).toString('hex')}`,
  roleOf: undefined,
});

async function phone(
  path: string,
  body: object,
): Promise<{ spot: { orders: { status: string; transactionKey: string }[] } }> {
  const answer = await fetch(new URL(`/phone/api/${path}`, sandbox.controlUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await answer.json()) as { spot: { orders: { status: string; transactionKey: string }[] } };
}

function told(type: string, billId?: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = terminal.onNotice((notice) => {
      if (notice.type !== type || (billId !== undefined && notice.data.bill?.id !== billId)) return;
      stop();
      resolve();
    });
  });
}

async function pay(number: number): Promise<void> {
  // The customer is there first: while nobody is, a bill is looked at less often, and the bench would take an hour.
  const here = told('spot.waiting');
  await phone('check-in', { user: 0, code: 'PAYSERA*3:TABLE1' });
  await here;
  const draft = { number: `B${number}`, lines: [{ title: 'Coffee', total: 1 }], total: 1, currency: 'EUR' as const };
  const answer = await terminal.submit({ type: 'create', draft, idempotency: { key: `k${number}`, bodyHash: 'h' } });
  if (!answer.ok || answer.billId === undefined) throw new Error(JSON.stringify(answer));
  const { billId } = answer;
  if (terminal.bill(billId)?.status !== 'offered') await told('bill.offered', billId);
  const { spot } = await phone('check-in', { user: 0, code: 'PAYSERA*3:TABLE1' });
  const order = spot.orders.find(({ status }) => status === 'pending');
  const printed = told('receipt.printed');
  const closed = told('spot.closed');
  await phone('pay', { user: 0, transactionKey: order?.transactionKey });
  await Promise.all([printed, closed]);
}

const begun = performance.now();
for (let number = 0; number < count; number += 1) await pay(number);
globalThis.gc?.();
const line = {
  payments: count,
  millionBytes: process.memoryUsage().rss / 1e6,
  seconds: (performance.now() - begun) / 1000,
};
process.stdout.write(`${JSON.stringify(line)}\n`);
await terminal.stop();
await printer.stop();
await wallet.stop();
journal.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
