import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { channels, refusal, type Down, type ScreenSession } from '../../shared/contract.ts';
import type { Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { ScreenDesk } from '../ports/terminal.ts';
import { converse, type Conversation } from '../screens/conversation.ts';
import { faultOfSender } from './sender.ts';

/**
 * The only file that touches `ipcMain` and sends to pages: checks the sender, has the message parsed, answers as
 * data, and pushes snapshots. A session lives as long as one page in one window: a page that reloads is locked again.
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

interface OpenScreen {
  readonly session: ScreenSession;
  readonly conversation: Conversation;
  readonly unsubscribe: Stop;
}

const misunderstood: Down = {
  type: 'answer',
  id: 0,
  answer: refusal('invalid', 'This is not a message that the terminal understands.'),
};

/** Begins to listen. There is one channel, so there is one of these in a process. */
export function serveScreensByIpc({ desk, log, home }: ScreenIpcOptions): ScreenIpc {
  const screens = new Map<WebContents, OpenScreen | undefined>();

  function closeScreen(contents: WebContents): void {
    const screen = screens.get(contents);
    if (!screen) return;
    screens.set(contents, undefined);
    screen.unsubscribe();
    screen.session.close();
  }

  function openScreen(contents: WebContents): OpenScreen {
    const session = desk.openSession();
    const unsubscribe = session.subscribe((snapshot) => {
      const down: Down = { type: 'snapshot', snapshot };
      if (!contents.isDestroyed()) contents.send(channels.down, down);
    });
    const screen = { session, unsubscribe, conversation: converse(session) };
    screens.set(contents, screen);
    return screen;
  }

  async function receive(event: IpcMainInvokeEvent, message: unknown): Promise<Down> {
    const { sender, senderFrame } = event;
    const frame = senderFrame && { url: senderFrame.url, isTop: senderFrame.parent === null };
    const fault = faultOfSender({ isOwnWindow: screens.has(sender), frame }, home);
    if (fault) {
      log.warn('A message from something that is not the terminal’s own page was refused.', { fault });
      return misunderstood;
    }
    const screen = screens.get(sender) ?? openScreen(sender);
    return (await screen.conversation.receive(message)) ?? misunderstood;
  }

  ipcMain.handle(channels.up, receive);
  return {
    attach: (contents) =>
      attach(contents, screens, () => {
        closeScreen(contents);
      }),
    stop() {
      ipcMain.removeHandler(channels.up);
      for (const contents of screens.keys()) closeScreen(contents);
      screens.clear();
    },
  };
}

/** A session ends with its page: when it is left, when its process is gone, when its window is closed. */
function attach(contents: WebContents, screens: Map<WebContents, OpenScreen | undefined>, close: () => void): Stop {
  const detach = (): void => {
    close();
    screens.delete(contents);
  };
  screens.set(contents, undefined);
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) close();
  });
  contents.on('render-process-gone', close);
  contents.once('destroyed', detach);
  return detach;
}
