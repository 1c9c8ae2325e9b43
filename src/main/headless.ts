import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOrCreateToken } from './adapters/keys/keys.ts';
import { compose, version } from './compose.ts';
import { loadConfiguration } from './config.ts';
import { createShutdown, watchProcess } from './lifecycle/shutdown.ts';
import { readArguments, startFailure } from './start.ts';
import { watchScreens } from './watchdog/screens.ts';
import { startSupervision } from './watchdog/supervision.ts';
import { startScreens } from './web/screens.ts';

const help = `Spot Terminal, headless: the whole terminal under Node, with its screens for a browser on this machine.

  npm run -s headless -- --config FILE

  --config FILE  the configuration (docs/configuration.md); /etc/spot-terminal/config.json when left out
  --help         this text

Prints one line of JSON when it is ready: {"ready":"terminal","screenUrl":…,"tillUrl":…,"tillToken":…}
Under systemd (NOTIFY_SOCKET) it says when it is ready and, as long as it and a screen are well, that it lives;
SPOT_TERMINAL_WATCH=core leaves the screen out. Into RUNTIME_DIRECTORY it writes how it is, for other programs.
Ends on SIGINT and SIGTERM. Exit codes: 0 ended, 64 wrong arguments, 74 journal, 75 journal in use or port taken,
78 configuration or key.
`;

/** Telling the service manager that the end has come, milliseconds. */
const endSupervisionWithinMs = 2_000;

/** The built screens, beside this file's package. */
const screensFolder = fileURLToPath(new URL('../../out/renderer', import.meta.url));

async function main(): Promise<void> {
  const { config, help: wantsHelp } = readArguments(process.argv.slice(2));
  if (wantsHelp) {
    process.stdout.write(help);
    return;
  }
  const configuration = loadConfiguration(config);
  const { terminal, clock, log, till, scope } = await compose(configuration);
  watchProcess({
    events: process,
    shutdown: createShutdown({ scope, clock, log }),
    log,
    exit: (code) => process.exit(code),
  });
  const token = readOrCreateToken(join(configuration.terminal.dataFolder, 'screen-token'));
  const { host, port } = configuration.screens;
  try {
    const { desk, lastRoundTrip } = watchScreens(terminal, clock);
    const screens = await startScreens({ desk, host, port, token, folder: screensFolder, clock, log });
    scope.add('screens', () => screens.stop());
    const { env: environment } = process;
    const screenUrl = screens.url;
    const supervised = { terminal, lastRoundTrip, screenUrl, version, clock, log, environment };
    scope.add('supervision', startSupervision(supervised), endSupervisionWithinMs);
    const ready = { ready: 'terminal', screenUrl, tillUrl: till?.url, tillToken: till?.token };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
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
