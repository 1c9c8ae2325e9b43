import { Agent, type Dispatcher } from 'undici';
import { transportError, WalletError, type Ending, type HttpAnswer, type Method } from './error.ts';

/** One request as it goes out. `path` is what was signed and is sent byte for byte. */
export interface HttpRequest {
  readonly method: Method;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

export interface Http {
  /**
   * Sends once and reads the whole answer; never repeats, never follows a redirect.
   * @throws WalletError when there is no complete answer, classified by whether the request had left.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  /** Ends all connections and what is under way on them. Idempotent. */
  stop(): Promise<void>;
}

/** The reason with which a deadline aborts its signal. */
export class DeadlineError extends Error {
  constructor(milliseconds: number) {
    super(`No answer within ${milliseconds} ms.`);
    this.name = 'DeadlineError';
  }
}

class StoppedError extends Error {
  constructor() {
    super('The client was stopped.');
    this.name = 'StoppedError';
  }
}

/** Far above any answer of the API: a page of 200 transactions has about 200 kB. */
const largestAnswer = 4 * 1024 * 1024;

function endingOf(reason: unknown): Ending {
  if (reason instanceof DeadlineError) return 'timeout';
  return reason instanceof StoppedError ? 'stopped' : 'aborted';
}

function headersOf(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

/**
 * One exchange, as undici's dispatcher drives it. Written by hand rather than with `request()`, because only the
 * dispatcher tells the moment from which the request may have left: on that depends whether it may be repeated.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly answer: Promise<HttpAnswer>;
  #resolve: (answer: HttpAnswer) => void;
  #reject: (error: WalletError) => void;
  #method: Method;
  #host: string;
  #controller: Dispatcher.DispatchController | undefined;
  #abortReason: Error | undefined;
  #sent = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Buffer[] = [];

  constructor(method: Method, host: string) {
    const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#method = method;
    this.#host = host;
  }

  /** Ends the exchange now, whether it has begun or still waits for a connection. */
  abort(reason: unknown): void {
    this.#abortReason = reason instanceof Error ? reason : new Error('Aborted.', { cause: reason });
    this.#fail(this.#abortReason, endingOf(reason));
    this.#controller?.abort(this.#abortReason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#abortReason) controller.abort(this.#abortReason);
    else this.#sent = true;
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#headers = headersOf(headers);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#resolve({ status: this.#status, headers: this.#headers, text: Buffer.concat(this.#chunks).toString('utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error, error instanceof StoppedError ? 'stopped' : 'failed');
  }

  #fail(cause: Error, ending: Ending): void {
    this.#reject(transportError(cause, { method: this.#method, sent: this.#sent, ending, host: this.#host }));
  }
}

interface HttpOptions {
  readonly root: URL;
  readonly connectTimeoutMs: number;
}

/**
 * Connections to one API root: kept alive, TLS always verified, HTTP/1.1 only so that what is sent is exactly what
 * was signed, and no time limits of its own: the signal holds the deadline of the whole request.
 */
export function createHttp({ root, connectTimeoutMs }: HttpOptions): Http {
  const agent = new Agent({
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: largestAnswer,
    connect: { timeout: connectTimeoutMs, rejectUnauthorized: true },
  });
  let stopping: Promise<void> | undefined;

  async function send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const exchange = new Exchange(request.method, root.host);
    if (stopping) exchange.abort(new StoppedError());
    else if (signal.aborted) exchange.abort(signal.reason);
    else agent.dispatch({ ...request, origin: root.origin, body: request.body ?? null }, exchange);
    const onAbort = (): void => {
      exchange.abort(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await exchange.answer;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  function stop(): Promise<void> {
    stopping ??= agent.destroy(new StoppedError());
    return stopping;
  }

  return { send, stop };
}
