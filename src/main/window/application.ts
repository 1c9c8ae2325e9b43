import { app, BrowserWindow, Menu, powerSaveBlocker } from 'electron';
import type { Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Shutdown } from '../lifecycle/shutdown.ts';
import { declareScheme } from './scheme.ts';

/** What must be said before Electron is ready: call it first of all. */
export function prepareApplication(): void {
  app.enableSandbox();
  declareScheme();
  app.commandLine.appendSwitch('disable-pinch');
  app.commandLine.appendSwitch('overscroll-history-navigation', '0');
  Menu.setApplicationMenu(null);
}

/**
 * True when this is the only terminal on its data folder. When another one starts, it is told no, and ours comes to
 * the front. False: say so and exit.
 */
export function claimSingleInstance(): boolean {
  if (!app.requestSingleInstanceLock()) return false;
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (!window) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  return true;
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
