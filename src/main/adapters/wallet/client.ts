import type { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Outcome } from '../../ports/wallet.ts';
import type { Retry } from '../../../shared/failure.ts';
import { createServerClock, type ServerClock, type ServerReading } from './clock-offset.ts';
import { jsonOf, statusError, unreadableAnswer, WalletError, type HttpAnswer, type Method } from './error.ts';
import { createHttp, DeadlineError, type Http } from './http.ts';
import { authorization, createNonce, extOf, isMacText, type Behalf, type RandomBytes, type Secret } from './sign.ts';
import { serverTimeSchema } from './wire.ts';

/** How one exchange with the API ended: for health and for counting requests. */
export interface AnswerInfo {
  /** The call, without ids: `GET /transaction/:key`. */
  readonly call: string;
  readonly ok: boolean;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly retry: Retry | undefined;
  readonly durationMs: number;
}

export interface ClientOptions extends Behalf {
  /** The API root, such as `https://wallet.paysera.com/rest/v1`. */
  readonly root: URL;
  readonly macId: string;
  readonly macKey: Secret;
  /** Milliseconds to wait for a connection. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds for a whole call, whatever it takes. */
  readonly requestTimeoutMs?: number | undefined;
  readonly userAgent?: string | undefined;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  readonly log: Log;
  /** Told of every exchange, the repeat after a clock error and the reading of the API's clock included. */
  readonly onAnswer?: ((info: AnswerInfo) => void) | undefined;
  /** What carries requests; connections to the root otherwise. */
  readonly http?: Http | undefined;
  /** Asked before each request besides the first of a call; all may leave when it is left out. */
  readonly mayLeaveFurther?: (() => boolean) | undefined;
  /** Shared by the clients of one API; each makes its own otherwise. */
  readonly serverClock?: ServerClock | undefined;
}

/** One request of the API, in its own terms. */
export interface Call<Value> {
  readonly method: Method;
  /** Without ids, for logs: `/transaction/:key`. */
  readonly name: string;
  /** Path and query after the root, already percent-encoded. */
  readonly path: string;
  readonly body?: unknown;
  /** Reads a 2xx answer; throws when it does not say what it should. */
  readonly read: (answer: HttpAnswer, method: Method) => Value;
}

/** Sends one call within the deadline of the work it belongs to. @throws WalletError */
export type Ask = <Value>(call: Call<Value>) => Promise<Value>;

/** What is done within one deadline; `signal` holds it. */
export type Work<Value> = (ask: Ask, signal: AbortSignal) => Promise<Value>;

export interface WalletClient {
  /** Carries out work that asks the API, within one deadline; gives failures as data. */
  run<Value>(signal: AbortSignal, work: Work<Value>): Promise<Outcome<Value>>;
  /** Reads the API's clock for later signatures. */
  synchronise(signal: AbortSignal): Promise<Outcome<{ readonly offsetMs: number }>>;
  stop(): Promise<void>;
}

/** Reads an answer by a schema. @throws WalletError when it does not fit. */
export function parsed<Schema extends z.ZodType, Value>(schema: Schema, map: (wire: z.infer<Schema>) => Value) {
  return (answer: HttpAnswer, method: Method): Value => {
    const result = schema.safeParse(jsonOf(answer.text));
    if (!result.success) throw unreadableAnswer(answer, method, result.error);
    return map(result.data);
  };
}

/** For answers whose body is not to be trusted (api.md 8.4): nothing, `{}` or any JSON will do; a web page will not. */
export function ignored(answer: HttpAnswer, method: Method): null {
  if (answer.text.trim() !== '' && jsonOf(answer.text) === undefined) throw unreadableAnswer(answer, method);
  return null;
}

const serverCall: Call<number> = {
  method: 'GET',
  name: '/server',
  path: '/server',
  read: parsed(serverTimeSchema, ({ time }) => time),
};

/** Ends waiting when the signal aborts; what is waited for goes on. */
async function unlessAborted<Value>(waiting: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    const code = signal.reason instanceof DeadlineError ? 'timeout' : 'aborted';
    const message = "The API's clock could not be read in time: the terminal tries again by itself.";
    aborted.reject(new WalletError(message, { code, retry: 'later', cause: signal.reason }));
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([waiting, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

interface Timing {
  readonly startedAt: number;
  readonly call: string;
}

/**
 * What both clients share: sign, send, read, classify, and the one re-signed repeat after a clock error.
 * Its fields are private, so that neither a log nor an inspection can show its credentials.
 */
class Client implements WalletClient {
  readonly #options: ClientOptions;
  readonly #http: Http;
  readonly #serverClock: ServerClock;
  readonly #requestTimeoutMs: number;
  readonly #prefix: string;
  readonly #port: number;

  constructor(options: ClientOptions) {
    const { root, connectTimeoutMs = 2000, requestTimeoutMs = 10_000, clock } = options;
    this.#options = options;
    this.#http = options.http ?? createHttp({ root, connectTimeoutMs });
    this.#serverClock = options.serverClock ?? createServerClock({ clock });
    this.#requestTimeoutMs = requestTimeoutMs;
    this.#prefix = root.pathname.replace(/\/+$/, '');
    this.#port = root.port === '' ? (root.protocol === 'http:' ? 80 : 443) : Number(root.port);
  }

  async run<Value>(signal: AbortSignal, work: Work<Value>): Promise<Outcome<Value>> {
    try {
      const admit = this.#afterTheFirst();
      const value = await this.#withDeadline(
        (deadline) => work((call) => this.#ask(call, deadline, admit), deadline),
        signal,
      );
      return { ok: true, value };
    } catch (error) {
      if (!(error instanceof WalletError)) throw error;
      return { ok: false, failure: error.toFailure() };
    }
  }

  synchronise(signal: AbortSignal): Promise<Outcome<{ readonly offsetMs: number }>> {
    return this.run(signal, (_, deadline) => this.#synchronise(deadline));
  }

  stop(): Promise<void> {
    return this.#http.stop();
  }

  /** One attempt; after a clock error the API's clock is read and the call is signed anew and repeated, once. */
  async #ask<Value>(call: Call<Value>, signal: AbortSignal, admit: () => void): Promise<Value> {
    await unlessAborted(this.#serverClock.settled(), signal);
    const readings = this.#serverClock.readings();
    admit();
    try {
      return await this.#attempt(call, signal);
    } catch (error) {
      if (!(error instanceof WalletError) || error.code !== 'invalid_timestamp') throw error;
      // Another call may have brought the time meanwhile: then there is no need to ask for it again.
      if (this.#serverClock.readings() === readings) await this.#synchroniseAfter(error, signal, admit);
    }
    admit();
    return this.#attempt(call, signal);
  }

  /** For the requests of one call: the first was granted with it, the others are asked for. @throws WalletError */
  #afterTheFirst(): () => void {
    let sent = 0;
    return () => {
      sent += 1;
      if (sent === 1 || this.#options.mayLeaveFurther?.() !== false) return;
      const message = 'The API was asked as often as is allowed: the terminal goes on by itself in a moment.';
      throw new WalletError(message, { code: 'budget_spent', retry: 'later' });
    };
  }

  #synchronise(signal: AbortSignal): Promise<{ readonly offsetMs: number }> {
    const running = this.#serverClock.synchronise(() => this.#readServer());
    return unlessAborted(running, signal);
  }

  /** The call itself was refused for its time: it may be made again later, however the reading of the clock ends. */
  async #synchroniseAfter(refusal: WalletError, signal: AbortSignal, admit: () => void): Promise<void> {
    try {
      admit();
      await this.#synchronise(signal);
    } catch (error) {
      throw error instanceof WalletError && error.retry === 'later' ? error : refusal;
    }
  }

  /** Gives the work a signal that ends with the caller's, or when the time for a whole call is over. */
  async #withDeadline<Value>(work: (deadline: AbortSignal) => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    const controller = new AbortController();
    const onAbort = (): void => {
      controller.abort(signal?.reason);
    };
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const cancel = this.#options.clock.after(this.#requestTimeoutMs, () => {
      controller.abort(new DeadlineError(this.#requestTimeoutMs));
    });
    try {
      return await work(controller.signal);
    } finally {
      cancel();
      signal?.removeEventListener('abort', onAbort);
    }
  }

  #attempt<Value>(call: Call<Value>, signal: AbortSignal): Promise<Value> {
    const uri = `${this.#prefix}${call.path}`;
    const body = call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body), 'utf8');
    return this.#exchange(call, { uri, body, headers: { authorization: this.#sign(call.method, uri, body) } }, signal);
  }

  #sign(method: Method, uri: string, body: Buffer | undefined): string {
    const { macId, macKey, root, randomBytes } = this.#options;
    return authorization(macId, macKey, {
      timestamp: this.#serverClock.seconds(),
      nonce: createNonce(randomBytes),
      method,
      uri,
      host: root.hostname,
      port: this.#port,
      ext: extOf(body, this.#options),
    });
  }

  /** GET /server: not signed (api.md 16.7), with a deadline of its own, because other calls may wait for it too. */
  #readServer(): Promise<ServerReading> {
    const { clock } = this.#options;
    const askedAt = clock.monotonic();
    const uri = `${this.#prefix}${serverCall.path}`;
    return this.#withDeadline(async (deadline) => {
      const seconds = await this.#exchange(serverCall, { uri, body: undefined, headers: {} }, deadline);
      return { seconds, askedAt, answeredAt: clock.monotonic() };
    });
  }

  async #exchange<Value>(
    call: Call<Value>,
    request: { uri: string; body: Buffer | undefined; headers: Record<string, string> },
    signal: AbortSignal,
  ): Promise<Value> {
    const { clock, userAgent = 'spot-terminal' } = this.#options;
    const timing = { startedAt: clock.monotonic(), call: `${call.method} ${call.name}` };
    const headers = {
      ...request.headers,
      accept: 'application/json',
      'user-agent': userAgent,
      ...(request.body && { 'content-type': 'application/json;charset=utf-8' }),
    };
    try {
      const answer = await this.#http.send(
        { method: call.method, path: request.uri, headers, body: request.body },
        signal,
      );
      if (answer.status < 200 || answer.status > 299) {
        throw statusError(answer, { method: call.method, now: clock.now() });
      }
      const value = call.read(answer, call.method);
      this.#report(timing, answer.status, undefined);
      return value;
    } catch (error) {
      if (error instanceof WalletError) this.#report(timing, error.status, error);
      throw error;
    }
  }

  #report({ startedAt, call }: Timing, status: number | undefined, error: WalletError | undefined): void {
    const { clock, log, onAnswer } = this.#options;
    const durationMs = clock.monotonic() - startedAt;
    if (error) {
      const { code, retry, correlationId, message } = error;
      log.warn(`${call} failed: ${message}`, {
        call,
        status,
        code,
        retry,
        correlationId,
        durationMs,
        cause: error.cause,
      });
    } else {
      log.debug(`${call} was answered.`, { call, status, durationMs });
    }
    onAnswer?.({ call, ok: error === undefined, status, code: error?.code, retry: error?.retry, durationMs });
  }
}

/**
 * The part that the merchant's and the user's client share.
 * @throws WalletError `invalid_settings` when the id cannot stand in a header or the root is not an HTTP address.
 */
export function createClient(options: ClientOptions): WalletClient {
  if (!isMacText(options.macId)) {
    const message = 'The MAC id is empty or holds spaces, quotes or other characters it cannot have: copy it again.';
    throw new WalletError(message, { code: 'invalid_settings', retry: 'never' });
  }
  const { protocol, search, hash, username } = options.root;
  if (!/^https?:$/.test(protocol) || search !== '' || hash !== '' || username !== '') {
    const message = 'The API address must be https://host/path without user, query or fragment: correct it.';
    throw new WalletError(message, { code: 'invalid_settings', retry: 'never' });
  }
  return new Client(options);
}
