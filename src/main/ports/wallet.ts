import type { Failure } from '../../shared/failure.ts';
import type { RemoteOrder, RemoteSpot, RemoteTransaction, SpotStatus, TransactionRequest } from '../core/remote.ts';

/** An answer of the API or a classified failure. Ports give failures as data; they do not throw them. */
export type Outcome<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure };

/**
 * The merchant's side of the API as the terminal needs it. One attempt per call, except the one re-signed repeat
 * after `invalid_timestamp`. Every call ends within the configured request timeout or when the signal aborts.
 */
export interface WalletPort {
  /** GET /spot?code= : registers the spot on first use; merchants may be forbidden (api.md 17.1). */
  spotByCode(code: string, signal: AbortSignal): Promise<Outcome<RemoteSpot>>;
  /** GET /spot/:id?fields=*,orders.transaction */
  spot(spotId: number, signal: AbortSignal): Promise<Outcome<RemoteSpot>>;
  /** GET /spots?status=&location_id= ; all pages. `open` is asked for as `open`, then `opened` (api.md 16.1). */
  findSpots(status: SpotStatus, signal: AbortSignal): Promise<Outcome<readonly RemoteSpot[]>>;
  /** GET /transaction/:key */
  transaction(key: string, signal: AbortSignal): Promise<Outcome<RemoteTransaction>>;
  /** GET /transactions?status=&from= ; all pages. `fromSeconds` is UNIX seconds. */
  findTransactions(
    statuses: readonly string[],
    fromSeconds: number,
    signal: AbortSignal,
  ): Promise<Outcome<readonly RemoteTransaction[]>>;
  /** POST /transaction */
  createTransaction(request: TransactionRequest, signal: AbortSignal): Promise<Outcome<RemoteTransaction>>;
  /** POST /spot/:id/order with a transaction key */
  attachOrder(spotId: number, key: string, signal: AbortSignal): Promise<Outcome<RemoteOrder>>;
  /** PUT /order/:id with a transaction key */
  pointOrder(orderId: number, key: string, signal: AbortSignal): Promise<Outcome<RemoteOrder>>;
  /** DELETE /order/:id */
  deleteOrder(orderId: number, signal: AbortSignal): Promise<Outcome<null>>;
  /** PUT /transaction/:key/confirm, no body. The answer's body is not to be trusted (api.md 8.4). */
  confirm(key: string, signal: AbortSignal): Promise<Outcome<null>>;
  /** DELETE /transaction/:key : deletes a new one, revokes an accepted one. */
  revoke(key: string, signal: AbortSignal): Promise<Outcome<null>>;
  /** PUT /spot/:id/close */
  closeSpot(spotId: number, signal: AbortSignal): Promise<Outcome<null>>;
  /**
   * Sets who is asked before each request besides the first of a call: another page, the API's clock, the repeat after
   * it. The request budget counts them too; one that may not leave now ends its call with a failure to try later.
   */
  askBeforeFurther(mayLeave: () => boolean): void;
  /** GET /server : asks the API's time and keeps the offset for signing; gives it in milliseconds. */
  synchroniseClock(signal: AbortSignal): Promise<Outcome<{ readonly offsetMs: number }>>;
}
