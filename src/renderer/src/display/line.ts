import { toPageSchema, type FromPage, type ToPage } from '../../../shared/display-page.ts';
import { deadlines } from '../link/deadlines.ts';
import { Listeners } from '../link/listeners.ts';

/** Main, for a page that stands for a QR display. */
export interface DisplayLine {
  readonly messages: Listeners<[ToPage]>;
  /** Main is not there any more. */
  readonly gone: Listeners<[]>;
  send(message: FromPage): void;
  /** Begins. Call it once those who want to hear are listening. */
  start(): void;
}

/** What the preload puts at `window.displayLine`. */
interface PreloadedLine {
  onMessage(callback: (message: unknown) => void): void;
  send(message: FromPage): void;
}

/** The preload's line where there is one (Electron), else a WebSocket to the server of this page (headless). */
export function displayLine(page: Window): DisplayLine {
  const preloaded = (page as Window & { readonly displayLine?: PreloadedLine }).displayLine;
  return preloaded ? overPreload(preloaded) : new SocketDisplayLine(addressOf(page.location));
}

function overPreload(main: PreloadedLine): DisplayLine {
  const messages = new Listeners<[ToPage]>();
  return {
    messages,
    // Nothing hangs up here; main that hangs is noticed by its silence.
    gone: new Listeners(),
    send: (message) => {
      main.send(message);
    },
    start() {
      main.onMessage((message) => {
        const { data } = toPageSchema.safeParse(message);
        if (data) messages.tell(data);
      });
      main.send({ type: 'hello' });
    },
  };
}

function addressOf({ protocol, host, search }: Location): string {
  const name = new URLSearchParams(search).get('name') ?? '1';
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/display?name=${encodeURIComponent(name)}`;
}

/** One WebSocket at a time; when it goes, another, for ever. */
class SocketDisplayLine implements DisplayLine {
  readonly messages = new Listeners<[ToPage]>();
  readonly gone = new Listeners<[]>();
  readonly #url: string;
  #socket: WebSocket | undefined;
  #pause: number = deadlines.firstPause;

  constructor(url: string) {
    this.#url = url;
  }

  start(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.onopen = () => {
      this.send({ type: 'hello' });
    };
    socket.onmessage = ({ data }) => {
      this.#pause = deadlines.firstPause;
      const message = parsed(data);
      if (message) this.messages.tell(message);
    };
    socket.onclose = () => {
      this.gone.tell();
      setTimeout(() => {
        this.start();
      }, this.#pause);
      this.#pause = Math.min(deadlines.longestPause, this.#pause * 2);
    };
  }

  send(message: FromPage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}

function parsed(data: unknown): ToPage | undefined {
  try {
    return toPageSchema.safeParse(JSON.parse(String(data))).data;
  } catch {
    return undefined;
  }
}
