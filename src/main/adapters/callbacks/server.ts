import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { CallbackDesk } from '../../ports/callbacks.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { callbackOf, formOf, type Form } from './form.ts';
import type { KeySource } from './keys.ts';
import { Senders } from './senders.ts';
import { isSigned } from './signature.ts';

/** Why the listener for callbacks cannot listen. */
export class CallbackListenerError extends Error {
  readonly code: 'port_taken' | 'listen_failed';

  constructor(code: CallbackListenerError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'CallbackListenerError';
    this.code = code;
  }
}

export interface CallbackListenerOptions {
  readonly desk: CallbackDesk;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** The only path that is answered. */
  readonly path: string;
  /** Address of a reverse proxy on another machine; one on this machine is known by its loopback address. */
  readonly proxyAddress?: string | undefined;
  readonly keys: KeySource;
  readonly clock: Clock;
  readonly log: Log;
}

export interface CallbackListener {
  /** Where it listens on this machine, with the path. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A transaction with twenty payments and inquiries has about 20 kB, form-encoded three times as many. */
const bodyLimit = 64 * 1024;
/** A sender that is slower than this is cut off, in milliseconds. */
const requestTimeoutMs = 10_000;
/** Connections at once: Paysera tells of one transaction at a time. */
const mostConnections = 64;
/** Callbacks that are remembered, so that a repeat causes no second reading. */
const mostRemembered = 1000;

/**
 * Listens for the API's callbacks (docs/callbacks.md). What is signed rightly is handed on once and answered with `OK`,
 * repeats too; everything else is refused. Nothing that it hears is believed: the desk only reads the transaction.
 * @throws CallbackListenerError when it cannot listen
 */
export async function startCallbackListener(options: CallbackListenerOptions): Promise<CallbackListener> {
  const server = build(options);
  await listen(server, options);
  const { port } = server.server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}${options.path}`,
    stop: () => server.close(),
  };
}

function build(options: CallbackListenerOptions): FastifyInstance {
  const { path, proxyAddress, log } = options;
  const server = fastify({
    bodyLimit,
    forceCloseConnections: true,
    requestTimeout: requestTimeoutMs,
    trustProxy: (address, hop) => hop === 0 && isProxy(address, proxyAddress),
  });
  server.server.maxConnections = mostConnections;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  server.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
    if (status >= 500) log.error('A callback could not be looked at.', { error: String(error) });
    return answer(reply, status, 'This is not a callback.');
  });
  server.setNotFoundHandler((_request, reply) => answer(reply, 404, 'There is nothing here.'));
  const hearing = new Hearing(options);
  server.route({
    method: 'POST',
    url: path,
    // Before the body is read: a forger costs nothing.
    onRequest: (request, reply, next) => {
      if (hearing.isRefused(request)) void answer(reply, 429, 'Too many forged callbacks.');
      else next();
    },
    handler: (request, reply) => hearing.take(request, reply),
  });
  return server;
}

/**
 * Whether whoever connects is our reverse proxy, so that the address that it names in X-Forwarded-For is the sender's: on
 * this machine always, elsewhere only where it is configured. Everybody else could name any address.
 */
export function isProxy(address: string, proxyAddress: string | undefined): boolean {
  const plain = address.replace(/^::ffff:/, '');
  return plain === '::1' || plain.startsWith('127.') || plain === proxyAddress;
}

function answer(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(text);
}

/** Looks at one callback after the other. */
class Hearing {
  readonly #options: CallbackListenerOptions;
  readonly #senders = new Senders();
  readonly #heard = new Set<string>();

  constructor(options: CallbackListenerOptions) {
    this.#options = options;
  }

  isRefused(request: FastifyRequest): boolean {
    return this.#senders.isRefused(request.ip, this.#options.clock.monotonic());
  }

  async take(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const form = Buffer.isBuffer(request.body) ? formOf(request.body) : null;
    if (!form) return answer(reply, 400, 'Send the fields event and sign, each once.');
    const verdict = await this.#check(form);
    // Not the sender's fault: it may try again.
    if (verdict === 'no_key') return answer(reply, 503, 'The key for signatures is not there yet.');
    if (verdict === 'forged') {
      this.#forged(request);
      return answer(reply, 403, 'The signature is not right.');
    }
    this.#hear(form);
    return answer(reply, 200, 'OK');
  }

  /** With the key at hand, and with a new one where one may be had: it may have been changed. */
  async #check(form: Form): Promise<'right' | 'forged' | 'no_key'> {
    const { keys } = this.#options;
    if (keys.current && isSigned(form, keys.current)) return 'right';
    const other = await keys.renewed();
    if (other && isSigned(form, other)) return 'right';
    return keys.current ? 'forged' : 'no_key';
  }

  #forged(request: FastifyRequest): void {
    const { clock, log } = this.#options;
    const isFirst = this.#senders.forged(request.ip, clock.monotonic());
    if (isFirst) log.warn('A callback with a wrong signature was refused.', { sender: request.ip });
  }

  #hear(form: Form): void {
    const { desk, log } = this.#options;
    const digest = createHash('sha256').update(form.event).digest('base64');
    if (this.#heard.has(digest)) return;
    this.#heard.add(digest);
    const [oldest] = this.#heard;
    if (this.#heard.size > mostRemembered && oldest !== undefined) this.#heard.delete(oldest);
    const callback = callbackOf(form.event);
    if (!callback) {
      log.info('A callback told of something that this terminal does not know.');
      return;
    }
    log.debug('A callback came.', { kind: callback.kind });
    desk.hear(callback);
  }
}

async function listen(server: FastifyInstance, { host, port }: CallbackListenerOptions): Promise<void> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    await server.close();
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken
      ? new CallbackListenerError(
          'port_taken',
          `Port ${port} for callbacks is taken. Stop the program that uses it, or set callbacks.port to another.`,
          error,
        )
      : new CallbackListenerError(
          'listen_failed',
          `The listener for callbacks cannot listen on ${host}, port ${port}: ${String(error)}. Check callbacks.host.`,
          error,
        );
  }
}
