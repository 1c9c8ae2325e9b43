import { parseArgs } from 'node:util';
import { startSandbox } from './server.ts';

const help = `A local server of the POS part of Paysera's Wallet API, with a customer's phone and a receipt printer.

  npm run -s sandbox -- [--port N] [--printer-port N] [--seed N]

  --port N          port of the API and the pages; 0 (the default) takes any free one
  --printer-port N  port of the virtual receipt printer; 0 (the default) takes any free one
  --seed N          the same seed gives the same credentials and keys
  --help            this text

Prints one line of JSON when it is ready, with the addresses and credentials. Listens on this machine only.
Ends on SIGINT and SIGTERM. Everything about it is in docs/sandbox.md.
`;

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} takes a whole number from 0.`);
  return value;
}

async function main(): Promise<void> {
  const options = {
    port: { type: 'string' },
    'printer-port': { type: 'string' },
    seed: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const seed = numberOf(values.seed, 'seed');
  const sandbox = await startSandbox({
    port: numberOf(values.port, 'port') ?? 0,
    printerPort: numberOf(values['printer-port'], 'printer-port') ?? 0,
    ...(seed === undefined ? {} : { seed }),
  });
  const { baseUrl, phoneUrl, controlUrl, locationId, merchant, users, printer } = sandbox;
  const ready = {
    ready: 'sandbox',
    baseUrl,
    phoneUrl,
    controlUrl,
    locationId,
    merchant,
    users: users.map(({ accessToken, macKey, walletId }) => ({ accessToken, macKey, walletId })),
    printer: { host: printer.host, port: printer.port },
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  const end = () => void sandbox.stop().then(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main().catch((error: unknown) => {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)} Try --help.\n`);
  process.exitCode = 64;
});
