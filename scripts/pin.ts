import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { hashPin } from '../src/main/adapters/pin/pin.ts';

const help = `Makes the hash of a staff PIN for the configuration (staff.pinHash).

  npm run -s pin            asks for the PIN without showing it
  echo 123456 | npm run -s pin

A PIN has 4 to 12 digits. Only the hash is printed; the PIN is kept nowhere.
`;

/** What a person types goes nowhere. */
const silence = new Writable({
  write: (_chunk, _encoding, done) => {
    done();
  },
});

async function readLine(lines: Interface): Promise<string> {
  const [line] = (await Promise.race([once(lines, 'line'), once(lines, 'close').then(() => [''])])) as [string];
  return line.trim();
}

async function main(): Promise<void> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(help);
    return;
  }
  const interactive = process.stdin.isTTY;
  if (interactive) process.stderr.write('PIN (not shown): ');
  const lines = createInterface({ input: process.stdin, output: silence, terminal: interactive });
  const pin = await readLine(lines);
  lines.close();
  if (interactive) process.stderr.write('\n');
  if (!/^\d{4,12}$/.test(pin)) throw new Error('A PIN has 4 to 12 digits. Nothing was made; try again.');
  process.stdout.write(`${await hashPin(pin)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`pin: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
