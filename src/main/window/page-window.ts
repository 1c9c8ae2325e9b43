import { BrowserWindow, type BrowserWindowConstructorOptions, type WebContents } from 'electron';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { guardContents } from './guards.ts';
import { afterLoss, noLosses } from './recovery.ts';

export interface PageWindowOptions {
  /** The only address that the window ever shows. */
  readonly address: string;
  /** The built preload, an absolute path. */
  readonly preload: string;
  readonly clock: Clock;
  readonly log: Log;
  /** True lets developer tools be opened. */
  readonly developer: boolean;
  /** Size, place and frame. */
  readonly shape: BrowserWindowConstructorOptions;
  /** True: an ordinary window, which somebody may close. */
  readonly closable: boolean;
  /** Listens to the page. */
  readonly attach: (contents: WebContents) => void;
  /** Somebody closed the ordinary window. */
  readonly onClosed: () => void;
  /** The page was lost so often that it is not tried again. */
  readonly onHopeless: () => void;
}

/** What a page that does not answer is given before it is taken for lost, milliseconds. */
const patienceMs = 10_000;
/** The ground of the screens (renderer, styles/tokens.css), so that nothing else is seen before they are drawn. */
const background = '#f3f5f4';
/** A load that was given up because another one began. */
const loadAborted = -3;

/** One page in a window, kept alive: a lost page is reloaded, later the window made anew. */
export class PageWindow {
  readonly #options: PageWindowOptions;
  #present: BrowserWindow | undefined;
  #losses = noLosses;
  #cancelRemedy: Stop = () => undefined;
  #stopped = false;

  constructor(options: PageWindowOptions) {
    this.#options = options;
  }

  open(): void {
    const former = this.#present;
    const window = makeWindow(this.#options, () => this.#stopped);
    this.#present = window;
    this.#options.attach(window.webContents);
    watchPage(window, this.#options, (reason) => {
      if (window === this.#present && !this.#stopped) this.#lost(reason);
    });
    show(window, this.#options);
    former?.destroy();
  }

  /** Closes the window, whatever it is. Idempotent. */
  stop(): void {
    this.#stopped = true;
    this.#cancelRemedy();
    this.#present?.destroy();
  }

  #lost(reason: string): void {
    const { clock, log, onHopeless } = this.#options;
    this.#cancelRemedy();
    const { remedy, losses } = afterLoss(this.#losses, clock.monotonic());
    this.#losses = losses;
    log.error('The page with the screens was lost.', { reason, remedy: remedy.do, inTheLastMinute: losses.at.length });
    if (remedy.do === 'exit') {
      onHopeless();
      return;
    }
    this.#cancelRemedy = clock.after(remedy.afterMs, () => {
      if (remedy.do === 'reload' && this.#present?.isDestroyed() === false) show(this.#present, this.#options);
      else this.open();
    });
  }
}

function show(window: BrowserWindow, { address, log }: PageWindowOptions): void {
  // A failed load is seen by `did-fail-load`, a lost page by `render-process-gone`: both are counted there.
  window.loadURL(address).catch((error: unknown) => {
    log.warn('The screens could not be loaded.', { reason: error instanceof Error ? error.message : String(error) });
  });
}

function makeWindow(options: PageWindowOptions, mayClose: () => boolean): BrowserWindow {
  const window = new BrowserWindow(windowOptions(options));
  window.removeMenu();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', (event) => {
    if (!options.closable && !mayClose()) event.preventDefault();
  });
  window.on('closed', () => {
    if (options.closable && !mayClose()) options.onClosed();
  });
  guardContents(window.webContents, { home: options.address, log: options.log });
  return window;
}

function windowOptions({ shape, preload, developer }: PageWindowOptions): BrowserWindowConstructorOptions {
  return {
    show: false,
    backgroundColor: background,
    autoHideMenuBar: true,
    ...shape,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: developer,
      zoomFactor: 1,
      // The QR code and the clock of the staff screen go on when another window is in front (hardware.md 4.2).
      backgroundThrottling: false,
    },
  };
}

/** Tells when the page is gone, could not be loaded, or has not answered for too long. */
function watchPage(window: BrowserWindow, { clock, log }: PageWindowOptions, lost: (reason: string) => void): void {
  const contents = window.webContents;
  let cancelPatience: Stop = () => undefined;
  contents.on('render-process-gone', (_event, { reason }) => {
    cancelPatience();
    lost(reason);
  });
  contents.on('did-fail-load', (_event, ...[code, description, , isMainFrame]) => {
    if (isMainFrame && code !== loadAborted) lost(description);
  });
  contents.on('preload-error', (_event, _path, error) => {
    lost(`preload: ${error.message}`);
  });
  contents.on('unresponsive', () => {
    log.warn('The page with the screens does not answer.');
    cancelPatience();
    cancelPatience = clock.after(patienceMs, () => {
      if (!contents.isDestroyed()) contents.forcefullyCrashRenderer();
    });
  });
  contents.on('responsive', () => {
    cancelPatience();
    log.info('The page with the screens answers again.');
  });
  window.on('closed', () => {
    cancelPatience();
  });
}
