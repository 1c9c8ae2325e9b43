import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { channels, refusal, type Down, type ScreenSession } from '../../shared/contract.ts';
import type { Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ScreenDesk } from '../ports/terminal.ts';
import { converse, type Conversation } from '../screens/conversation.ts';
import { faultOfSender } from './sender.ts';

/**
 * The only file that touches `ipcMain` and sends to the screens' pages (`display-pages.ts` has those of QR displays): checks
 * the sender, has the message parsed, answers as data, and pushes snapshots. A session lives as long as one page in one window: a page that reloads is locked again.
 */
export interface ScreenIpc {
  /** Listens to the page of that window, until the returned function is called or the window is gone. */
  attach(contents: WebContents): Stop;
  /** Stops listening and closes every session. */
  stop(): void;
}

interface ScreenIpcOptions {
  readonly desk: ScreenDesk;
  readonly log: Log;
  /** The address under which all of the terminal's pages are, ending with a slash. */
  readonly home: string;
}

const misunderstood: Down = {
  type: 'answer',
  id: 0,
  answer: refusal('invalid', 'This is not a message that the terminal understands.'),
};

/** Begins to listen. There is one channel, so there is one of these in a process. */
export function serveScreensByIpc({ desk, log, home }: ScreenIpcOptions): ScreenIpc {
  const screens = new Map<WebContents, WindowScreen>();

  async function receive({ sender, senderFrame }: IpcMainInvokeEvent, message: unknown): Promise<Down> {
    const screen = screens.get(sender);
    const frame = senderFrame && { url: senderFrame.url, isTop: senderFrame.parent === null };
    const fault = faultOfSender({ isOwnWindow: screen !== undefined, frame }, home);
    if (fault) log.warn('A message from something that is not the terminal’s own page was refused.', { fault });
    return (fault ? undefined : await screen?.receive(message)) ?? misunderstood;
  }

  ipcMain.handle(channels.up, receive);
  return {
    attach(contents) {
      const screen = new WindowScreen(contents, desk);
      const detach = (): void => {
        screen.closeSession();
        screens.delete(contents);
      };
      screens.set(contents, screen);
      contents.once('destroyed', detach);
      return detach;
    },
    stop() {
      ipcMain.removeHandler(channels.up);
      for (const screen of screens.values()) screen.closeSession();
      screens.clear();
    },
  };
}

interface OpenSession {
  readonly session: ScreenSession;
  readonly conversation: Conversation;
  readonly unsubscribe: Stop;
}

/** The page in one window. It has a session from its first message until it is left or its process is gone. */
class WindowScreen {
  readonly #contents: WebContents;
  readonly #desk: ScreenDesk;
  #open: OpenSession | undefined;

  constructor(contents: WebContents, desk: ScreenDesk) {
    this.#contents = contents;
    this.#desk = desk;
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.closeSession();
    });
    contents.on('render-process-gone', () => {
      this.closeSession();
    });
  }

  receive(message: unknown): Promise<Down | undefined> {
    this.#open ??= this.#openSession();
    return this.#open.conversation.receive(message);
  }

  closeSession(): void {
    this.#open?.unsubscribe();
    this.#open?.session.close();
    this.#open = undefined;
  }

  #openSession(): OpenSession {
    const session = this.#desk.openSession();
    const unsubscribe = session.subscribe((snapshot) => {
      const down: Down = { type: 'snapshot', snapshot };
      if (!this.#contents.isDestroyed()) this.#contents.send(channels.down, down);
    });
    return { session, unsubscribe, conversation: converse(session) };
  }
}
