/** What the sandbox's world holds: plain data. Times are milliseconds since 1970, amounts are minor units. */

export interface User {
  readonly index: number;
  readonly name: string;
  readonly walletId: number;
  readonly accessToken: string;
  readonly macKey: string;
  currency: string;
  /** What the user owns, reserved money included. */
  balance: number;
  /** What of it is reserved. */
  locked: number;
  /** The one spot where the user is checked in. */
  spotId: number | null;
}

export type SpotStatus = 'closed' | 'waiting' | 'open';

export interface Spot {
  readonly id: number;
  readonly code: string;
  readonly identifier: string;
  readonly locationId: number;
  title: string;
  status: SpotStatus;
}

export type OrderStatus = 'pending' | 'reserved' | 'confirmed' | 'closed';

export interface Order {
  readonly id: number;
  readonly spotId: number;
  transactionKey: string;
  status: OrderStatus;
}

export type TransactionStatus = 'new' | 'reserved' | 'confirmed' | 'rejected' | 'revoked' | 'deleted' | 'failed';

export interface Payment {
  readonly id: number;
  readonly description: string;
  price: number;
  readonly currency: string;
  readonly parameters: unknown;
}

export interface Transaction {
  readonly key: string;
  readonly createdAt: number;
  status: TransactionStatus;
  payments: Payment[];
  /** Milliseconds after acceptance until the money goes back; the API's own default is 24 h. */
  readonly reserveForMs: number;
  /** When the reservation runs out; null while there is none. */
  reservedUntil: number | null;
  /** Wallet of whoever accepted it. */
  payer: number | null;
  confirmedAt: number | null;
  readonly projectId: number | null;
}

/** The API refuses: a code of its own and the HTTP status that goes with it (api.md 11). */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly properties: Readonly<Record<string, readonly string[]>> | undefined;

  constructor(code: string, description: string, properties?: Readonly<Record<string, readonly string[]>>) {
    super(description);
    this.code = code;
    this.status = statuses[code] ?? 400;
    this.properties = properties;
  }
}

const statuses: Readonly<Record<string, number>> = {
  invalid_request: 400,
  invalid_parameters: 400,
  unauthorized: 401,
  invalid_timestamp: 401,
  forbidden: 403,
  not_found: 404,
  not_acceptable: 406,
  invalid_state: 409,
  not_enough_funds: 409,
  payment_to_same_account: 409,
  rate_limit_exceeded: 429,
  internal_server_error: 500,
};
