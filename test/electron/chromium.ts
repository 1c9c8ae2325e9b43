import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { Devtools } from './devtools.ts';

/** A running Chromium, without a window of its own. */
export interface Chromium {
  readonly devtools: Devtools;
  /** Where Playwright can connect to the same Chromium. */
  readonly endpoint: string;
  readonly pid: number | undefined;
}

const usualSwitches = [
  '--headless',
  '--no-first-run',
  '--no-startup-window',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--remote-debugging-pipe',
  '--remote-debugging-port=0',
];

const startWithinMs = 30_000;

/**
 * Starts Chromium with a profile of its own, which goes when this process ends. Root may not use Chromium's sandbox,
 * so tests that run as root do without.
 */
export async function launchChromium(switches: readonly string[]): Promise<Chromium> {
  const profile = mkdtempSync(join(tmpdir(), 'electron-stand-in-'));
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const executable = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const child = spawn(executable, [...usualSwitches, ...root, ...switches, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  process.on('exit', () => {
    child.kill('SIGKILL');
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // Chromium's last helper may still be writing; what is left lies in the folder for temporary files.
    }
  });
  const [, , errors, write, read] = child.stdio as unknown as [null, null, Readable, Writable, Readable];
  const endpoint = await endpointOf(errors);
  return { devtools: new Devtools(write, read), endpoint, pid: child.pid };
}

function endpointOf(errors: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => {
      reject(new Error(`Chromium did not start within ${startWithinMs} ms. It said: ${text}`));
    }, startWithinMs);
    errors.setEncoding('utf8');
    errors.on('data', (part: string) => {
      text = (text + part).slice(-20_000);
      const [, found] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}
