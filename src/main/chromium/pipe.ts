import type { Readable, Writable } from 'node:stream';
import { z } from 'zod';
import type { Clock, Stop } from '../ports/clock.ts';

/** What a browser says over its pipe: an answer to one of our messages, or an event. */
const messageSchema = z.object({
  id: z.int().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
  method: z.string().optional(),
  params: z.unknown().optional(),
});
type Message = z.infer<typeof messageSchema>;

/** One message to the browser, or to one of its pages. */
export interface Command {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** The page's session; the browser itself when left out. */
  readonly sessionId?: string;
  /** For the answer, milliseconds. */
  readonly withinMs?: number;
}

/** A browser did not do what it was asked. */
export class BrowserError extends Error {
  override readonly name = 'BrowserError';
}

const usualWithinMs = 10_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: BrowserError) => void;
  readonly forget: Stop;
}

/**
 * Speaks Chromium's DevTools protocol over the two pipes of `--remote-debugging-pipe`: JSON, each message ended by a zero
 * byte. Nobody but the browser's parent holds the other ends, so nothing listens on a port.
 */
export class BrowserPipe {
  readonly #to: Writable;
  readonly #clock: Clock;
  readonly #onEvent: (method: string, params: unknown) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #rest = '';

  constructor(
    { to, from, clock }: { readonly to: Writable; readonly from: Readable; readonly clock: Clock },
    onEvent: (method: string, params: unknown) => void,
  ) {
    this.#to = to;
    this.#clock = clock;
    this.#onEvent = onEvent;
    from.setEncoding('utf8').on('data', (text: string) => {
      this.#take(text);
    });
    for (const stream of [to, from]) {
      stream.on('error', () => {
        this.#end();
      });
      stream.on('close', () => {
        this.#end();
      });
    }
  }

  /** Gives what the browser answers. @throws BrowserError when it refuses, is gone, or does not answer in time */
  ask({ method, params = {}, sessionId, withinMs = usualWithinMs }: Command): Promise<unknown> {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const forget = this.#clock.after(withinMs, () => {
        this.#waiting.delete(id);
        reject(new BrowserError(`The browser did not answer ${method} within ${withinMs} ms.`));
      });
      this.#waiting.set(id, { resolve, reject, forget });
      const text = JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) });
      this.#to.write(`${text}\0`);
    });
  }

  #take(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const parsed = messageSchema.safeParse(JSON.parse(part));
      if (parsed.success) this.#hear(parsed.data);
    }
  }

  #hear({ id, result, error, method, params }: Message): void {
    if (method !== undefined) this.#onEvent(method, params);
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (id === undefined || !waiting) return;
    this.#waiting.delete(id);
    waiting.forget();
    if (error) waiting.reject(new BrowserError(error.message));
    else waiting.resolve(result);
  }

  #end(): void {
    for (const { reject, forget } of this.#waiting.values()) {
      forget();
      reject(new BrowserError('The browser is gone.'));
    }
    this.#waiting.clear();
  }
}
