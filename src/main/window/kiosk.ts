import { BrowserWindow, session, type BrowserWindowConstructorOptions } from 'electron';
import { serveScreensByIpc, type ScreenIpc } from '../ipc/screens.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ScreenDesk } from '../ports/terminal.ts';
import { guardContents, guardSession } from './guards.ts';
import { afterLoss, noLosses } from './recovery.ts';
import { home, serveScheme } from './scheme.ts';

export interface KioskOptions {
  readonly desk: ScreenDesk;
  /** The built screens: the folder with `index.html`. */
  readonly folder: string;
  /** The built preload, an absolute path. */
  readonly preload: string;
  readonly clock: Clock;
  readonly log: Log;
  /** True on the counter: the whole screen, nothing around it, and it cannot be closed. False: an ordinary window. */
  readonly kiosk: boolean;
  /** True lets developer tools be opened. */
  readonly developer?: boolean;
  /** Somebody closed the ordinary window. */
  readonly onClosed: () => void;
  /** The page was lost so often that only a new process can help: end with exit code 1 (hardware.md 4.5). */
  readonly onHopeless: () => void;
}

/** What a page that does not answer is given before it is taken for lost, milliseconds. */
const patienceMs = 10_000;
/** The ground of the screens (renderer, styles/tokens.css), so that nothing else is seen before they are drawn. */
const background = '#f3f5f4';
/** A load that was given up because another one began. */
const loadAborted = -3;

/**
 * Opens the window with the screens and keeps it alive: a lost page is reloaded, later the window made anew.
 * Electron must be ready, and the scheme declared. Ends when the returned function is called.
 */
export function openKiosk(options: KioskOptions): Stop {
  const { desk, folder, log } = options;
  guardSession(session.defaultSession, log);
  serveScheme(session.defaultSession.protocol, folder);
  const ipc = serveScreensByIpc({ desk, log, home });
  const keeper = new WindowKeeper(options, ipc);
  keeper.open();
  return () => {
    keeper.stop();
    ipc.stop();
    session.defaultSession.protocol.unhandle(new URL(home).protocol.slice(0, -1));
  };
}

/** Owns the present window, and replaces it when its page is lost too often. */
class WindowKeeper {
  readonly #options: KioskOptions;
  readonly #ipc: ScreenIpc;
  #present: BrowserWindow | undefined;
  #losses = noLosses;
  #cancelRemedy: Stop = () => undefined;
  #stopped = false;

  constructor(options: KioskOptions, ipc: ScreenIpc) {
    this.#options = options;
    this.#ipc = ipc;
  }

  open(): void {
    const former = this.#present;
    const window = makeWindow(this.#options, () => this.#stopped);
    this.#present = window;
    this.#ipc.attach(window.webContents);
    watchPage(window, this.#options, (reason) => {
      if (window === this.#present && !this.#stopped) this.#lost(reason);
    });
    show(window, this.#options.log);
    former?.destroy();
  }

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
      if (remedy.do === 'reload' && this.#present?.isDestroyed() === false) show(this.#present, log);
      else this.open();
    });
  }
}

function show(window: BrowserWindow, log: Log): void {
  // A failed load is seen by `did-fail-load`, a lost page by `render-process-gone`: both are counted there.
  window.loadURL(home).catch((error: unknown) => {
    log.warn('The screens could not be loaded.', { reason: error instanceof Error ? error.message : String(error) });
  });
}

function makeWindow(options: KioskOptions, mayClose: () => boolean): BrowserWindow {
  const window = new BrowserWindow(windowOptions(options));
  window.removeMenu();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', (event) => {
    if (options.kiosk && !mayClose()) event.preventDefault();
  });
  window.on('closed', () => {
    if (!options.kiosk && !mayClose()) options.onClosed();
  });
  guardContents(window.webContents, { home, log: options.log });
  return window;
}

function windowOptions({ kiosk, preload, developer = false }: KioskOptions): BrowserWindowConstructorOptions {
  return {
    width: 1024,
    height: 600,
    show: false,
    backgroundColor: background,
    autoHideMenuBar: true,
    ...(kiosk && { kiosk: true, frame: false, fullscreen: true, alwaysOnTop: true }),
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
function watchPage(window: BrowserWindow, { clock, log }: KioskOptions, lost: (reason: string) => void): void {
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
