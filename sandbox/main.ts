import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CallbackKey } from './callbacks-key.ts';
import { kinds } from './devices/kinds.ts';
import type { DisplayWish } from './displays.ts';
import { SandboxStartError, startSandbox, type SandboxOptions } from './server.ts';

const help = `A local server of the POS part of Paysera's Wallet API, with a customer's phone and a receipt printer.

  npm run -s sandbox -- [--port N] [--printer-port N] [--seed N] [--callback-key FILE] [--callbacks-anywhere]
                     [--display KIND[=PATH]]...

  --port N          port of the API and the pages; 0 (the default) takes any free one
  --printer-port N  port of the virtual receipt printer; 0 (the default) takes any free one
  --seed N          the same seed gives the same credentials and keys; without it they are random
  --callback-key F  private RSA key (PEM) that callbacks are signed with; without it one is made
  --callbacks-anywhere
                    lets callbacks go to any address; without it they stay on this machine
  --display K[=P]   plays a QR display too (${Object.keys(kinds).join(', ')}), at a pseudo-terminal P
                    (needs socat) or, without P, at any free port; again for one more
  --help            this text

Prints one line of JSON when it is ready, with the addresses and credentials. Listens on this machine only.
Ends on SIGINT and SIGTERM. Everything about it is in docs/sandbox.md.

Exit codes: 0 ended as asked, 64 wrong options, 69 a port cannot be had, 70 a fault of its own.
`;

const exitUsage = 64;
const exitUnavailable = 69;
const exitSoftware = 70;
const largestPort = 65_535;

/** The options are wrong; the message says what is right. */
class UsageError extends Error {}

function numberOf(text: string | undefined, name: string, largest: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text) || Number(text) > largest) {
    throw new UsageError(`--${name} takes a whole number from 0 to ${String(largest)}.`);
  }
  return Number(text);
}

/** What the command line asks for. @throws UsageError */
function readOptions(): SandboxOptions | 'help' {
  const options = {
    port: { type: 'string' },
    'printer-port': { type: 'string' },
    seed: { type: 'string' },
    'callback-key': { type: 'string' },
    'callbacks-anywhere': { type: 'boolean' },
    display: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let values;
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return 'help';
  const seed = numberOf(values.seed, 'seed', 2 ** 32 - 1);
  return {
    port: numberOf(values.port, 'port', largestPort) ?? 0,
    printerPort: numberOf(values['printer-port'], 'printer-port', largestPort) ?? 0,
    ...(seed === undefined ? {} : { seed }),
    displays: (values.display ?? []).map(displayFrom),
    callbacks: {
      anywhere: values['callbacks-anywhere'] ?? false,
      ...privateKeyFrom(values['callback-key']),
    },
  };
}

/** `nextion` or `nextion=./panel.pty`. @throws UsageError */
function displayFrom(text: string): DisplayWish {
  const at = text.indexOf('=');
  const kind = at < 0 ? text : text.slice(0, at);
  if (!(kind in kinds)) throw new UsageError(`--display takes ${Object.keys(kinds).join(', ')}.`);
  return at < 0 ? { kind } : { kind, link: text.slice(at + 1) };
}

/** The private key in that file; checked here, so that a wrong one is a wrong option. @throws UsageError */
function privateKeyFrom(file: string | undefined): { privateKey?: string } {
  if (file === undefined) return {};
  try {
    const privateKey = readFileSync(file, 'utf8');
    new CallbackKey(privateKey);
    return { privateKey };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--callback-key takes a file with a private RSA key in PEM. ${reason}`);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    process.stdout.write(help);
    return;
  }
  const sandbox = await startSandbox(options);
  const { baseUrl, phoneUrl, controlUrl, locationId, merchant, users, printer, displays } = sandbox;
  const end = () => {
    void sandbox.stop().then(() => process.exit(0), fail);
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const ready = {
    ready: 'sandbox',
    baseUrl,
    phoneUrl,
    controlUrl,
    locationId,
    merchant,
    users: users.map(({ accessToken, macKey, walletId }) => ({ accessToken, macKey, walletId })),
    printer: { host: printer.host, port: printer.port },
    displays: displays.map((display) => display.state()).map(({ kind, address }) => ({ kind, address })),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`sandbox: ${message}${error instanceof UsageError ? ' Try --help.' : ''}\n`);
  if (error instanceof UsageError) process.exit(exitUsage);
  process.exit(error instanceof SandboxStartError ? exitUnavailable : exitSoftware);
}

main().catch(fail);
