import { downSchema, type Down, type Up } from '../../../shared/contract.ts';
import type { Snapshot } from '../../../shared/snapshot.ts';
import { deadlines, within } from './deadlines.ts';
import { LinkError } from './link-error.ts';
import { Listeners } from './listeners.ts';
import { Presence } from './presence.ts';

/** A message before it has its number. */
type Question = Up extends infer Each ? (Each extends Up ? Omit<Each, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (down: Down) => void;
  readonly reject: (error: LinkError) => void;
}

/** One WebSocket at a time; when it goes, another, for ever. What was asked on the old one stays unanswered. */
export class SocketLine {
  readonly snapshots = new Listeners<[Snapshot]>();
  /** A new connection: whatever comes over it first is true, however small its revision. */
  readonly lines = new Listeners<[]>();
  readonly gone = new Listeners<[]>();
  readonly #url: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #presence: Presence;
  #socket: WebSocket | undefined;
  #lastId = 0;
  #pause: number = deadlines.firstPause;

  constructor(url: string) {
    this.#url = url;
    this.#presence = new Presence({
      ask: () => this.ask({ type: 'snapshot' }),
      mute: () => {
        this.#hangUp();
      },
      gone: () => {
        this.gone.tell();
      },
    });
  }

  /** Connects, and stays connected for as long as the page lives. */
  start(): void {
    this.#presence.watch();
    this.#open();
  }

  /** Sends a message; gives its answer, which must come within so many milliseconds. @throws LinkError */
  ask(question: Question, withinMs: number = deadlines.answer): Promise<Down> {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return Promise.reject(new LinkError('not_sent'));
    const id = (this.#lastId += 1);
    const answer = new Promise<Down>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      socket.send(JSON.stringify({ ...question, id }));
    });
    return within(withinMs, answer).finally(() => {
      this.#waiting.delete(id);
    });
  }

  #open(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.lines.tell();
      // Main sends the snapshot by itself; asking makes sure of it.
      this.ask({ type: 'snapshot' }).catch(() => undefined);
    };
    socket.onmessage = ({ data }) => {
      this.#heard(data);
    };
    socket.onclose = () => {
      this.#hangUp();
    };
  }

  #heard(data: unknown): void {
    const down = parsed(data);
    if (!down) return;
    this.#presence.heard();
    this.#pause = deadlines.firstPause;
    if (down.id !== undefined) this.#waiting.get(down.id)?.resolve(down);
    if (down.type === 'snapshot') this.snapshots.tell(down.snapshot);
  }

  /** Lets this socket go, without waiting for the other side to agree, and tries again after a pause. */
  #hangUp(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#presence.lost();
    for (const { reject } of this.#waiting.values()) reject(new LinkError('unanswered'));
    setTimeout(() => {
      this.#open();
    }, this.#pause);
    this.#pause = Math.min(deadlines.longestPause, this.#pause * 2);
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
