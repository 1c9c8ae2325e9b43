import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asMerchant, asUser, type Caller, type Gate } from '../access.ts';
import { ApiError, type User } from '../world/types.ts';
import type { World } from '../world/world.ts';
import type { Json } from './answers.ts';
import type { Moment } from './bodies.ts';
import { orderRoutes } from './orders.ts';
import type { ApiRequest } from './request.ts';
import { spotRoutes } from './spots.ts';
import { transactionRoutes } from './transactions.ts';

/** One request of the API, its signature checked, taken apart. */
export interface Asked {
  readonly caller: Caller;
  readonly query: URLSearchParams;
  readonly body: Uint8Array;
  /** What its body is read with. */
  readonly moment: Moment;
  parameter(name: string): string;
  /** The `:id` of the path. @throws ApiError `not_found` */
  id(): number;
}

/** An answer's body; undefined is none. */
type Answer = Json | undefined;
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Adds routes by who may call them (api.md 5). */
export interface Routes {
  /** Merchants only. `money` are the calls that Paysera's own software sends `project_id` and `location_id` with. */
  merchant(method: Method, url: string, handler: (asked: Asked) => Answer, options?: { money: boolean }): void;
  /** Users only. */
  user(method: Method, url: string, handler: (asked: Asked, user: User) => Answer): void;
  /** Users, and merchants where the switch lets them (api.md 17.1). */
  reader(method: Method, url: string, handler: (asked: Asked) => Answer): void;
  /** Whoever signs. */
  anyone(method: Method, url: string, handler: (asked: Asked) => Answer): void;
}

/** What a request asks for: does it and gives the body of the answer; empty is none. @throws ApiError */
export type Work = () => string;

/** One route. */
export interface Route {
  readonly method: Method;
  /** With `:name` for what the path names. */
  readonly url: string;
  /** Checks a request; gives the work that it asks for, which gives the body of the answer. Both throw ApiError. */
  readonly take: (request: ApiRequest) => Work;
}

/** Every route under the API root (api.md 5). */
export function routeTable(world: World, gate: Gate): readonly Route[] {
  // The only one without a signature (api.md 2).
  const time: Work = () => JSON.stringify({ time: gate.seconds() });
  const table: Route[] = [{ method: 'GET', url: '/server', take: () => time }];
  const routes = routesInto(table, world, gate);
  spotRoutes(routes, world);
  orderRoutes(routes, world);
  transactionRoutes(routes, world);
  return table;
}

/** What the routes need. */
export interface Served {
  readonly world: World;
  readonly gate: Gate;
  /** Whether a fault lets the work of this request be done twice. */
  readonly isDoubled: (request: FastifyRequest) => boolean;
}

/** Serves the routes over HTTP. */
export function apiRoutes(server: FastifyInstance, { world, gate, isDoubled }: Served): void {
  for (const { method, url, take } of routeTable(world, gate)) {
    server.route({
      method,
      url,
      handler: (request, reply) => {
        const work = take(requestOf(request));
        if (isDoubled(request)) doFirstTime(work);
        return reply.type('application/json;charset=utf-8').send(work());
      },
    });
  }
}

function requestOf(request: FastifyRequest): ApiRequest {
  return {
    method: request.method,
    url: request.raw.url ?? '',
    headers: request.headers,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    parameters: request.params as Readonly<Record<string, string>>,
  };
}

function routesInto(table: Route[], world: World, gate: Gate): Routes {
  const anyone: Routes['anyone'] = (method, url, handler) => {
    const take = (request: ApiRequest): Work => {
      const asked = askedOf(request, world, gate);
      return () => {
        const answer = handler(asked);
        return answer === undefined ? '' : JSON.stringify(answer);
      };
    };
    table.push({ method, url, take });
  };
  return {
    anyone,
    merchant: (method, url, handler, { money } = { money: false }) => {
      anyone(method, url, (asked) => {
        const { projectId, locationId } = asMerchant(asked.caller);
        const { extIds } = world.switches;
        const needed = extIds === 'for_all' || (extIds === 'for_transactions' && money);
        if (needed && (projectId === null || locationId === null)) {
          throw new ApiError('forbidden', 'The ext parameter must name project_id and location_id');
        }
        return handler(asked);
      });
    },
    user: (method, url, handler) => {
      anyone(method, url, (asked) => handler(asked, asUser(asked.caller)));
    },
    reader: (method, url, handler) => {
      anyone(method, url, (asked) => {
        if (!world.switches.merchantMayReadSpots) asUser(asked.caller);
        return handler(asked);
      });
    },
  };
}

/** The answer to the first of two deliveries is lost, whatever it was. */
function doFirstTime(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function askedOf(request: ApiRequest, world: World, gate: Gate): Asked {
  const { body, parameters } = request;
  const caller = gate.caller(request);
  if (body.length > 0 && !/^application\/json\b/i.test(request.headers['content-type'] ?? 'application/json')) {
    throw new ApiError('not_acceptable', 'Only JSON is understood');
  }
  const ids = caller.side === 'merchant' ? caller : { projectId: null, locationId: null };
  const [, query = ''] = request.url.split('?', 2);
  return {
    caller,
    query: new URLSearchParams(query),
    body,
    moment: {
      now: world.now(),
      switches: world.switches,
      projectId: ids.projectId,
      locationId: ids.locationId,
    },
    parameter: (name) => parameters[name] ?? '',
    id: () => {
      const id = parameters['id'] ?? '';
      if (!/^[1-9]\d{0,14}$/.test(id)) throw new ApiError('not_found', 'There is no such id');
      return Number(id);
    },
  };
}
