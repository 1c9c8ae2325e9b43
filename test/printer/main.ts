import { parseArgs } from 'node:util';
import { transports } from './lane.ts';
import { torture } from './torture.ts';

const help = `Prints receipts on virtual printers, each with a fault in its middle: the paper ends, the cover opens, the printer stalls,
loses its power, resets or ends its connection, forgets it, or answers with garbage. In real time, over real sockets and
pseudo-terminals, with the terminal's own driver and its own decisions about what is printed again.

  npm run -s printer:torture -- [--receipts N] [--seed N] [--transport NAME] [--lanes N]

  --receipts N      how many (1000)
  --seed N          the same seed gives the same faults at the same places (1)
  --transport NAME  ${transports.join(', ')} (tcp); lp is a device file
  --lanes N         printers at once (8; on lp 3, for each connection is a process there)

Fails when a receipt is called printed that is not on paper, when one is on paper twice without a mark, when a promise
waits 10 s beyond its deadline, or when printing takes more than 3 s to resume after a fault.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      receipts: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '1' },
      transport: { type: 'string', default: 'tcp' },
      lanes: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const transport = transports.find((name) => name === values.transport);
  if (!transport) throw new Error(`--transport takes ${transports.join(', ')}.`);
  const startedAt = performance.now();
  const { rows, violations, longestOverrun, longestCheck } = await torture({
    receipts: Number(values.receipts),
    seed: Number(values.seed),
    transport,
    lanes: Number(values.lanes ?? (transport === 'lp' ? 3 : 8)),
  });
  process.stdout.write(table(rows));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(
    `longest beyond its deadline ${Math.round(longestOverrun)} ms, longest check ${Math.round(longestCheck)} ms, ${seconds} s in all, ${violations.length} violations\n`,
  );
  for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
  if (violations.length > 0) process.exitCode = 1;
}

function table(rows: readonly object[]): string {
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row).map(String))];
  const width = (column: number): number => Math.max(...lines.map((line) => line[column]?.length ?? 0));
  return lines.map((line) => `${line.map((cell, column) => cell.padStart(width(column))).join('  ')}\n`).join('');
}

await main();
