import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { keyFromFile, keyFromHost } from './adapters/callbacks/keys.ts';
import { startCallbackListener } from './adapters/callbacks/server.ts';
import { createSystemClock, type SystemClock } from './adapters/clock/system.ts';
import { openJournal } from './adapters/journal/journal.ts';
import { createDisplays, pagesOf } from './adapters/display/create.ts';
import { PageDesk } from './adapters/display/screen/desk.ts';
import { readMacKey, readOrCreateToken } from './adapters/keys/keys.ts';
import { createLog, standardError } from './adapters/log/pino.ts';
import { keepLogFiles } from './adapters/log/file.ts';
import { keepLines, type LogRing } from './adapters/log/ring.ts';
import { whosePin } from './adapters/pin/whose.ts';
import { createReceiptPrinter } from './adapters/printer/create.ts';
import { loadProfile } from './adapters/printer/profile.ts';
import { createReceiptPictures } from './adapters/receipt-picture/pictures.ts';
import { openRequestFile } from './adapters/requests/file.ts';
import { startTill } from './adapters/till/server.ts';
import { createMerchantClient } from './adapters/wallet/merchant.ts';
import { createAdminDesk, type AdminParts, type Host } from './admin/desk.ts';
import { version } from './version.ts';
import { followApiTime } from './api-time.ts';
import type { Configuration } from './config.ts';
import { createScope, type Scope } from './lifecycle/scope.ts';
import type { CallbackDesk } from './ports/callbacks.ts';
import type { DisplayPages } from './ports/display-pages.ts';
import type { Log } from './ports/log.ts';
import type { ReceiptPictures } from './ports/receipt-pictures.ts';
import type { WalletPort } from './ports/wallet.ts';
import { watchTrial } from './settings-trial.ts';
import { limitsOf, settingsOf, shownOf } from './settings.ts';
import { startTerminal, type Terminal } from './terminal/terminal.ts';

/** A terminal with everything around it but its screens. */
export interface Composition {
  readonly terminal: Terminal;
  /** For the hosts: the QR displays that are pages. */
  readonly pages: DisplayPages;
  readonly clock: SystemClock;
  readonly log: Log;
  /** Null when the till interface is switched off. */
  readonly till: { readonly url: string; readonly token: string } | null;
  readonly scope: Scope;
}

/**
 * Constructs the whole terminal from its configuration: the only place that constructs services (style.md 33). What is
 * added to the scope ends in reverse: intake first, the journal and the log last (style.md 24).
 * @throws errors with a `code` and a sentence that says what to do; nothing is left running then
 */
export async function compose(configuration: Configuration, host: Host): Promise<Composition> {
  const clock = createSystemClock();
  const ring = keepLog(configuration, clock);
  const log = createLog({ level: configuration.log.level, destination: ring });
  const scope = createScope({ clock, log });
  try {
    return await build(configuration, { clock, log, scope, host, logLines: ring.lines });
  } catch (error) {
    await scope.stop();
    throw error;
  }
}

/** The log goes to standard error, and into files that outlive a restart; the newest lines are kept for the screen. */
function keepLog({ terminal }: Configuration, clock: SystemClock): LogRing {
  const folder = join(terminal.dataFolder, 'log');
  const error = standardError();
  // Straight to standard error: the log itself cannot be asked to write that it cannot write.
  const onFailure = (reason: string): void => {
    const told = { level: 'warn', time: new Date().toISOString(), reason, msg: 'The log cannot be kept in a file.' };
    error.write(`${JSON.stringify(told)}\n`);
  };
  const files = keepLogFiles({ folder, now: () => clock.monotonic(), onFailure });
  const both = (line: string): void => {
    error.write(line);
    files.write(line);
  };
  return keepLines({ write: both }, files.lines());
}

interface Base {
  readonly clock: SystemClock;
  readonly log: Log;
  readonly scope: Scope;
}

async function build(
  configuration: Configuration,
  { clock, log, scope, host, logLines }: Base & Pick<AdminParts, 'host' | 'logLines'>,
): Promise<Composition> {
  const { dataFolder } = configuration.terminal;
  const journal = openJournal(join(dataFolder, 'journal.db'));
  scope.add('journal', () => {
    journal.close();
  });
  const { wallet, machineOffsetMs } = createWallet(configuration, { clock, log, scope });
  const requests = openRequestFile(join(dataFolder, 'requests.json'), log);
  scope.add('requests', () => {
    requests.close();
  });
  const printer = createReceiptPrinter(configuration.printer, { clock, log });
  scope.add('printer', () => printer.stop());
  const { pinHash, managerPinHash, technicianPinHash } = configuration.staff;
  const pages = new PageDesk(pagesOf(configuration.displays));
  const callbacks = createCallbacks(configuration, { clock, log, scope });
  const service = () => terminal;
  const admin = createAdminDesk({
    clock,
    log,
    configuration,
    printer,
    journal,
    machineOffsetMs,
    service,
    host,
    logLines,
  });
  const terminal: Terminal = startTerminal({
    settings: settingsOf(configuration),
    shown: shownOf(configuration, version),
    language: configuration.terminal.language,
    cadence: configuration.requests,
    limits: limitsOf(configuration.requests),
    requests,
    lockAfterMs: configuration.staff.lockAfterMs,
    wallet,
    printer,
    displays: createDisplays(configuration.displays, { clock, pages }),
    journal,
    clock,
    machineOffsetMs,
    log,
    random: Math.random,
    newBillId: () => `bill_${randomBytes(10).toString('hex')}`,
    roleOf: whosePin({ staff: pinHash, manager: managerPinHash, technician: technicianPinHash }),
    admin,
    callbacks: callbacks?.settings,
    pictures: createPictures(configuration),
  });
  scope.add('terminal', () => terminal.stop());
  const { configurationPath: path, restart } = host;
  scope.add('trial of settings', watchTrial({ path, service: terminal, clock, log, restart }));
  await callbacks?.listen(terminal);
  const till = configuration.till.enabled ? await openTill(configuration, terminal, { clock, log, scope }) : null;
  return { terminal, pages, clock, log, till, scope };
}

/** Of a paper of 80 mm, for a terminal without a printer. */
const usualColumns = 48;

function createPictures({ terminal, printer }: Configuration): ReceiptPictures {
  const columns = printer.connection.type === 'none' ? usualColumns : loadProfile(printer.profile).columns;
  return createReceiptPictures({ columns, folder: terminal.receiptFolder ?? join(terminal.dataFolder, 'receipts') });
}

function createWallet(
  { api, key, spot }: Configuration,
  { clock, log, scope }: Base,
): { wallet: WalletPort; machineOffsetMs: () => number } {
  const { serverClock, machineOffsetMs } = followApiTime(clock);
  const client = createMerchantClient({
    root: new URL(api.root),
    macId: api.macId,
    macKey: readMacKey({ credentialsDirectory: process.env['CREDENTIALS_DIRECTORY'], file: key.file }),
    ...(api.projectId === undefined ? {} : { projectId: api.projectId }),
    locationId: spot.locationId,
    connectTimeoutMs: api.connectTimeoutMs,
    requestTimeoutMs: api.requestTimeoutMs,
    userAgent: `SpotTerminal/${version}`,
    clock,
    randomBytes,
    log,
    serverClock,
  });
  scope.add('wallet', () => client.stop());
  return { wallet: client, machineOffsetMs };
}

/** The path of callbacks where the API runs on this machine too and reaches the listener itself. */
const localPath = '/callbacks';

/** What the terminal is told of callbacks, and what listens for them once it is there; null when they are off. */
function createCallbacks({ api, terminal, callbacks }: Configuration, { clock, log, scope }: Base) {
  if (!callbacks.enabled) return null;
  const { host, port, proxyAddress, publicAddress, publicKeyFile, silentAfterMs, trustedForMs } = callbacks;
  const { origin } = new URL(api.root);
  const keptIn = join(terminal.dataFolder, 'callbacks-key.json');
  const keys = publicKeyFile ? keyFromFile(publicKeyFile) : keyFromHost({ origin, keptIn, clock, log });
  scope.add('key for callbacks', () => keys.stop());
  let address = publicAddress;
  return {
    settings: { address: () => address, silentAfterMs, trustedForMs },
    listen: async (desk: CallbackDesk) => {
      const path = publicAddress === undefined ? localPath : new URL(publicAddress).pathname;
      const listener = await startCallbackListener({ desk, host, port, path, proxyAddress, keys, clock, log });
      scope.add('callbacks', () => listener.stop());
      address ??= listener.url;
    },
  };
}

async function openTill(configuration: Configuration, terminal: Terminal, { clock, log, scope }: Base) {
  const token = readOrCreateToken(join(configuration.terminal.dataFolder, 'till-token'));
  const { host, port } = configuration.till;
  const server = await startTill({ desk: terminal, host, port, token, log, clock });
  scope.add('till', () => server.stop());
  return { url: server.url, token };
}
