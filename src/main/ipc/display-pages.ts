import { ipcMain, type IpcMainEvent, type WebContents } from 'electron';
import { displayChannels } from '../../shared/display-channels.ts';
import { fromPageSchema, type ToPage } from '../../shared/display-page.ts';
import type { Stop } from '../ports/clock.ts';
import type { DisplayPages, PageLine } from '../ports/display-pages.ts';
import type { Log } from '../ports/log.ts';
import { faultOfSender } from './sender.ts';

/** Carries the messages of pages that stand for QR displays, as `screens.ts` does for the screens. */
export interface DisplayPageIpc {
  /** Listens to the page of that window, which is the display of that name, until the window is gone. */
  attach(contents: WebContents, name: string): void;
  stop(): void;
}

interface DisplayPageIpcOptions {
  readonly pages: DisplayPages;
  readonly log: Log;
  /** The address under which all of the terminal's pages are, ending with a slash. */
  readonly home: string;
}

/** Begins to listen. There is one channel, so there is one of these in a process. */
export function serveDisplayPagesByIpc({ pages, log, home }: DisplayPageIpcOptions): DisplayPageIpc {
  const windows = new Map<WebContents, { readonly name: string; line: WindowLine | undefined }>();

  function receive({ sender, senderFrame }: IpcMainEvent, message: unknown): void {
    const window = windows.get(sender);
    const frame = senderFrame && { url: senderFrame.url, isTop: senderFrame.parent === null };
    const fault = faultOfSender({ isOwnWindow: window !== undefined, frame }, home);
    if (fault) {
      log.warn('A message from something that is not the terminal’s own display page was refused.', { fault });
    } else if (window && fromPageSchema.safeParse(message).data?.type === 'hello') {
      window.line?.end();
      window.line = new WindowLine(sender);
      pages.attach(window.name, window.line);
    } else {
      window?.line?.hear(message);
    }
  }

  ipcMain.on(displayChannels.up, receive);
  return {
    attach(contents, name) {
      windows.set(contents, { name, line: undefined });
      const end = (): void => {
        windows.get(contents)?.line?.end();
      };
      contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) end();
      });
      contents.on('render-process-gone', end);
      contents.once('destroyed', () => {
        end();
        windows.delete(contents);
      });
    },
    stop() {
      ipcMain.off(displayChannels.up, receive);
      for (const { line } of windows.values()) line?.end();
      windows.clear();
    },
  };
}

/** The page in a window, from its first message until it is left or its process is gone. */
class WindowLine implements PageLine {
  readonly #contents: WebContents;
  readonly #hearing = new Set<(message: unknown) => void>();
  readonly #ending = new Set<() => void>();
  #isOver = false;

  constructor(contents: WebContents) {
    this.#contents = contents;
  }

  send(message: ToPage): void {
    if (!this.#isOver && !this.#contents.isDestroyed()) this.#contents.send(displayChannels.down, message);
  }

  onMessage(callback: (message: unknown) => void): Stop {
    this.#hearing.add(callback);
    return () => this.#hearing.delete(callback);
  }

  onClose(callback: () => void): Stop {
    if (this.#isOver) callback();
    else this.#ending.add(callback);
    return () => this.#ending.delete(callback);
  }

  /** A page that starts anew has nothing left of what it was sent. */
  close(): void {
    if (!this.#isOver && !this.#contents.isDestroyed()) this.#contents.reload();
  }

  hear(message: unknown): void {
    for (const callback of this.#hearing) callback(message);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const callback of this.#ending) callback();
    this.#ending.clear();
  }
}
