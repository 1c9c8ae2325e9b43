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
  /** When the user checked in there. */
  checkedInAt: number | null;
  /** With what the API refuses every reservation of this user (api.md 11.3); null when it does not. */
  refusedWith: ReserveRefusal | null;
  /** Whether the access token has run out (api.md 3.5). */
  tokenExpired: boolean;
}

export type SpotStatus = 'closed' | 'waiting' | 'open';

export interface Spot {
  readonly id: number;
  readonly code: string;
  /** As the API gives it back. */
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
  /** Whether the spot still shows it. */
  atSpot: boolean;
}

/** Accepted by the payer, but something is missing before it is reserved (api.md 6.4). */
export const heldStatuses = ['waiting', 'waiting_funds', 'waiting_registration', 'waiting_password'] as const;
export type HeldStatus = (typeof heldStatuses)[number];

/** What stays as it is: paid, or never to be paid. */
export const deadStatuses = ['rejected', 'revoked', 'deleted', 'failed'] as const;
export type DeadStatus = (typeof deadStatuses)[number];

export type TransactionStatus = 'new' | HeldStatus | 'reserved' | 'confirmed' | DeadStatus;

export interface Payment {
  readonly id: number;
  readonly description: string;
  price: number;
  currency: string;
  readonly parameters: unknown;
  /** What the merchant listed, given back unchanged. */
  readonly items?: readonly unknown[] | undefined;
}

export interface Transaction {
  readonly key: string;
  readonly createdAt: number;
  status: TransactionStatus;
  payments: Payment[];
  /** Milliseconds after acceptance until the money goes back. */
  readonly reserveForMs: number;
  /** The moment when the money goes back; instead of the above when it is not null. */
  readonly reserveUntil: number | null;
  /** Whether acceptance confirms at once. */
  readonly autoConfirm: boolean;
  /** When the reservation runs out; null while there is none. */
  reservedUntil: number | null;
  /** What is locked for it in the payer's wallet. */
  locked: number;
  /** Wallet of whoever accepted it. */
  payer: number | null;
  confirmedAt: number | null;
  readonly projectId: number | null;
  readonly locationId: number | null;
  /** Where its merchant wants to be told what happens to it; null when nowhere (api.md 12). */
  readonly callbackUri: string | null;
}

/** What callbacks tell of: what payers and time do, never what the merchant does (api.md 12). */
export const callbackTypes = [
  'rejected',
  'failed',
  'reserved',
  'confirmed',
  'waiting_funds',
  'waiting_registration',
  'waiting_password',
] as const;
export type CallbackType = (typeof callbackTypes)[number];

/** What is asked for a new transaction, parsed. */
export interface NewTransaction {
  readonly payments: readonly Omit<Payment, 'id'>[];
  readonly reserveForMs: number;
  readonly reserveUntil?: number | null;
  readonly autoConfirm?: boolean;
  readonly projectId: number | null;
  readonly locationId?: number | null;
  readonly callbackUri?: string | null;
}

/** With what a reservation may be refused; the payer's app sees it, the merchant does not (api.md 11.3). */
export const reserveRefusals = [
  'rate_limit_exceeded',
  'not_enough_funds',
  'limits_exceeded',
  'restriction_limits_exceeded',
  'no_rights',
  'payment_to_same_account',
  'restriction_violation',
  'client_not_verified',
  'beneficiary_account_inactive',
  'payer_account_inactive',
  'client_restricted',
] as const;
export type ReserveRefusal = (typeof reserveRefusals)[number];

export type ErrorCode =
  | 'invalid_request'
  | 'invalid_parameters'
  | 'invalid_grant'
  | 'unauthorized'
  | 'invalid_timestamp'
  | 'forbidden'
  | 'not_found'
  | 'not_acceptable'
  | 'invalid_state'
  | 'internal_server_error'
  | ReserveRefusal;

/** The API refuses: a code of its own and the HTTP status that goes with it (api.md 11). */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly properties: Readonly<Record<string, readonly string[]>> | undefined;

  constructor(code: ErrorCode, description: string, properties?: Readonly<Record<string, readonly string[]>>) {
    super(description);
    this.code = code;
    this.status = statuses[code] ?? unpublishedStatus;
    this.properties = properties;
  }
}

/** HTTP status of the refusals whose status no source tells (api.md 11.3). */
const unpublishedStatus = 409;

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  invalid_request: 400,
  invalid_parameters: 400,
  invalid_grant: 400,
  unauthorized: 401,
  invalid_timestamp: 401,
  forbidden: 403,
  not_found: 404,
  not_acceptable: 406,
  invalid_state: 409,
  rate_limit_exceeded: 429,
  internal_server_error: 500,
};
