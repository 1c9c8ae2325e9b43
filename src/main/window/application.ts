import { app, BrowserWindow, Menu, powerSaveBlocker } from 'electron';
import type { Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Shutdown } from '../lifecycle/shutdown.ts';
import { declareScheme, home } from './scheme.ts';

/** What must be said before Electron is ready: call it first of all. */
export function prepareApplication(): void {
  app.enableSandbox();
  declareScheme();
  app.commandLine.appendSwitch('disable-pinch');
  app.commandLine.appendSwitch('overscroll-history-navigation', '0');
  Menu.setApplicationMenu(null);
}

/** Another terminal runs on the same data already. */
export class SecondInstanceError extends Error {
  override readonly name = 'SecondInstanceError';
  readonly code = 'journal_in_use';
}

/**
 * Claims the folder for this process, and has Chromium keep its own files there. When another terminal is started on
 * it later, that one ends and this one's window comes to the front.
 * @throws SecondInstanceError when this is the other one
 */
export function claimSingleInstance(folder: string): void {
  app.setPath('userData', folder);
  if (!app.requestSingleInstanceLock()) {
    throw new SecondInstanceError('This terminal is running already, and its window has been brought to the front.');
  }
  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows().find(({ webContents }) => webContents.getURL() === home);
    if (!window) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
}

/** Keeps the display awake for as long as the terminal runs (hardware.md 4.5). */
export function keepAwake(): Stop {
  const id = powerSaveBlocker.start('prevent-display-sleep');
  return () => {
    if (powerSaveBlocker.isStarted(id)) powerSaveBlocker.stop(id);
  };
}

/**
 * Ends the terminal in order when Electron is asked to quit, and only then lets the process go: with 0 when all ended
 * well, with 1 when not. Closing the last window does not quit by itself: a window may just be made anew.
 */
export function quitInOrder(shutdown: Shutdown, log: Log): void {
  app.on('window-all-closed', () => {
    log.debug('No window is open.');
  });
  app.on('before-quit', (event) => {
    event.preventDefault();
    void shutdown.stop('quit').then((code) => {
      app.exit(code);
    });
  });
  app.on('child-process-gone', (_event, { type, reason }) => {
    log.warn('A helper process of Chromium is gone.', { type, reason });
  });
}
