import { cpus, totalmem } from 'node:os';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../../scripts/build-if-stale.ts';
import type { SandboxReady } from '../../scripts/sandbox-configuration.ts';
import { run } from '../flows/process.ts';
import { measureDisplays } from './displays.ts';
import { row, tableOf, type Row } from './figures.ts';
import { measureFirstByteAtPrinter, measureReceiptBytes } from './printer.ts';
import { measureFirstQr, measureReservedToPaid, openBrowser } from './screens.ts';
import { measureSignaturesPerSecond } from './signatures.ts';

const help = `Measures what users feel and prints a table with medians.

  npm run bench [-- --payments N] [--runs N]

  --payments N  payments before the memory is looked at (1000)
  --runs N      runs of the measures on screen (10)
`;

/** As the headless terminal is started (package.json). */
const memoryFlags = ['--max-semi-space-size=4', '--max-old-space-size=192'];

/** Megabytes of main after many payments: once, since it takes a while. */
async function memoryAfter(payments: number): Promise<{ millionBytes: number; seconds: number }> {
  const sandbox = await run<SandboxReady>('sandbox/main.ts', ['--seed', '11']);
  await fetch(new URL('/control/printer', sandbox.ready.controlUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ speed: 'instant' }),
  });
  const args = [
    ...memoryFlags,
    '--expose-gc',
    'test/bench/payments.ts',
    JSON.stringify(sandbox.ready),
    String(payments),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  await once(child, 'close');
  await sandbox.stop();
  return JSON.parse(out) as { millionBytes: number; seconds: number };
}

/** A measure that gives a median itself, taken five times. */
async function several(measure: () => number | Promise<number>): Promise<number[]> {
  const figures: number[] = [];
  for (let count = 0; count < 5; count += 1) figures.push(await measure());
  return figures;
}

async function main(): Promise<void> {
  const options = {
    payments: { type: 'string' },
    runs: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const runs = Number(values.runs ?? 10);
  const payments = Number(values.payments ?? 1000);
  await buildIfStale();
  const rows: Row[] = [];
  const browser = await openBrowser();
  rows.push(
    row('start to first QR on screen, network black-holed', '1,500 ms', await measureFirstQr(browser, runs), {
      unit: 'ms',
    }),
  );
  rows.push(row('reserved to paid on screen', '2,000 ms', await measureReservedToPaid(browser, runs), { unit: 'ms' }));
  await browser.close();
  rows.push(
    row('confirmed to first byte at the printer', '150 ms', await measureFirstByteAtPrinter({ count: 250 }), {
      unit: 'ms',
      digits: 1,
    }),
  );
  rows.push(row('signatures a second', '50,000 /s', await several(() => measureSignaturesPerSecond()), { unit: '/s' }));
  for (const { what, figures } of await measureDisplays(runs * 3)) rows.push(row(what, '-', figures, { unit: 'ms' }));
  const { millionBytes, seconds } = await memoryAfter(payments);
  rows.push(
    row(`resident memory of main after ${payments} payments (${seconds.toFixed(0)} s)`, '150 MB', [millionBytes], {
      unit: 'MB',
      digits: 1,
    }),
  );
  const [cpu] = cpus();
  process.stdout.write(
    `Node ${process.version}, ${cpus().length} cores (${cpu?.model ?? '?'}), ${(totalmem() / 1e9).toFixed(0)} GB\n\n`,
  );
  process.stdout.write(`${tableOf(rows)}\n`);
  process.stdout.write('\nBytes of a receipt: with five lines in Lithuanian; with twelve in twelve languages.\n');
  for (const { profile, lithuanian, manyLanguages } of measureReceiptBytes()) {
    process.stdout.write(
      `${profile.padEnd(12)}${String(lithuanian).padStart(7)}${String(manyLanguages).padStart(8)}\n`,
    );
  }
}

await main();
