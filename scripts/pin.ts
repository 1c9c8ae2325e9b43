import { hashPin } from '../src/main/adapters/pin/pin.ts';
import { askSecret } from './secret.ts';

const help = `Makes the hash of a staff PIN for the configuration (staff.pinHash).

  npm run -s pin            asks for the PIN without showing it
  echo 123456 | npm run -s pin

A PIN has 4 to 12 digits. Only the hash is printed; the PIN is kept nowhere.
`;

/** How a shell names what Ctrl-C ended. */
const exitInterrupted = 130;

async function main(): Promise<void> {
  if (process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) {
    process.stdout.write(help);
    return;
  }
  const pin = await askSecret('PIN');
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
