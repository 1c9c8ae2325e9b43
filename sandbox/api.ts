import type { FastifyInstance, FastifyRequest } from 'fastify';
import { asMerchant, asUser, type Caller, type Gate } from './access.ts';
import { listAnswer, orderAnswer, spotAnswer, transactionAnswer, wantsTransactions } from './answers.ts';
import { newTransactionFrom, orderFrom, pricesFrom } from './bodies.ts';
import { ApiError, type SpotStatus, type Transaction } from './world/types.ts';
import type { World } from './world/world.ts';

/** One request of the API, checked and taken apart. */
interface Asked {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

type Handler = (asked: Asked) => unknown;

/** Every route under the API root (api.md 5). `public` needs no signature. */
export function apiRoutes(server: FastifyInstance, world: World, gate: Gate): void {
  const route = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, handler: Handler) => {
    server.route({
      method,
      url,
      handler: async (request, reply) => {
        const answer = handler(askedOf(request, gate));
        return reply.type('application/json;charset=utf-8').send(answer === undefined ? '' : JSON.stringify(answer));
      },
    });
  };
  server.get('/server', () => ({ time: gate.seconds() }));
  spotRoutes(route, world);
  orderRoutes(route, world);
  transactionRoutes(route, world);
}

type Route = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, handler: Handler) => void;

function askedOf(request: FastifyRequest, gate: Gate): Asked {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return {
    caller: gate.caller(request, body),
    params: request.params as Record<string, string>,
    query: request.query as Record<string, string>,
    body,
  };
}

function idOf(asked: Asked): number {
  const id = Number(asked.params['id']);
  if (!Number.isSafeInteger(id) || id < 1) throw new ApiError('not_found', 'No such id');
  return id;
}

/** Users, and merchants where the switch lets them (api.md 17.1). */
function reader(world: World, caller: Caller): void {
  if (caller.side === 'merchant' && !world.switches.merchantMayReadSpots) {
    throw new ApiError('forbidden', 'Access token of a user is required');
  }
}

function spotRoutes(route: Route, world: World): void {
  const shown = (spotId: number, { query }: Asked) =>
    spotAnswer(world, world.spot(spotId), { orders: true, embed: wantsTransactions(world.switches, query['fields']) });
  route('GET', '/spot', (asked) => {
    reader(world, asked.caller);
    if (!asked.query['code'])
      throw new ApiError('invalid_parameters', 'Code is required', { code: ['Value is missing'] });
    return shown(world.spotByCode(asked.query['code']).id, asked);
  });
  route('GET', '/spot/:id', (asked) => {
    reader(world, asked.caller);
    return shown(idOf(asked), asked);
  });
  route('PUT', '/spot/:id/check-in', (asked) => shown(world.checkIn(asUser(asked.caller), idOf(asked)).id, asked));
  route('PUT', '/spot/:id/check-out', (asked) => shown(world.checkOut(asUser(asked.caller), idOf(asked)).id, asked));
  route('PUT', '/spot/:id/close', (asked) => {
    asMerchant(asked.caller);
    return shown(world.closeSpot(idOf(asked)).id, asked);
  });
  route('GET', '/spots', (asked) => {
    asMerchant(asked.caller);
    return listSpots(world, asked);
  });
  route('GET', '/code', ({ query }) => meaningOf(world, query['code'] ?? ''));
}

function listSpots(world: World, { query }: Asked): unknown {
  world.advance();
  const { openSpelling, strictStatusFilter, ordersInLists } = world.switches;
  const asked = query['status'];
  const other = openSpelling === 'open' ? 'opened' : 'open';
  if (strictStatusFilter && asked === other)
    throw new ApiError('invalid_parameters', 'Unknown status', { status: ['Unknown'] });
  const status = asked === 'opened' ? 'open' : (asked as SpotStatus | undefined);
  const spots = [...world.spots.values()].filter(
    (spot) =>
      (status === undefined || spot.status === status) &&
      (query['location_id'] === undefined || spot.locationId === Number(query['location_id'])),
  );
  return listAnswer(
    'spots',
    spots.map((spot) => spotAnswer(world, spot, { orders: ordersInLists })),
    pageOf(query, 100),
  );
}

function pageOf(query: Readonly<Record<string, string>>, most: number): { limit: number; offset: number } {
  const limit = Number(query['limit'] ?? 20);
  const offset = Number(query['offset'] ?? 0);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > most || !Number.isSafeInteger(offset) || offset < 0) {
    throw new ApiError('invalid_parameters', `Limit is 1 to ${most}, offset is 0 or more`);
  }
  return { limit, offset };
}

/** What a scanned text means (api.md 7, 13). */
function meaningOf(world: World, code: string): unknown {
  const inner = code.startsWith('https://paysera.com/app?qr=') ? (new URL(code).searchParams.get('qr') ?? '') : code;
  if (inner.startsWith('PAYSERA%')) {
    return { type: 'transaction', parameters: { transaction_key: world.transaction(inner.slice(8)).key } };
  }
  if (inner.startsWith('PAYSERA*')) return { type: 'spot', parameters: { spot_id: world.spotByCode(inner).id } };
  throw new ApiError('not_found', 'Code was not recognised');
}

function orderRoutes(route: Route, world: World): void {
  const keyFrom = (asked: Asked): string => {
    const { projectId } = asMerchant(asked.caller);
    const order = orderFrom(asked.body, { now: world.now(), projectId });
    return 'key' in order ? order.key : world.createTransaction(order.asked).key;
  };
  route('GET', '/order/:id', (asked) => {
    reader(world, asked.caller);
    return orderAnswer(world, world.order(idOf(asked)));
  });
  route('POST', '/spot/:id/order', (asked) => {
    world.spot(idOf(asked));
    return orderAnswer(world, world.createOrder(idOf(asked), keyFrom(asked)));
  });
  route('PUT', '/order/:id', (asked) => {
    world.order(idOf(asked));
    return orderAnswer(world, world.editOrder(idOf(asked), keyFrom(asked)));
  });
  route('DELETE', '/order/:id', (asked) => {
    asMerchant(asked.caller);
    return orderAnswer(world, world.deleteOrder(idOf(asked)));
  });
}

function bodyOf(world: World, form: 'transaction' | 'empty_object' | 'nothing', transaction: Transaction): unknown {
  if (form === 'nothing') return undefined;
  return form === 'transaction' ? transactionAnswer(world, transaction) : {};
}

function transactionRoutes(route: Route, world: World): void {
  const key = (asked: Asked) => asked.params['key'] ?? '';
  const reserve: Handler = (asked) => {
    const user = asUser(asked.caller);
    const wallet = asked.params['wallet'];
    if (wallet !== undefined && wallet !== 'me' && Number(wallet) !== user.walletId) {
      throw new ApiError('forbidden', 'This is not your wallet');
    }
    return transactionAnswer(world, world.reserve(user, key(asked)));
  };
  route('POST', '/transaction', (asked) => {
    const { projectId } = asMerchant(asked.caller);
    return transactionAnswer(
      world,
      world.createTransaction(newTransactionFrom(asked.body, { now: world.now(), projectId })),
    );
  });
  route('GET', '/transaction/:key', (asked) => transactionAnswer(world, world.transaction(key(asked))));
  route('GET', '/transactions', (asked) => {
    asMerchant(asked.caller);
    return listTransactions(world, asked);
  });
  route('PUT', '/transaction/:key/reserve', reserve);
  route('PUT', '/transaction/:key/reserve/:wallet', reserve);
  route('PUT', '/transaction/:key/confirm', (asked) => {
    asMerchant(asked.caller);
    return bodyOf(world, world.switches.confirmAnswer, world.confirm(key(asked), pricesFrom(asked.body)));
  });
  route('DELETE', '/transaction/:key', (asked) => {
    asMerchant(asked.caller);
    return bodyOf(world, world.switches.deleteAnswer, world.deleteTransaction(key(asked)));
  });
  route('POST', '/transaction/renew/:key', (asked) => {
    asMerchant(asked.caller);
    return transactionAnswer(world, world.renew(key(asked)));
  });
}

function listTransactions(world: World, { query }: Asked): unknown {
  world.advance();
  const statuses = query['status']?.split(',');
  const from = Number(query['from'] ?? 0) * 1000;
  const to = query['to'] === undefined ? Number.POSITIVE_INFINITY : Number(query['to']) * 1000;
  const found = [...world.transactions.values()]
    .filter((each) => (!statuses || statuses.includes(each.status)) && each.createdAt >= from && each.createdAt <= to)
    .reverse();
  return listAnswer(
    'transactions',
    found.map((each) => transactionAnswer(world, each)),
    pageOf(query, 200),
  );
}
