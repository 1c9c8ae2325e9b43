import { join } from 'node:path';
import { app } from 'electron';
import { compose } from './compose.ts';
import { loadConfiguration, type Configuration } from './config.ts';
import { createShutdown, watchProcess } from './lifecycle/shutdown.ts';
import { startOnTrial } from './settings-trial.ts';
import { exitRestart, startFailure } from './start.ts';
import { claimSingleInstance, keepAwake, prepareApplication, quitInOrder } from './window/application.ts';
import { openDisplayWindows } from './window/display-windows.ts';
import { startSupervision } from './watchdog/supervision.ts';
import { version } from './version.ts';
import { openKiosk } from './window/kiosk.ts';

/** The built screens, beside this file. */
const screensFolder = join(import.meta.dirname, '../renderer');

/**
 * Electron's entry. `--config=FILE` names the configuration, `--windowed` gives an ordinary window in place of the
 * whole screen, `--developer` allows developer tools. Nothing here may wait at the top level: Electron is not ready
 * before this file has run to its end.
 */
async function start(configuration: Configuration, configurationPath: string): Promise<void> {
  const restart = (): void => {
    void shutdown.stop('restart').then(() => {
      startAgain(exitRestart);
    });
  };
  const { terminal, pages, clock, log, scope } = await compose(configuration, {
    configurationPath,
    screensFolder,
    restart,
  });
  const shutdown = createShutdown({ scope, clock, log });
  const exit = (code: number): void => {
    app.exit(code);
  };
  watchProcess({ events: process, shutdown, log, exit });
  quitInOrder(shutdown, log);
  scope.add('display kept awake', keepAwake());
  const common = {
    clock,
    log,
    kiosk: !app.commandLine.hasSwitch('windowed'),
    developer: app.commandLine.hasSwitch('developer'),
  };
  const closeKiosk = openKiosk({
    ...common,
    desk: terminal,
    folder: screensFolder,
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    onClosed: () => {
      app.quit();
    },
    onHopeless: () => {
      void shutdown.stop('the screens cannot be kept alive').then(() => {
        exit(1);
      });
    },
  });
  scope.add('window', closeKiosk);
  const preload = join(import.meta.dirname, '../preload/display.cjs');
  scope.add('display windows', openDisplayWindows({ ...common, pages, preload }));
  // For programs that ask whether the terminal is in use. The window watches itself; nobody is told of it here.
  const environment = { RUNTIME_DIRECTORY: process.env['RUNTIME_DIRECTORY'], SPOT_TERMINAL_WATCH: 'core' };
  const supervised = { terminal, lastRoundTrip: () => null, version, clock, log, environment };
  scope.add('supervision', startSupervision(supervised));
}

/** Whoever looks after this process starts it again, where there is such a one; else it does so itself. */
function startAgain(exitCode: number): void {
  const { INVOCATION_ID: unit, SPOT_TERMINAL_SUPERVISED: supervised } = process.env;
  if (unit === undefined && supervised === undefined) app.relaunch();
  app.exit(exitCode);
}

function fail(error: unknown): void {
  const { line, exitCode } = startFailure(error);
  process.stderr.write(`${line}\n`);
  if (exitCode === exitRestart) startAgain(exitCode);
  else app.exit(exitCode);
}

try {
  prepareApplication();
  const file = app.commandLine.getSwitchValue('config') || '/etc/spot-terminal/config.json';
  const configuration = loadConfiguration(file);
  claimSingleInstance(join(configuration.terminal.dataFolder, 'electron'));
  app
    .whenReady()
    .then(() => startOnTrial(file, () => start(loadConfiguration(file), file)))
    .catch(fail);
} catch (error) {
  fail(error);
}
