import type { Readable, Writable } from 'node:stream';

/** Parameters and results of the DevTools protocol. */
export type Fields = Record<string, unknown>;

interface Waiting {
  readonly resolve: (result: Fields) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

type Listener = (params: Fields, sessionId: string | undefined) => void;

/** What an answer may take, milliseconds; a page that has crashed answers nothing. */
const answerWithinMs = 10_000;

/**
 * Chromium's DevTools protocol over a pipe: messages end with a zero byte. A pipe and not a socket, because Chromium
 * ends by itself when the other end of the pipe is gone, even after a kill -9.
 */
export class Devtools {
  readonly #write: Writable;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Set<Listener>>();
  #lastId = 0;
  #rest = '';

  constructor(write: Writable, read: Readable) {
    this.#write = write;
    read.setEncoding('utf8');
    read.on('data', (text: string) => {
      const parts = (this.#rest + text).split('\0');
      this.#rest = parts.pop() ?? '';
      for (const part of parts) this.#receive(JSON.parse(part) as Message);
    });
    // When Chromium is gone every answer that is still awaited fails, and nothing else is to be done about the pipe.
    write.on('error', () => undefined);
    read.on('close', () => {
      for (const waiting of this.#waiting.values()) waiting.reject(new Error('Chromium is gone.'));
    });
  }

  /** Carries out one command, in a page's session or in the browser's. */
  send(method: string, params: Fields = {}, sessionId?: string): Promise<Fields> {
    const id = ++this.#lastId;
    this.#write.write(`${JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) })}\0`);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${method} was not answered within ${answerWithinMs} ms.`));
      }, answerWithinMs);
      this.#waiting.set(id, { resolve, reject, timer });
    });
  }

  /** Calls back with each such event; gives the function that ends it. */
  on(method: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(method) ?? new Set();
    this.#listeners.set(method, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  #receive({ id, method, params = {}, result = {}, error, sessionId }: Message): void {
    if (method !== undefined) {
      for (const listener of this.#listeners.get(method) ?? []) listener(params, sessionId);
      return;
    }
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !waiting) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(new Error(error.message));
    else waiting.resolve(result);
  }
}
