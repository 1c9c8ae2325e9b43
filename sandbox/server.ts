import { randomInt } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { Gate, type Merchant } from './access.ts';
import { apiRoutes } from './api.ts';
import { controlRoutes, type Received } from './control.ts';
import { Faults, type Fault } from './faults.ts';
import { Limits } from './limits.ts';
import { pageRoutes } from './pages.ts';
import { phoneRoutes } from './phone-api.ts';
import { startPrinter } from './printer/printer.ts';
import type { VirtualPrinter } from './printer/types.ts';
import type { Switches } from './switches.ts';
import { chanceFrom, randomText } from './world/chance.ts';
import { ApiError } from './world/types.ts';
import { World } from './world/world.ts';

/** How to start a sandbox. Everything has a default. */
export interface SandboxOptions {
  /** 0 takes any free one. */
  readonly port?: number;
  readonly printerPort?: number;
  /** Credentials and keys come from it; left out, from chance. */
  readonly seed?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly switches?: Partial<Switches>;
  readonly users?: number;
}

export interface RunningSandbox {
  readonly baseUrl: string;
  readonly phoneUrl: string;
  readonly controlUrl: string;
  readonly locationId: number;
  readonly merchant: Merchant;
  readonly users: readonly { accessToken: string; macKey: string; walletId: number }[];
  readonly world: World;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly received: readonly Received[];
  readonly printer: VirtualPrinter;
  stop(): Promise<void>;
}

const root = '/rest/v1';

/** Starts a sandbox on loopback: the API, the phone, the control page and a receipt printer. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const chance = chanceFrom(options.seed ?? randomInt(2 ** 31));
  const now = options.now ?? Date.now;
  const worldOptions = {
    now,
    chance,
    ...(options.switches ? { switches: options.switches } : {}),
    ...(options.users === undefined ? {} : { users: options.users }),
  };
  const merchant = { macId: randomText(10, chance), macKey: randomText(32, chance) };
  const world = new World(worldOptions);
  const gate = new Gate(world, merchant);
  const faults = new Faults();
  const received: Received[] = [];
  const printer = await startPrinter({ host: '127.0.0.1', port: options.printerPort ?? 0 });
  const server = fastify({ forceCloseConnections: true });
  answerErrors(server);
  await server.register(
    (api, _options, done) => {
      watchApi(api, { world, gate, faults, received, now });
      apiRoutes(api, world, gate);
      done();
    },
    { prefix: root },
  );
  const reset = () => {
    world.spots.clear();
    world.orders.clear();
    world.transactions.clear();
    for (const user of world.users) Object.assign(user, { balance: 100_000, locked: 0, spotId: null });
    gate.offsetSeconds = 0;
    faults.clear();
    received.splice(0);
    printer.clear();
  };
  controlRoutes(server, { world, gate, faults, received, printer, reset });
  phoneRoutes(server, world);
  pageRoutes(server);
  await server.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const origin = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  return {
    baseUrl: `${origin}${root}`,
    phoneUrl: `${origin}/phone`,
    controlUrl: `${origin}/control`,
    locationId: world.locationId,
    merchant,
    users: world.users,
    world,
    gate,
    faults,
    received,
    printer,
    stop: async () => {
      await server.close();
      await printer.stop();
    },
  };
}

/** Errors in the API's own shape (api.md 11.1). */
function answerErrors(server: FastifyInstance): void {
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof ApiError) {
      const properties = error.properties ? { error_properties: error.properties } : {};
      return reply.code(error.status).send({ error: error.code, error_description: error.message, ...properties });
    }
    const status =
      error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    const code = status < 500 ? 'invalid_request' : 'internal_server_error';
    return reply
      .code(status)
      .send({ error: code, error_description: error instanceof Error ? error.message : 'Unknown' });
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not_found', error_description: 'No such resource' }),
  );
}

interface Watched {
  readonly world: World;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly received: Received[];
  readonly now: () => number;
}

/** Requests whose answer must not arrive, or not yet. */
const pending = new WeakMap<FastifyRequest, Fault>();

/** Records what arrives, lets faults happen, keeps the limits, and gives each answer its correlation id. */
function watchApi(api: FastifyInstance, { world, gate, faults, received, now }: Watched): void {
  const limits = new Limits();
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  api.addHook('preHandler', async (request, reply) => {
    reply.header('paysera-correlation-id', world.text(16).toLowerCase());
    const path = (request.raw.url ?? '').slice(root.length);
    if (world.switches.enforceLimits && !limits.take(idOf(request), now())) {
      throw new ApiError('rate_limit_exceeded', 'Too many requests');
    }
    const fault = faults.take(request.method, path);
    if (!fault) return;
    if (fault.type === 'delay') await wait(fault.ms);
    else if (fault.type === 'drop') request.raw.socket.destroy();
    else if (fault.type === 'status') return answerStatus(reply, fault);
    else if (fault.type === 'garbage') {
      return reply.code(502).type('text/html').send('<html><body><h1>502 Bad Gateway</h1></body></html>');
    } else pending.set(request, fault);
  });
  api.addHook('onSend', async (request, reply, payload) => {
    const fault = pending.get(request);
    if (fault?.type === 'delayAnswer') await wait(fault.ms);
    if (fault?.type === 'dropAnswer') request.raw.socket.destroy();
    if (fault?.type === 'statusAfter') {
      reply.code(fault.status);
      return JSON.stringify({ error: 'internal_server_error', error_description: 'The work was done' });
    }
    return payload;
  });
  api.addHook('onResponse', (request, reply, done) => {
    const path = (request.raw.url ?? '').slice(root.length);
    received.push({
      at: now(),
      side: sideOf(request, gate, world),
      method: request.method,
      path,
      status: reply.statusCode,
    });
    done();
  });
}

function answerStatus(reply: import('fastify').FastifyReply, fault: Extract<Fault, { type: 'status' }>) {
  if (fault.retryAfter !== undefined) reply.header('retry-after', String(fault.retryAfter));
  const error = fault.status === 429 ? 'rate_limit_exceeded' : 'internal_server_error';
  return reply.code(fault.status).send({ error, error_description: 'A fault of the sandbox' });
}

function idOf(request: FastifyRequest): string {
  return /id="([^"]*)"/.exec(request.headers.authorization ?? '')?.[1] ?? 'unknown';
}

function sideOf(request: FastifyRequest, _gate: Gate, world: World): Received['side'] {
  const id = idOf(request);
  if (id === 'unknown') return 'unknown';
  return world.users.some((user) => user.accessToken === id) ? 'user' : 'merchant';
}
