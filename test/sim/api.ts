import { Gate, type Merchant } from '../../sandbox/access.ts';
import { routeTable, type Route } from '../../sandbox/api/routes.ts';
import { errorBody } from '../../sandbox/errors.ts';
import { Limits } from '../../sandbox/limits.ts';
import { ApiError } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { HttpAnswer } from '../../src/main/adapters/wallet/error.ts';
import type { HttpRequest } from '../../src/main/adapters/wallet/http.ts';

export const apiRoot = new URL('http://api.invalid/rest/v1');
const prefix = '/rest/v1';

interface Found {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The sandbox's API without connections: real routes, signatures and state machines, called within the process. */
export class Api {
  readonly #gate: Gate;
  readonly #world: World;
  readonly #routes: readonly { readonly route: Route; readonly parts: readonly string[] }[];
  #limits = new Limits();
  /** Milliseconds since 1970 until when everything is refused with 429, and whether the answer says so. */
  blocked = { until: 0, retryAfter: false };

  constructor(world: World, merchant: Merchant) {
    this.#world = world;
    this.#gate = new Gate(world, merchant);
    this.#routes = routeTable(world, this.#gate).map((route) => ({ route, parts: route.url.split('/') }));
  }

  /** Seconds by which the API's clock is off. */
  set offsetSeconds(seconds: number) {
    this.#gate.offsetSeconds = seconds;
  }

  /** A request has arrived: does what it asks for. */
  answer(request: HttpRequest): HttpAnswer {
    const refused = this.#refused();
    if (refused) return refused;
    const [path = ''] = request.path.slice(prefix.length).split('?', 1);
    const found = this.#find(request.method, path);
    try {
      if (!found) throw new ApiError('not_found', 'There is no such resource');
      const work = found.route.take({
        method: request.method,
        url: request.path,
        headers: { ...request.headers, host: apiRoot.host },
        body: request.body ?? Buffer.alloc(0),
        parameters: found.parameters,
      });
      return { status: 200, headers: {}, text: work() };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.status, headers: {}, text: JSON.stringify(errorBody(error)) };
    }
  }

  #refused(): HttpAnswer | undefined {
    const now = this.#world.now();
    const waitMs = Math.max(
      this.blocked.until - now,
      this.#limits.take('merchant', now, { limitPerMinute: 60, limitPerHour: 1000 }),
    );
    if (waitMs <= 0) return undefined;
    const headers: Record<string, string> = this.blocked.retryAfter
      ? { 'retry-after': String(Math.ceil(waitMs / 1000)) }
      : {};
    const text = JSON.stringify({ error: 'rate_limit_exceeded', error_description: 'Too many requests' });
    return { status: 429, headers, text };
  }

  #find(method: string, path: string): Found | undefined {
    const asked = path.split('/');
    for (const { route, parts } of this.#routes) {
      if (route.method !== method || parts.length !== asked.length) continue;
      const parameters: Record<string, string> = {};
      const fits = parts.every((part, index) => {
        const given = asked[index] ?? '';
        if (!part.startsWith(':')) return part === given;
        parameters[part.slice(1)] = decodeURIComponent(given);
        return true;
      });
      if (fits) return { route, parameters };
    }
    return undefined;
  }
}
