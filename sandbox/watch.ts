import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gate } from './access.ts';
import { sendError } from './errors.ts';
import type { Fault, Faults } from './faults.ts';
import { Limits } from './limits.ts';
import { randomText } from './world/chance.ts';
import { ApiError } from './world/types.ts';
import type { World } from './world/world.ts';

/** A request that the API received; signatures are left out. */
export interface Received {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly side: 'merchant' | 'user' | 'unknown';
  readonly method: string;
  /** Path and query as on the wire, after the API root. */
  readonly path: string;
  /** What was sent, at most 10,000 characters of it. */
  body: string;
  /** HTTP status of the answer; 0 when there was none, or not yet. */
  status: number;
  /** The fault that it met. */
  fault: Fault['type'] | null;
}

/** What is watched, and with what. */
export interface WatchOptions {
  /** The API's root, `/rest/v1`. */
  readonly root: string;
  readonly world: World;
  readonly gate: Gate;
  readonly faults: Faults;
  /** Chance in 0..1, for correlation ids. */
  readonly chance: () => number;
  /** Ends waits when the sandbox stops. */
  readonly signal: AbortSignal;
}

/** The oldest requests are forgotten. */
const rememberedRequests = 20_000;
const longestBody = 10_000;

const gatewayPage =
  '<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1></body>\n</html>\n';

/** Stands at the door of the API: records what arrives, lets faults happen, keeps the limits, numbers the answers. */
export class Watch {
  readonly #options: WatchOptions;
  #limits = new Limits();
  /** The fault of a request whose work is done all the same. */
  readonly #met = new WeakMap<FastifyRequest, Fault>();
  readonly #records = new WeakMap<FastifyRequest, Received>();
  readonly received: Received[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  clear(): void {
    this.received.splice(0);
    this.#limits = new Limits();
  }

  /** Whether the work of this request is to be done twice. */
  isDoubled(request: FastifyRequest): boolean {
    return this.#met.get(request)?.type === 'duplicate';
  }

  /** Puts itself before and behind every route of the API. */
  attach(api: FastifyInstance): void {
    api.removeAllContentTypeParsers();
    api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    api.addHook('onRequest', (request, reply, done) => {
      this.#record(request);
      reply.header('paysera-correlation-id', randomText(16, this.#options.chance).toLowerCase());
      done();
    });
    const before = (request: FastifyRequest, reply: FastifyReply) => this.#before(request, reply);
    api.addHook('preHandler', before);
    // A path that is no route goes through the same door.
    api.setNotFoundHandler({ preHandler: before }, (_request, reply) =>
      sendError(reply, new ApiError('not_found', 'There is no such resource')),
    );
    api.addHook('onSend', async (request, reply, payload) => {
      const sent = await this.#onSend(request, reply, payload);
      const record = this.#records.get(request);
      if (record && record.fault !== 'dropAnswer') record.status = reply.statusCode;
      return sent;
    });
  }

  #record(request: FastifyRequest): void {
    const { root, world, gate } = this.#options;
    const record: Received = {
      at: world.now(),
      side: gate.sideOf(request.headers.authorization),
      method: request.method,
      path: (request.raw.url ?? '').slice(root.length),
      body: '',
      status: 0,
      fault: null,
    };
    this.#records.set(request, record);
    this.received.push(record);
    if (this.received.length > rememberedRequests) this.received.shift();
  }

  async #before(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const fault = this.#faultOf(request);
    if (fault?.type === 'delay' && !(await this.#waits(fault.ms))) return cut(request, reply);
    this.#keepLimits(request, reply);
    switch (fault?.type) {
      case 'drop':
        return cut(request, reply);
      case 'status':
        return sendStatus(reply, fault);
      case 'garbage':
        return reply.code(fault.status).type('text/html').send(gatewayPage);
      default:
        if (fault) this.#met.set(request, fault);
        return undefined;
    }
  }

  /** The fault that this request meets, if any; its body and the fault are put down. */
  #faultOf(request: FastifyRequest): Fault | undefined {
    const record = this.#records.get(request);
    const fault = this.#options.faults.take(request.method, record?.path ?? '');
    if (!record) return fault;
    if (Buffer.isBuffer(request.body)) record.body = request.body.toString('utf8').slice(0, longestBody);
    record.fault = fault?.type ?? null;
    return fault;
  }

  #keepLimits(request: FastifyRequest, reply: FastifyReply): void {
    const { world } = this.#options;
    if (!world.switches.enforceLimits) return;
    const id = /\bid="([^"]*)"/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const waitMs = this.#limits.take(id, world.now(), world.switches);
    if (waitMs === 0) return;
    if (world.switches.retryAfterOn429) reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
    throw new ApiError('rate_limit_exceeded', 'Too many requests');
  }

  async #onSend(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const fault = this.#met.get(request);
    switch (fault?.type) {
      case 'delayAnswer':
        if (!(await this.#waits(fault.ms))) request.raw.socket.destroy();
        return payload;
      case 'dropAnswer':
        request.raw.socket.destroy();
        return payload;
      case 'statusAfter':
        reply.code(fault.status).type('application/json;charset=utf-8');
        return JSON.stringify({ error: 'internal_server_error', error_description: 'A fault of the sandbox' });
      case 'garbageAfter':
        reply.code(fault.status).type('text/html');
        return gatewayPage;
      default:
        return payload;
    }
  }

  /** Waits, and tells whether the whole time has passed: the sandbox may stop meanwhile. */
  async #waits(ms: number): Promise<boolean> {
    const { signal } = this.#options;
    try {
      await wait(ms, undefined, { signal });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }
}

/** Ends the connection instead of going on. */
function cut(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.hijack();
  request.raw.socket.destroy();
  return reply;
}

function sendStatus(reply: FastifyReply, fault: Extract<Fault, { type: 'status' }>): FastifyReply {
  if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
  const error = fault.status === 429 ? 'rate_limit_exceeded' : 'internal_server_error';
  return reply.code(fault.status).send({ error, error_description: 'A fault of the sandbox' });
}
