import type { z } from 'zod';
import type { RemoteOrder, RemoteSpot, RemoteTransaction, SpotStatus, TransactionRequest } from '../../core/remote.ts';
import type { Outcome, WalletPort } from '../../ports/wallet.ts';
import { createClient, ignored, parsed, type Ask, type ClientOptions } from './client.ts';
import { WalletError } from './error.ts';
import { orderOf, spotOf, transactionBody, transactionOf } from './map.ts';
import { readAllPages } from './pages.ts';
import {
  orderSchema,
  spotListSchema,
  spotSchema,
  transactionListSchema,
  transactionSchema,
  type orderRequestSchema,
  type WireSpot,
  type WireTransaction,
} from './wire.ts';

/** The merchant's side of the API: what the terminal needs, and a little more. */
export interface MerchantClient extends WalletPort {
  /** POST /spot/:id/order with a whole transaction. After a lost answer its key is unknown: prefer two steps (api.md 8.3). */
  createOrderInline(spotId: number, request: TransactionRequest, signal: AbortSignal): Promise<Outcome<RemoteOrder>>;
  /** Ends connections and requests under way. Idempotent. */
  stop(): Promise<void>;
}

const spotsPerPage = 50;
const transactionsPerPage = 200;

type OpenSpelling = 'open' | 'opened';

function orderBody(body: z.input<typeof orderRequestSchema>): unknown {
  return body;
}

/** Spots of the configured location, as far as the answer tells where they are (api.md 16.8). */
function isAt(locationId: number | undefined, spot: WireSpot): boolean {
  const at = spot.place_info?.location_id;
  return locationId === undefined || at === undefined || at === null || at === locationId;
}

function spotPages(ask: Ask, status: string, locationId: number | undefined): Promise<WireSpot[]> {
  const location = locationId === undefined ? '' : `&location_id=${locationId}`;
  return readAllPages<WireSpot>({
    pageSize: spotsPerPage,
    idOf: (spot) => String(spot.id),
    page: (offset) =>
      ask({
        method: 'GET',
        name: '/spots',
        path: `/spots?status=${status}${location}&limit=${spotsPerPage}&offset=${offset}`,
        read: parsed(spotListSchema, (list) => ({ items: list.spots, metadata: list._metadata })),
      }),
  });
}

function transactionPages(ask: Ask, query: string): Promise<WireTransaction[]> {
  return readAllPages<WireTransaction>({
    pageSize: transactionsPerPage,
    idOf: (transaction) => transaction.transaction_key,
    page: (offset) =>
      ask({
        method: 'GET',
        name: '/transactions',
        path: `/transactions?${query}&limit=${transactionsPerPage}&offset=${offset}`,
        read: parsed(transactionListSchema, (list) => ({ items: list.transactions, metadata: list._metadata })),
      }),
  });
}

/** Calls about spots and finding them. */
function spotCalls(options: ClientOptions, run: ReturnType<typeof createClient>['run']) {
  const { locationId } = options;
  /** How this API spells the open state when asked for it: learnt once (api.md 16.1). */
  let spelling: OpenSpelling = 'open';
  const readSpot = parsed(spotSchema, spotOf);

  async function openSpots(ask: Ask): Promise<WireSpot[]> {
    try {
      return await spotPages(ask, spelling, locationId);
    } catch (error) {
      if (!(error instanceof WalletError) || error.code !== 'invalid_parameters') throw error;
      const other: OpenSpelling = spelling === 'open' ? 'opened' : 'open';
      const spots = await spotPages(ask, other, locationId);
      spelling = other;
      return spots;
    }
  }

  return {
    spotByCode(code: string, signal: AbortSignal): Promise<Outcome<RemoteSpot>> {
      const path = `/spot?code=${encodeURIComponent(code)}`;
      return run(signal, (ask) => ask({ method: 'GET', name: '/spot?code=', path, read: readSpot }));
    },
    spot(spotId: number, signal: AbortSignal): Promise<Outcome<RemoteSpot>> {
      const path = `/spot/${spotId}?fields=*,orders.transaction`;
      return run(signal, (ask) => ask({ method: 'GET', name: '/spot/:id', path, read: readSpot }));
    },
    findSpots(status: SpotStatus, signal: AbortSignal): Promise<Outcome<readonly RemoteSpot[]>> {
      return run(signal, async (ask) => {
        const spots = status === 'open' ? await openSpots(ask) : await spotPages(ask, status, locationId);
        return spots.filter((spot) => isAt(locationId, spot)).map(spotOf);
      });
    },
    closeSpot(spotId: number, signal: AbortSignal): Promise<Outcome<null>> {
      const path = `/spot/${spotId}/close`;
      return run(signal, (ask) => ask({ method: 'PUT', name: '/spot/:id/close', path, read: ignored }));
    },
  };
}

/** Calls about orders. */
function orderCalls(run: ReturnType<typeof createClient>['run']) {
  const read = parsed(orderSchema, orderOf);
  const create = (spotId: number, body: unknown, signal: AbortSignal): Promise<Outcome<RemoteOrder>> =>
    run(signal, (ask) => ask({ method: 'POST', name: '/spot/:id/order', path: `/spot/${spotId}/order`, body, read }));

  return {
    attachOrder: (spotId: number, key: string, signal: AbortSignal) =>
      create(spotId, orderBody({ transaction_key: key }), signal),
    createOrderInline: (spotId: number, request: TransactionRequest, signal: AbortSignal) =>
      create(spotId, orderBody({ transaction: transactionBody(request) }), signal),
    pointOrder(orderId: number, key: string, signal: AbortSignal): Promise<Outcome<RemoteOrder>> {
      const body = orderBody({ transaction_key: key });
      return run(signal, (ask) => ask({ method: 'PUT', name: '/order/:id', path: `/order/${orderId}`, body, read }));
    },
    deleteOrder(orderId: number, signal: AbortSignal): Promise<Outcome<null>> {
      const path = `/order/${orderId}`;
      return run(signal, (ask) => ask({ method: 'DELETE', name: '/order/:id', path, read: ignored }));
    },
  };
}

/** Calls about transactions. */
function transactionCalls(run: ReturnType<typeof createClient>['run']) {
  const read = parsed(transactionSchema, transactionOf);
  const pathOf = (key: string): string => `/transaction/${encodeURIComponent(key)}`;

  return {
    transaction(key: string, signal: AbortSignal): Promise<Outcome<RemoteTransaction>> {
      return run(signal, (ask) => ask({ method: 'GET', name: '/transaction/:key', path: pathOf(key), read }));
    },
    findTransactions(
      statuses: readonly string[],
      fromSeconds: number,
      signal: AbortSignal,
    ): Promise<Outcome<readonly RemoteTransaction[]>> {
      const query = `status=${statuses.map(encodeURIComponent).join(',')}&from=${Math.floor(fromSeconds)}`;
      return run(signal, async (ask) => (await transactionPages(ask, query)).map(transactionOf));
    },
    createTransaction(request: TransactionRequest, signal: AbortSignal): Promise<Outcome<RemoteTransaction>> {
      const body = transactionBody(request);
      return run(signal, (ask) => ask({ method: 'POST', name: '/transaction', path: '/transaction', body, read }));
    },
    confirm(key: string, signal: AbortSignal): Promise<Outcome<null>> {
      const path = `${pathOf(key)}/confirm`;
      return run(signal, (ask) => ask({ method: 'PUT', name: '/transaction/:key/confirm', path, read: ignored }));
    },
    revoke(key: string, signal: AbortSignal): Promise<Outcome<null>> {
      return run(signal, (ask) =>
        ask({ method: 'DELETE', name: '/transaction/:key', path: pathOf(key), read: ignored }),
      );
    },
  };
}

/**
 * The merchant's client, signed with the merchant's own credentials.
 * @throws WalletError `invalid_settings` when id or address cannot be used.
 */
export function createMerchantClient(options: ClientOptions): MerchantClient {
  let mayLeave = (): boolean => true;
  const client = createClient({ ...options, mayLeaveFurther: () => mayLeave() });
  const run: typeof client.run = (signal, work) => client.run(signal, work);
  return {
    ...spotCalls(options, run),
    ...orderCalls(run),
    ...transactionCalls(run),
    askBeforeFurther: (asked) => {
      mayLeave = asked;
    },
    synchroniseClock: (signal) => client.synchronise(signal),
    stop: () => client.stop(),
  };
}
