import type { RemoteOrder, RemoteSpot, RemoteTransaction } from '../../core/remote.ts';
import type { Outcome } from '../../ports/wallet.ts';
import { createClient, ignored, parsed, type Call, type ClientOptions } from './client.ts';
import { jsonOf, type HttpAnswer, type Method } from './error.ts';
import { orderOf, spotOf, transactionOf } from './map.ts';
import type { Secret } from './sign.ts';
import { codeSchema, orderSchema, spotSchema, transactionSchema } from './wire.ts';

/** What a scanned code means: `transaction`, `spot`, `prefill` or something newer, with its parameters. */
export interface ResolvedCode {
  readonly type: string;
  readonly transactionKey: string | null;
  readonly spotId: number | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The customer's side of the API (api.md 7). It works only with an access token. */
export interface UserClient {
  /** GET /spot?code= : the full text of the QR code; the first request registers the spot. */
  spotByCode(code: string, signal: AbortSignal): Promise<Outcome<RemoteSpot>>;
  /** GET /spot/:id */
  spot(spotId: number, signal: AbortSignal): Promise<Outcome<RemoteSpot>>;
  /** PUT /spot/:id/check-in : ends being checked in elsewhere. */
  checkIn(spotId: number, signal: AbortSignal): Promise<Outcome<RemoteSpot>>;
  /** PUT /spot/:id/check-out : the last one out closes the spot. */
  checkOut(spotId: number, signal: AbortSignal): Promise<Outcome<RemoteSpot>>;
  /** GET /order/:id */
  order(orderId: number, signal: AbortSignal): Promise<Outcome<RemoteOrder>>;
  /** PUT /transaction/:key/reserve ; null when the answer was empty. */
  reserve(key: string, signal: AbortSignal): Promise<Outcome<RemoteTransaction | null>>;
  /** PUT /transaction/:key/reserve/:wallet */
  reserveFromWallet(
    key: string,
    wallet: number | 'me',
    signal: AbortSignal,
  ): Promise<Outcome<RemoteTransaction | null>>;
  /** GET /code?code= */
  resolveCode(code: string, signal: AbortSignal): Promise<Outcome<ResolvedCode>>;
  stop(): Promise<void>;
}

/** As for a merchant, but with a token and its key instead of the merchant's, and on nobody's behalf. */
export interface UserClientOptions extends Omit<ClientOptions, 'macId' | 'macKey' | 'projectId' | 'locationId'> {
  readonly accessToken: string;
  readonly tokenKey: Secret;
}

const readTransaction = parsed(transactionSchema, transactionOf);

function readReservation(answer: HttpAnswer, method: Method): RemoteTransaction | null {
  const body = jsonOf(answer.text);
  const empty = typeof body === 'object' && body !== null && Object.keys(body).length === 0;
  return empty || answer.text.trim() === '' ? ignored(answer, method) : readTransaction(answer, method);
}

const readCode = parsed(codeSchema, ({ type, parameters }): ResolvedCode => {
  const key = parameters?.['transaction_key'];
  const spotId = parameters?.['spot_id'];
  return {
    type,
    transactionKey: typeof key === 'string' ? key : null,
    spotId: typeof spotId === 'number' && Number.isSafeInteger(spotId) ? spotId : null,
    parameters: parameters ?? {},
  };
});

/**
 * The customer's client, signed with an access token (api.md 3.5).
 * @throws WalletError `invalid_settings` when token or address cannot be used.
 */
export function createUserClient(options: UserClientOptions): UserClient {
  const { accessToken, tokenKey, ...rest } = options;
  const client = createClient({ ...rest, macId: accessToken, macKey: tokenKey });
  const readSpot = parsed(spotSchema, spotOf);
  const readOrder = parsed(orderSchema, orderOf);
  const send = <Value>(signal: AbortSignal, call: Call<Value>): Promise<Outcome<Value>> =>
    client.run(signal, (ask) => ask(call));
  const encode = encodeURIComponent;

  return {
    spotByCode: (code, signal) =>
      send(signal, { method: 'GET', name: '/spot?code=', path: `/spot?code=${encode(code)}`, read: readSpot }),
    spot: (spotId, signal) =>
      send(signal, { method: 'GET', name: '/spot/:id', path: `/spot/${spotId}`, read: readSpot }),
    checkIn: (spotId, signal) =>
      send(signal, { method: 'PUT', name: '/spot/:id/check-in', path: `/spot/${spotId}/check-in`, read: readSpot }),
    checkOut: (spotId, signal) =>
      send(signal, { method: 'PUT', name: '/spot/:id/check-out', path: `/spot/${spotId}/check-out`, read: readSpot }),
    order: (orderId, signal) =>
      send(signal, { method: 'GET', name: '/order/:id', path: `/order/${orderId}`, read: readOrder }),
    reserve: (key, signal) => {
      const path = `/transaction/${encode(key)}/reserve`;
      return send(signal, { method: 'PUT', name: '/transaction/:key/reserve', path, read: readReservation });
    },
    reserveFromWallet: (key, wallet, signal) => {
      const path = `/transaction/${encode(key)}/reserve/${wallet}`;
      return send(signal, { method: 'PUT', name: '/transaction/:key/reserve/:wallet', path, read: readReservation });
    },
    resolveCode: (code, signal) =>
      send(signal, { method: 'GET', name: '/code?code=', path: `/code?code=${encode(code)}`, read: readCode }),
    stop: () => client.stop(),
  };
}
