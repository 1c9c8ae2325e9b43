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

/** How a shell names what Ctrl-C ended. */
const exitInterrupted = 130;

/** One line; empty when the input ends without one, undefined when the person broke off. */
async function readLine(lines: Interface): Promise<string | undefined> {
  const line = once(lines, 'line').then(([text]) => String(text).trim());
  const ended = once(lines, 'close').then(() => '');
  const broken = once(lines, 'SIGINT').then(() => undefined);
  return Promise.race([line, ended, broken]);
}

async function main(): Promise<void> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(help);
    return;
  }
  const interactive = process.stdin.isTTY;
  const lines = createInterface({ input: process.stdin, output: silence, terminal: interactive });
  // Only now: what is typed before the terminal's echo is off would be seen.
  if (interactive) process.stderr.write('PIN (not shown): ');
  const pin = await readLine(lines);
  lines.close();
  if (interactive) process.stderr.write('\n');
  if (pin === undefined) {
    process.exitCode = exitInterrupted;
    return;
  }
  if (!/^\d{4,12}$/.test(pin)) throw new Error('A PIN has 4 to 12 digits. Nothing was made; try again.');
  process.stdout.write(`${await hashPin(pin)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`pin: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
