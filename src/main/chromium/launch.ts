import { spawn, type ChildProcess } from 'node:child_process';

export interface LaunchOptions {
  readonly program: string;
  /** Where the browser keeps what it keeps; in memory, on a terminal. */
  readonly profile: string;
  /** Further arguments. */
  readonly more: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** No questions, no bars, no gestures, no network of its own. What a person could still open, policies deny. */
const quiet = [
  '--kiosk',
  '--no-first-run',
  '--no-default-browser-check',
  '--noerrdialogs',
  '--hide-crash-restore-bubble',
  '--disable-breakpad',
  // Debian's Chromium complains of buses that a terminal does not have.
  '--log-level=3',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-pinch',
  '--overscroll-history-navigation=0',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-features=Translate,MediaRouter,OptimizationHints',
  '--password-store=basic',
];

/**
 * Starts the browser with an empty page. The address holds a token, which must not stand on a command line that everybody
 * on the machine can read: it is told over the pipe (descriptors 3 and 4).
 */
export function launchBrowser({ program, profile, more, environment }: LaunchOptions): ChildProcess {
  const args = [`--user-data-dir=${profile}`, '--remote-debugging-pipe', ...quiet, ...more, 'about:blank'];
  return spawn(program, args, { env: environment, stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] });
}
