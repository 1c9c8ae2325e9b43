import { downSchema, refusal, type Answer, type Down, type TerminalBridge, type Up } from '../../shared/contract.ts';
import { snapshotSchema, type Snapshot } from '../../shared/snapshot.ts';
import { verbs, type Verb } from '../../shared/verbs.ts';

/** What the page talks to: the terminal, and whether it is there at all. */
export interface Link {
  readonly terminal: TerminalBridge;
  /** Calls back with each change of the connection to main. */
  onConnection(callback: (connected: boolean) => void): void;
}

/** Longest wait for an answer, and the pauses between attempts to connect, in milliseconds. */
const answerWithinMs = 8000;
const firstPauseMs = 250;
const longestPauseMs = 4000;

/** The preload's bridge where there is one (Electron), else a WebSocket to the server of this page (headless). */
export function connect(page: Window): Link {
  const preloaded = (page as Window & { terminal?: TerminalBridge }).terminal;
  return preloaded ? overPreload(preloaded) : overSocket(page);
}

function overPreload(terminal: TerminalBridge): Link {
  return {
    terminal: {
      ...terminal,
      snapshot: async () => snapshotSchema.parse(await terminal.snapshot()),
      onSnapshot: (callback) =>
        terminal.onSnapshot((snapshot) => {
          const parsed = snapshotSchema.safeParse(snapshot);
          if (parsed.success) callback(parsed.data);
        }),
    },
    onConnection: (callback) => {
      callback(true);
    },
  };
}

interface Waiting {
  readonly resolve: (down: Down) => void;
  readonly reject: (error: Error) => void;
}

/** One WebSocket at a time; when it goes, another, for ever. What was asked on the old one is answered "try again". */
class Socket {
  readonly #url: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #snapshots = new Set<(snapshot: Snapshot) => void>();
  readonly #connections = new Set<(connected: boolean) => void>();
  #socket: WebSocket | undefined;
  #lastId = 0;
  #pauseMs = firstPauseMs;

  constructor(url: string) {
    this.#url = url;
    this.#open();
  }

  ask(make: (id: number) => Up): Promise<Down> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN)
      return Promise.reject(new Error('There is no connection to the terminal.'));
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      setTimeout(() => {
        if (this.#waiting.delete(id)) reject(new Error('The terminal did not answer.'));
      }, answerWithinMs);
      socket.send(JSON.stringify(make(id)));
    });
  }

  onSnapshot(callback: (snapshot: Snapshot) => void): () => void {
    this.#snapshots.add(callback);
    return () => this.#snapshots.delete(callback);
  }

  onConnection(callback: (connected: boolean) => void): void {
    this.#connections.add(callback);
  }

  #open(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.#pauseMs = firstPauseMs;
      for (const tell of this.#connections) tell(true);
    };
    socket.onmessage = ({ data }) => {
      this.#heard(data);
    };
    socket.onclose = () => {
      this.#lost();
    };
  }

  #heard(data: unknown): void {
    const down = parsed(data);
    if (!down) return;
    if (down.id !== undefined) {
      this.#waiting.get(down.id)?.resolve(down);
      this.#waiting.delete(down.id);
    }
    if (down.type === 'snapshot') for (const tell of this.#snapshots) tell(down.snapshot);
  }

  #lost(): void {
    for (const tell of this.#connections) tell(false);
    for (const { reject } of this.#waiting.values()) reject(new Error('The connection to the terminal was lost.'));
    this.#waiting.clear();
    setTimeout(() => {
      this.#open();
    }, this.#pauseMs);
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }
}

function parsed(data: unknown): Down | undefined {
  try {
    const result = downSchema.safeParse(JSON.parse(String(data)));
    return result.success ? result.data : undefined;
  } catch {
    return undefined;
  }
}

function overSocket(page: Window): Link {
  const { protocol, host } = page.location;
  const socket = new Socket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/screen`);
  const intent = async (name: Verb, input: unknown): Promise<Answer> => {
    try {
      const down = await socket.ask((id) => ({ type: 'intent', id, name, input }));
      return down.type === 'answer' ? down.answer : refusal('invalid', 'The terminal answered something else.');
    } catch {
      return refusal('stopping', 'There is no connection to the terminal. Try again in a moment.');
    }
  };
  const intents = Object.fromEntries(verbs.map((name) => [name, (input: unknown) => intent(name, input)]));
  const snapshot = async () => {
    const down = await socket.ask((id) => ({ type: 'snapshot', id }));
    if (down.type !== 'snapshot') throw new Error('The terminal answered something else than its snapshot.');
    return down.snapshot;
  };
  return {
    terminal: {
      ...intents,
      snapshot,
      onSnapshot: (callback: (snapshot: Snapshot) => void) => socket.onSnapshot(callback),
    } as unknown as TerminalBridge,
    onConnection: (callback) => {
      socket.onConnection(callback);
    },
  };
}
