import type { TerminalBridge } from '../../shared/contract.ts';
import { LinkError } from './link/link-error.ts';
import type { Stop } from './link/listeners.ts';
import { deadlines } from './link/deadlines.ts';
import { adminBy, PreloadLine, verbsBy } from './link/preload-line.ts';
import { SocketLine } from './link/socket-line.ts';

/** What the page talks to: the terminal's verbs, and whether anybody is there. */
export interface Link {
  /** Its intents throw a LinkError when there is no answer. */
  readonly terminal: TerminalBridge;
  /** A new connection: the next snapshot is true, however small its revision. */
  onLine(callback: () => void): Stop;
  /** Main has been gone for three seconds: nothing that it said may be shown any longer. */
  onGone(callback: () => void): Stop;
  /** Begins. Call it once those who want to hear are listening. */
  start(): void;
}

/** The preload's bridge where there is one (Electron), else a WebSocket to the server of this page (headless). */
export function connect(page: Window): Link {
  const preloaded = (page as Window & { readonly terminal?: TerminalBridge }).terminal;
  return preloaded ? overPreload(preloaded) : overSocket(page.location);
}

function overPreload(main: TerminalBridge): Link {
  const line = new PreloadLine(main);
  const bridge = {
    ...verbsBy((name, input) => line.intent(name, input)),
    snapshot: () => line.snapshot(),
    admin: adminBy((name, input) => line.admin(name, input)),
    onSnapshot: line.snapshots.add.bind(line.snapshots),
  };
  return linkOf(line, bridge);
}

function overSocket({ protocol, host }: Location): Link {
  const line = new SocketLine(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/screen`);
  const bridge = {
    ...verbsBy(async (name, input) => {
      const down = await line.ask({ type: 'intent', name, input });
      if (down.type !== 'answer') throw new LinkError('unanswered');
      return down.answer;
    }),
    admin: adminBy(async (name, input) => {
      const down = await line.ask({ type: 'admin', name, input }, deadlines.admin);
      if (down.type !== 'admin') throw new LinkError('unanswered');
      return down.reply;
    }),
    async snapshot() {
      const down = await line.ask({ type: 'snapshot' });
      if (down.type !== 'snapshot') throw new LinkError('unanswered');
      return down.snapshot;
    },
    onSnapshot: line.snapshots.add.bind(line.snapshots),
  };
  return linkOf(line, bridge);
}

function linkOf(line: PreloadLine | SocketLine, terminal: TerminalBridge): Link {
  return {
    terminal,
    onLine: (callback) => line.lines.add(callback),
    onGone: (callback) => line.gone.add(callback),
    start: () => {
      line.start();
    },
  };
}
