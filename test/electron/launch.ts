import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, chromium, type Browser, type Page } from '@playwright/test';
import { until } from '../fakes/until.ts';
import { journalVariable, type JournalEntry } from './journal.ts';

const root = join(import.meta.dirname, '../..');
const register = join(import.meta.dirname, 'register.mjs');
const builtEntry = join(root, 'out/main/index.js');

/** What a stop may take before the process is killed, milliseconds. */
const stopWithinMs = 15_000;

export interface LaunchOptions {
  /** The command line, as Electron takes it: `--config=FILE`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The main entry; the built one when left out. */
  readonly entry?: string;
}

/** A terminal in Electron, or in its stand-in. */
export interface LaunchedTerminal {
  readonly page: Page;
  readonly kind: 'electron' | 'stand-in';
  /** What it has written to standard output and standard error. */
  readonly output: () => string;
  /** Ends it as a service manager would; gives the exit code, null when it had to be killed. */
  readonly stop: () => Promise<number | null>;
}

/** The same in the stand-in, which tells more. */
export interface StandInTerminal extends LaunchedTerminal {
  readonly kind: 'stand-in';
  readonly process: ChildProcess;
  /** What the stand-in was told to do so far. */
  readonly journal: () => JournalEntry[];
  /** Connects again: a page that has crashed once is lost to whoever saw it crash. */
  readonly reconnect: () => Promise<Page>;
}

/** Electron's binary, where it was installed or downloaded; undefined where it was not. Downloads nothing. */
export function electronBinary(): string | undefined {
  const packageFolder = join(root, 'node_modules/electron');
  const pathFile = join(packageFolder, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8').trim() : 'electron';
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, 'dist');
  return existsSync(join(folder, name)) ? join(folder, name) : undefined;
}

/** Runs the built terminal in Electron where its binary is, and in the stand-in elsewhere. */
export async function launchTerminal(options: LaunchOptions = {}): Promise<LaunchedTerminal> {
  const binary = electronBinary();
  return binary === undefined ? launchStandIn(options) : launchElectron(binary, options);
}

async function launchElectron(executablePath: string, options: LaunchOptions): Promise<LaunchedTerminal> {
  const { args = [], env = {}, entry = builtEntry } = options;
  const withoutSandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const application = await _electron.launch({
    executablePath,
    args: [...withoutSandbox, entry, ...args],
    env: { ...definedEnvironment(), ...env },
  });
  const child = application.process();
  const output = collectOutput(child);
  const page = await application.firstWindow();
  return { page, kind: 'electron', output, stop: () => stopProcess(child) };
}

/** Runs a main entry in the stand-in. */
export async function launchStandIn(options: LaunchOptions = {}): Promise<StandInTerminal> {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-journal-'));
  const file = join(folder, 'journal');
  // Chromium's profile goes into the same folder, which is removed when all of it has ended.
  const child = spawnStandIn({ ...options, env: { ...options.env, [journalVariable]: file, TMPDIR: folder } });
  const output = collectOutput(child);
  const browsers: Browser[] = [];

  const journal = (): JournalEntry[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []).flatMap(parse);
  const connect = async (): Promise<Page> => {
    const browser = await chromium.connectOverCDP(await endpointOf(child, journal, output));
    browsers.push(browser);
    return until(() => shownPage(browser), 'the page of the window');
  };
  const stop = async (): Promise<number | null> => {
    const code = await stopProcess(child);
    await Promise.all(browsers.map((browser) => browser.close()));
    const started = journal().find(({ what }) => what === 'chromium');
    if (started) await endChromium(started);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    return code;
  };
  try {
    return { page: await connect(), kind: 'stand-in', process: child, output, journal, reconnect: connect, stop };
  } catch (error) {
    await stop();
    throw new Error(`The stand-in did not come up. It said: ${output()}`, { cause: error });
  }
}

/** Starts an entry in the stand-in and does not wait for a window: there may be none. */
export function spawnStandIn({ args = [], env = {}, entry = builtEntry }: LaunchOptions): ChildProcess {
  return spawn(process.execPath, ['--import', register, entry, ...args], {
    env: { ...definedEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** Everything that a process writes from now on. */
export function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  return () => text;
}

/** The exit code of a process, when it has ended within the deadline. */
export async function exitOf(child: ChildProcess, withinMs = stopWithinMs): Promise<number | null> {
  await until(() => child.exitCode !== null || child.signalCode !== null, 'the process to end', withinMs);
  return child.exitCode;
}

async function stopProcess(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  try {
    return await exitOf(child);
  } catch {
    child.kill('SIGKILL');
    return null;
  }
}

async function endpointOf(child: ChildProcess, journal: () => JournalEntry[], output: () => string): Promise<string> {
  const entry = await until(
    () => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${output()}`);
      const entries = journal();
      return entries.some(({ what }) => what === 'show') && entries.find(({ what }) => what === 'chromium');
    },
    'the window to be shown',
    30_000,
  );
  return String(entry.endpoint);
}

/** Chromium ends with the terminal; but after a kill -9 of that it takes its time, and writes its profile once more. */
async function endChromium(started: JournalEntry): Promise<void> {
  await until(() => isChromiumGone(started), 'Chromium to be gone');
  try {
    process.kill(Number(started.pid), 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** True when the Chromium of that journal entry does not answer any more. */
export function isChromiumGone({ endpoint }: JournalEntry): Promise<boolean> {
  return fetch(new URL('/json/version', String(endpoint).replace('ws:', 'http:'))).then(
    () => false,
    () => true,
  );
}

function shownPage(browser: Browser): Page | undefined {
  const pages = browser.contexts().flatMap((context) => context.pages());
  return pages.find((page) => page.url().endsWith('.invalid/'));
}

function parse(line: string): JournalEntry[] {
  return line === '' ? [] : [JSON.parse(line) as JournalEntry];
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  // What a test runner tells Node is not for the terminal.
  return Object.fromEntries(entries.filter(([name]) => name !== 'NODE_OPTIONS'));
}
