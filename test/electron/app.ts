import { EventEmitter } from 'node:events';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BrowserWindow, closing } from './browser-window.ts';
import { isPrevented } from './events.ts';
import { claimFolder } from './instance.ts';
import { note } from './journal.ts';
import { chromium, runtime } from './runtime.ts';

/** Electron's switches: those of this process's command line, and those that were appended for Chromium. */
class CommandLine {
  readonly #values = new Map<string, string>();

  constructor(argv: readonly string[]) {
    for (const word of argv) {
      const [, name, value = ''] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
      if (name !== undefined) this.#values.set(name, value);
    }
  }

  appendSwitch(name: string, value = ''): void {
    this.#values.set(name, value);
    runtime.switches.push(value === '' ? `--${name}` : `--${name}=${value}`);
    note('switch', { name, value });
  }

  hasSwitch(name: string): boolean {
    return this.#values.has(name);
  }

  getSwitchValue(name: string): string {
    return this.#values.get(name) ?? '';
  }
}

/** The application. It is ready once the entry has run to its end and Chromium has started. */
class StandInApp extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = new CommandLine(process.argv.slice(2));
  readonly #paths = new Map<string, string>();
  readonly #ready = Promise.withResolvers<undefined>();
  #release: () => void = () => undefined;

  constructor() {
    super();
    // Electron waits for the entry too: a top-level `await` of whenReady would wait for ever.
    setImmediate(() => {
      this.#start().catch((error: unknown) => {
        process.stderr.write(`The stand-in for Electron could not start Chromium: ${String(error)}\n`);
        process.exit(1);
      });
    });
    closing.lastClosed = () => {
      if (!this.emit('window-all-closed')) this.quit();
    };
  }

  async #start(): Promise<void> {
    await chromium();
    runtime.ready = true;
    this.emit('ready', {});
    this.#ready.resolve(undefined);
  }

  whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  isReady(): boolean {
    return runtime.ready;
  }

  getName(): string {
    return 'spot-terminal';
  }

  enableSandbox(): void {
    if (runtime.ready) throw new Error('The sandbox must be enabled before Electron is ready.');
    note('sandbox');
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
    note('path', { name, path });
  }

  getPath(name: string): string {
    const known = this.#paths.get(name);
    if (known !== undefined) return known;
    const home = process.env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
    return name === 'userData' ? this.commandLine.getSwitchValue('user-data-dir') || join(home, 'spot-terminal') : home;
  }

  requestSingleInstanceLock(): boolean {
    const claim = claimFolder(this.getPath('userData'), (argv, folder) => {
      note('second-instance');
      this.emit('second-instance', {}, argv, folder, undefined);
    });
    if (claim) this.#release = claim;
    return claim !== undefined;
  }

  /** Asks everybody, closes the windows, and ends. */
  quit(): void {
    if (isPrevented(this, 'before-quit')) return;
    for (const window of BrowserWindow.getAllWindows()) window.close();
    if (BrowserWindow.getAllWindows().length > 0 || isPrevented(this, 'will-quit')) return;
    this.exit(0);
  }

  /** Ends without asking anybody. */
  exit(code = 0): void {
    this.emit('quit', {}, code);
    this.#release();
    note('exit', { code });
    process.exit(code);
  }
}

export const app = new StandInApp();
