import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newPin } from '../src/main/adapters/pin/new.ts';
import { hashPin } from '../src/main/adapters/pin/pin.ts';
import { codeOf } from '../src/main/adapters/setup/code.ts';
import { SetupError } from '../src/main/adapters/setup/error.ts';
import { fingerprintOf, readSigner, sealSetup } from '../src/main/adapters/setup/seal.ts';
import { ConfigurationError, parseConfiguration } from '../src/main/config.ts';
import { newPassphrase } from './provision/passphrase.ts';
import { ListError, nameOf, terminalsOf, type Settings, type Wanted } from './provision/terminals.ts';
import { askSecret } from './secret.ts';

const help = `Makes set-up files for terminals: signed, and encrypted with a passphrase (docs/setup.md).

  npm run -s provision -- key --out FILE
      Makes a signing key, once for all your terminals. Keep it where only you can read it.
  npm run -s provision -- one --configuration FILE --mac-key FILE --signer FILE --out FILE
      A set-up file for one terminal.
  npm run -s provision -- list --csv FILE --configuration FILE --mac-key FILE --signer FILE --out FOLDER
      One for each line of a list; the configuration is the template, the list has what differs.

  --configuration FILE  a configuration (docs/configuration.md) without the section "key"
  --mac-key FILE        the MAC key of Paysera, in a file that only you can read
  --signer FILE         the signing key
  --csv FILE            first line: settings by their paths, like terminal.name,spot.locationId,spot.identifier,spot.name
  --code                prints the set-up code too, for pasting or for a QR code
  --new-passphrase      makes a passphrase and prints it, instead of asking for one
  --technician-pin      asks for the technician's PIN too, instead of making one and printing it; there is one for all terminals of a run,
                        unless the configuration has staff.technicianPinHash
  --help                this text

The passphrase is asked for without showing it, or read from the standard input. It never stands on the command line.
Ends with 0 when all are made, with 1 when not, with 2 when it was asked wrongly.
`;

const options = {
  configuration: { type: 'string' },
  'mac-key': { type: 'string' },
  signer: { type: 'string' },
  csv: { type: 'string' },
  out: { type: 'string' },
  code: { type: 'boolean', default: false },
  'new-passphrase': { type: 'boolean', default: false },
  'technician-pin': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;
type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** What was asked for does not make sense; the message says what to do. */
class UsageError extends Error {}
/** Fewer letters are guessed too soon. */
const shortestPassphrase = 12;
const exitInterrupted = 130;

const say = (text: string) => process.stdout.write(`${text}\n`);

function needed(values: Values, name: 'configuration' | 'mac-key' | 'signer' | 'csv' | 'out'): string {
  const value = values[name];
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  return value;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The text of a file that nobody else may read. */
function readPrivate(path: string): string {
  const text = read(path);
  if ((statSync(path).mode & 0o077) !== 0) throw new UsageError(`Others can read ${path}. Run chmod 600 on it.`);
  return text;
}

function makeKey(values: Values): number {
  const out = needed(values, 'out');
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  // Never over another one: set-up files made with it could not be told from a stranger's any more.
  writeFileSync(out, pem, { mode: 0o600, flag: 'wx' });
  say(`The signing key is in ${out}. Keep a copy in a safe place.`);
  return 0;
}

function templateOf(values: Values): Settings {
  const path = needed(values, 'configuration');
  let value: unknown;
  try {
    value = JSON.parse(read(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} is not JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${path} is no configuration.`);
  if ('key' in value) throw new UsageError(`Take the section "key" out of ${path}: the set-up file brings the key.`);
  return value as Settings;
}

/** Each configuration is checked as the terminal will, before anything is made. */
function checked(terminals: readonly Wanted[]): readonly Wanted[] {
  for (const { name, configuration } of terminals) {
    parseConfiguration(JSON.stringify({ ...configuration, key: { file: 'mac-key' } }), `of ${name}`);
  }
  return terminals;
}

async function passphraseFrom(values: Values): Promise<string | undefined> {
  if (values['new-passphrase']) {
    const made = newPassphrase();
    say(`Passphrase: ${made}`);
    return made;
  }
  const given = await askSecret('Passphrase');
  if (given !== undefined && given.length < shortestPassphrase) {
    throw new UsageError(`A passphrase has at least ${shortestPassphrase} letters. Nothing was made.`);
  }
  return given;
}

/** The terminals, each with a technician's PIN; one that was made is printed, since nobody could find it out later. */
async function withTechnician(terminals: readonly Wanted[], values: Values): Promise<readonly Wanted[] | undefined> {
  if (terminals.every(({ configuration }) => hashOf(configuration) !== undefined)) return terminals;
  const pin = values['technician-pin'] ? await askSecret("Technician's PIN") : newPin();
  if (pin === undefined) return undefined;
  if (!/^\d{6,12}$/.test(pin)) throw new UsageError("A technician's PIN has 6 to 12 digits. Nothing was made.");
  if (!values['technician-pin']) say(`Technician's PIN: ${pin}`);
  const technicianPinHash = await hashPin(pin);
  return terminals.map(({ name, configuration }) => ({
    name,
    configuration: hashOf(configuration) === undefined ? withHash(configuration, technicianPinHash) : configuration,
  }));
}

function hashOf({ staff }: Settings): unknown {
  return (staff as Settings | undefined)?.['technicianPinHash'];
}

function withHash(configuration: Settings, technicianPinHash: string): Settings {
  return { ...configuration, staff: { ...(configuration['staff'] as Settings | undefined), technicianPinHash } };
}

async function make(terminals: readonly Wanted[], values: Values, pathOf: (wanted: Wanted) => string): Promise<number> {
  const macKey = readPrivate(needed(values, 'mac-key')).trim();
  const signer = readSigner(readPrivate(needed(values, 'signer')));
  const passphrase = await passphraseFrom(values);
  if (passphrase === undefined) return exitInterrupted;
  const ready = await withTechnician(terminals, values);
  if (!ready) return exitInterrupted;
  for (const wanted of ready) {
    const { name, configuration } = wanted;
    const file = await sealSetup({ configuration, macKey }, { passphrase, signer, label: name, at: Date.now() });
    const path = pathOf(wanted);
    writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
    say(`${name}: ${path}`);
    if (values.code) say(codeOf(file));
    if (wanted === ready.at(-1)) say(`Signed by ${fingerprintOf(file.signer)}`);
  }
  return 0;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(help);
    return values.help ? 0 : 2;
  }
  if (command === 'key') return makeKey(values);
  if (command === 'one') {
    const configuration = templateOf(values);
    const out = needed(values, 'out');
    return make(checked([{ name: nameOf(configuration, 'the configuration'), configuration }]), values, () => out);
  }
  if (command !== 'list') throw new UsageError(`There is no command ${command}.`);
  const folder = needed(values, 'out');
  const terminals = checked(terminalsOf(read(needed(values, 'csv')), templateOf(values)));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return make(terminals, values, ({ name }) => join(folder, `${name.replaceAll(' ', '-')}.setup.json`));
}

try {
  process.exitCode = await main();
} catch (error) {
  const usage = error instanceof UsageError || error instanceof ListError || error instanceof TypeError;
  const known = usage || error instanceof ConfigurationError || error instanceof SetupError;
  process.stderr.write(
    `provision: ${error instanceof Error ? (known ? error.message : String(error)) : String(error)}\n`,
  );
  if (usage) process.stderr.write('See npm run -s provision -- --help\n');
  process.exitCode = usage ? 2 : 1;
}
