import { parseArgs } from 'node:util';
import { hashPin } from '../src/main/adapters/pin/pin.ts';
import { fewestDigits, mostDigits, roles, type Role } from '../src/shared/roles.ts';
import { askSecret } from './secret.ts';

const help = `Makes the hash of a PIN for the configuration.

  npm run -s pin                          staff.pinHash: 4 to 12 digits
  npm run -s pin -- --role manager        staff.managerPinHash: 6 to 12 digits
  npm run -s pin -- --role technician     staff.technicianPinHash: 6 to 12 digits

Asks for the PIN without showing it, or reads it from standard input. Only the hash is printed; the PIN is kept nowhere.
`;

/** How a shell names what Ctrl-C ended. */
const exitInterrupted = 130;

function isRole(name: string): name is Role {
  return roles.some((role) => role === name);
}

async function main(): Promise<void> {
  const options = { role: { type: 'string', default: 'staff' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const { role } = values;
  if (!isRole(role)) throw new Error(`There is no role ${role}: it is ${roles.join(', ')}. Try --help.`);
  const pin = await askSecret('PIN');
  if (pin === undefined) {
    process.exitCode = exitInterrupted;
    return;
  }
  const fewest = fewestDigits[role];
  if (!/^\d+$/.test(pin) || pin.length < fewest || pin.length > mostDigits) {
    throw new Error(`A PIN of ${role} has ${fewest} to ${mostDigits} digits. Nothing was made; try again.`);
  }
  process.stdout.write(`${await hashPin(pin)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`pin: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
