import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSystemClock } from './adapters/clock/system.ts';
import { createLog } from './adapters/log/pino.ts';
import { readOrCreateToken } from './adapters/keys/keys.ts';
import { compose } from './compose.ts';
import { loadConfiguration, type Configuration } from './config.ts';
import { setUp } from './setup/first-start.ts';
import { createShutdown, watchProcess } from './lifecycle/shutdown.ts';
import { startOnTrial } from './settings-trial.ts';
import { exitRestart, readArguments, startFailure } from './start.ts';
import { watchScreens } from './watchdog/screens.ts';
import { startSupervision } from './watchdog/supervision.ts';
import { version } from './version.ts';
import { startScreens } from './web/screens.ts';

const help = `Spot Terminal, headless: the whole terminal under Node, with its screens for a browser on this machine.

  npm run -s headless -- --config FILE

  --config FILE        the configuration (docs/configuration.md); /etc/spot-terminal/config.json when left out
  --setup-folder DIR   where set-up files are looked for, besides USB sticks; may be given several times
  --no-setup           fails when there is no configuration, instead of setting the terminal up on its screen
  --help               this text

Prints one line of JSON when it is ready: {"ready":"terminal","screenUrl":…,"displayUrls":{…},"tillUrl":…,"tillToken":…}
displayUrls has a page for each QR display of type screen, by its name; the address opens that page and nothing else.
Without a configuration it prints {"ready":"setup","setupUrl":…} first (docs/setup.md).
Under systemd (NOTIFY_SOCKET) it says when it is ready and, as long as it and a screen are well, that it lives;
SPOT_TERMINAL_WATCH=core leaves the screen out. Into RUNTIME_DIRECTORY it writes how it is, for other programs.
Ends on SIGINT and SIGTERM. Exit codes: 0 ended, 64 wrong arguments, 74 journal, 75 journal in use or port taken,
78 configuration or key,
85 it is to be started again at once, as a technician asked on its screen.
`;

/** Telling the service manager that the end has come, milliseconds. */
const endSupervisionWithinMs = 2_000;

/** The built screens, beside this file's package. */
const screensFolder = fileURLToPath(new URL('../../out/renderer', import.meta.url));

async function main(): Promise<void> {
  const { config, setup, setupFolders, help: wantsHelp } = readArguments(process.argv.slice(2));
  if (wantsHelp) {
    process.stdout.write(help);
    return;
  }
  const start = () => startOnTrial(config, () => run(loadConfiguration(config), config));
  if (existsSync(config) || !setup) await start();
  else await runSetup({ path: config, folders: setupFolders, start });
}

interface Unset {
  /** Of the configuration to be made. */
  readonly path: string;
  readonly folders: readonly string[];
  readonly start: () => Promise<string>;
}

/** The page has been told that all is done before the process ends; milliseconds. */
const setupFarewellMs = 1_500;

/**
 * Shows the set-up. Where a service manager looks after this process it is told so, and starts the terminal as a new process afterwards, with
 * its screen; elsewhere the terminal starts in this one.
 */
async function runSetup({ path, folders, start }: Unset): Promise<void> {
  const { env: environment } = process;
  const page = { url: '' };
  const startAnew = (): Promise<string> => {
    setTimeout(() => process.exit(exitRestart), setupFarewellMs);
    return Promise.resolve(page.url);
  };
  const isManaged = environment['NOTIFY_SOCKET'] !== undefined;
  const { setupUrl } = await setUp({ path, folders, screensFolder, start: isManaged ? startAnew : start });
  page.url = setupUrl;
  if (isManaged) {
    const terminal = { snapshot: () => ({ customer: { view: 'setup' } }), isAtRest: () => true };
    const watched = { ...environment, SPOT_TERMINAL_WATCH: 'core' };
    const [clock, log] = [createSystemClock(), createLog({ level: 'info' })];
    startSupervision({
      terminal,
      lastRoundTrip: () => null,
      screenUrl: setupUrl,
      version,
      clock,
      log,
      environment: watched,
    });
  }
  process.stdout.write(`${JSON.stringify({ ready: 'setup', setupUrl })}\n`);
}

/** Starts the terminal with its screens; gives their address. */
async function run(configuration: Configuration, configurationPath: string): Promise<string> {
  const exit = (code: number): void => {
    process.exit(code);
  };
  const restart = (): void => {
    void shutdown.stop('restart').then(() => {
      exit(exitRestart);
    });
  };
  const { terminal, pages, clock, log, till, scope } = await compose(configuration, {
    configurationPath,
    screensFolder,
    restart,
  });
  const shutdown = createShutdown({ scope, clock, log });
  watchProcess({ events: process, shutdown, log, exit });
  const token = readOrCreateToken(join(configuration.terminal.dataFolder, 'screen-token'));
  const { host, port } = configuration.screens;
  try {
    const { desk, lastRoundTrip } = watchScreens(terminal, clock);
    const screens = await startScreens({ desk, pages, host, port, token, folder: screensFolder, clock, log });
    scope.add('screens', () => screens.stop());
    const { env: environment } = process;
    const { url: screenUrl, displayUrls } = screens;
    const supervised = { terminal, lastRoundTrip, screenUrl, version, clock, log, environment };
    scope.add('supervision', startSupervision(supervised), endSupervisionWithinMs);
    const ready = { ready: 'terminal', screenUrl, displayUrls, tillUrl: till?.url, tillToken: till?.token };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
    return screens.url;
  } catch (error) {
    await scope.stop();
    throw error;
  }
}

main().catch((error: unknown) => {
  const { line, exitCode } = startFailure(error);
  process.stderr.write(`${line}\n`);
  process.exitCode = exitCode;
});
