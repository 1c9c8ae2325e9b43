import { session } from 'electron';
import { serveScreensByIpc } from '../ipc/screens.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ScreenDesk } from '../ports/terminal.ts';
import { guardSession } from './guards.ts';
import { PageWindow } from './page-window.ts';
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

/**
 * Opens the window with the screens and keeps it alive. Electron must be ready, and the scheme declared. Ends when the
 * returned function is called.
 */
export function openKiosk(options: KioskOptions): Stop {
  const { desk, folder, log, kiosk, developer = false } = options;
  guardSession(session.defaultSession, log);
  serveScheme(session.defaultSession.protocol, folder);
  const ipc = serveScreensByIpc({ desk, log, home });
  const window = new PageWindow({
    ...options,
    developer,
    address: home,
    closable: !kiosk,
    shape: {
      width: 1024,
      height: 600,
      ...(kiosk && { kiosk: true, frame: false, fullscreen: true, alwaysOnTop: true }),
    },
    attach: (contents) => {
      ipc.attach(contents);
    },
  });
  window.open();
  return () => {
    window.stop();
    ipc.stop();
    session.defaultSession.protocol.unhandle(new URL(home).protocol.slice(0, -1));
  };
}
