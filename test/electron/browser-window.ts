import { EventEmitter } from 'node:events';
import { isPrevented } from './events.ts';
import { note } from './journal.ts';
import { StandInWebContents } from './web-contents.ts';

/** What a window that covers the screen covers. */
export const screenSize = { width: 1024, height: 600 };

interface WindowOptions {
  readonly show?: boolean;
  readonly kiosk?: boolean;
  /** With a place of its own it covers the monitor there, whose size is given. */
  readonly x?: number;
  readonly width?: number;
  readonly height?: number;
  readonly webPreferences?: { readonly preload?: string };
}

const windows = new Set<BrowserWindow>();

/** Called when the last window has gone. */
export const closing: { lastClosed: () => void } = { lastClosed: () => undefined };

/** A window: a page of Chromium's, and an account of what was asked of it. Nothing of it is seen on a glass. */
export class BrowserWindow extends EventEmitter {
  readonly webContents: StandInWebContents;
  readonly id: number;
  #visible: boolean;
  #destroyed = false;

  constructor(options: WindowOptions = {}) {
    super();
    const { kiosk = false, width = 800, height = 600, webPreferences } = options;
    this.webContents = new StandInWebContents({
      preload: webPreferences?.preload,
      size: kiosk && options.x === undefined ? screenSize : { width, height },
    });
    this.id = this.webContents.id;
    this.#visible = options.show ?? true;
    windows.add(this);
    note('window', { id: this.id, options });
    this.webContents.once('dom-ready', () => this.emit('ready-to-show', {}));
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  loadURL(address: string): Promise<void> {
    return this.webContents.loadURL(address);
  }

  show(): void {
    this.#visible = true;
    note('show', { id: this.id });
    this.emit('show', {});
  }

  hide(): void {
    this.#visible = false;
  }

  isVisible(): boolean {
    return this.#visible;
  }

  isMinimized(): boolean {
    return false;
  }

  restore(): void {
    note('restore', { id: this.id });
  }

  focus(): void {
    note('focus', { id: this.id });
    this.emit('focus', {});
  }

  removeMenu(): void {
    note('remove-menu', { id: this.id });
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  /** Asks to close, which may be prevented. */
  close(): void {
    if (!isPrevented(this, 'close')) this.destroy();
    else note('close-prevented', { id: this.id });
  }

  /** Closes without asking. */
  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    this.webContents.destroy();
    note('closed', { id: this.id });
    this.emit('closed');
    if (windows.size === 0) closing.lastClosed();
  }
}
