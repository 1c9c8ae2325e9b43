import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createSystemClock } from './adapters/clock/system.ts';
import { createLog } from './adapters/log/pino.ts';
import { keepScreens } from './chromium/keep.ts';
import { launchBrowser } from './chromium/launch.ts';
import { UsageError, startFailure } from './start.ts';

const help = `Shows the screens of a headless Spot Terminal in Chromium, and sees to it that they stay there.

  node kiosk.js [--address-file FILE] [--chromium PROGRAM] [--profile FOLDER] [--every SECONDS] [-- ARGUMENTS...]

  --address-file FILE  holds the screens' address with its token; screen-address in CREDENTIALS_DIRECTORY when left out
  --chromium PROGRAM   /usr/bin/chromium when left out
  --profile FOLDER     what Chromium keeps; profile in RUNTIME_DIRECTORY when left out
  --every SECONDS      between two looks at the page, 3 when left out
  ARGUMENTS            go to Chromium

Looks again and again whether the page shows what the terminal says, loads it anew when not, and ends with 1 when that
does not help: who started it starts it again. Also ends when Chromium ends. Exit codes: 0 asked to end, 1 see above,
64 wrong arguments.
`;

const options = {
  'address-file': { type: 'string' },
  chromium: { type: 'string', default: '/usr/bin/chromium' },
  profile: { type: 'string' },
  every: { type: 'string', default: '3' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

function readValues() {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} Try --help.`);
  }
}

/** A file or folder that was named, or one in a folder that systemd names. @throws UsageError */
function placed(named: string | undefined, variable: string, name: string): string {
  const folder = process.env[variable];
  if (named !== undefined) return named;
  if (folder) return join(folder, name);
  throw new UsageError(`${variable} is not set, so ${name} must be named. Try --help.`);
}

/** @throws UsageError */
function milliseconds(seconds: string): number {
  const value = Number(seconds);
  if (value >= 0.1 && value <= 3_600) return value * 1_000;
  throw new UsageError(`--every takes 0.1 to 3600 seconds, not ${seconds}. Try --help.`);
}

/** Longest wait for the browser to end by itself, milliseconds. */
const endWithinMs = 3_000;

async function main(): Promise<void> {
  const { values, positionals: more } = readValues();
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const url = readFileSync(placed(values['address-file'], 'CREDENTIALS_DIRECTORY', 'screen-address'), 'utf8').trim();
  const profile = placed(values.profile, 'RUNTIME_DIRECTORY', 'profile');
  const lookEveryMs = milliseconds(values.every);
  const clock = createSystemClock();
  const log = createLog({ level: 'info' });
  const browser = launchBrowser({ program: values.chromium, profile, more, environment: process.env });
  const end = (code: number): void => {
    process.exitCode = code;
    browser.kill('SIGTERM');
    clock.after(endWithinMs, () => browser.kill('SIGKILL'));
  };
  browser.once('error', (error) => {
    log.error('Chromium cannot be started.', { reason: error.message });
    process.exit(1);
  });
  browser.once('exit', (code, signal) => {
    log.info('Chromium has ended.', { code, signal });
    process.exit(process.exitCode ?? 1);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      end(0);
    });
  }
  // Descriptors 3 and 4, opened by launchBrowser as pipes.
  const [, , , to, from] = browser.stdio as unknown as [null, null, null, Writable, Readable];
  const onHopeless = (): void => {
    log.error('Chromium cannot be brought to show the screens; it is started anew.');
    end(1);
  };
  await keepScreens({ to, from, url, lookEveryMs, clock, log, onHopeless }).catch((error: unknown) => {
    log.error('Chromium could not open the screens.', { reason: String(error) });
    end(1);
  });
}

main().catch((error: unknown) => {
  const { line, exitCode } = startFailure(error);
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
});
