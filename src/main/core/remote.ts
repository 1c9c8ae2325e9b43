import type { Money } from '../../shared/money.ts';

/**
 * The remote API's resources as the core knows them: made from wire answers by the wallet adapter, which has
 * settled spellings, omitted fields and decimals. Unknown statuses stay `unknown`: not paid, not final (api.md 6.4).
 */

export type SpotStatus = 'closed' | 'waiting' | 'open';
export type OrderStatus = 'pending' | 'reserved' | 'confirmed' | 'closed' | 'unknown';

export const transactionStatuses = [
  'new',
  'waiting',
  'waiting_funds',
  'waiting_registration',
  'waiting_password',
  'reserved',
  'confirmed',
  'rejected',
  'revoked',
  'deleted',
  'failed',
  'unknown',
] as const;
export type TransactionStatus = (typeof transactionStatuses)[number];

export interface RemotePayment {
  readonly id: number | null;
  readonly description: string;
  /** Null when the answer had no amount that can be read exactly: it then equals nothing. */
  readonly price: Money | null;
  /** The merchant's own data as it came back. */
  readonly parameters: unknown;
}

export interface RemoteTransaction {
  readonly key: string;
  readonly status: TransactionStatus;
  /** Milliseconds since 1970. */
  readonly createdAt: number | null;
  readonly confirmedAt: number | null;
  readonly payments: readonly RemotePayment[];
}

export interface RemoteOrder {
  readonly id: number;
  readonly transactionKey: string;
  readonly status: OrderStatus;
  /** Present when the answer embedded it. */
  readonly transaction: RemoteTransaction | null;
}

export interface RemoteSpot {
  readonly id: number;
  readonly identifier: string;
  /** Null for a status we do not know. */
  readonly status: SpotStatus | null;
  readonly title: string;
  readonly locationId: number | null;
  /** Null when the answer had no orders element at all (lists): not the same as none. */
  readonly orders: readonly RemoteOrder[] | null;
}

/** Data of ours that travels in payments[].parameters, so that a lost transaction can be found again. */
export interface OfferParameters {
  readonly terminal: string;
  /** `locationId:identifier`, so that nobody else's offer is taken for ours should two terminals have one name. */
  readonly spot: string;
  readonly bill: string;
  readonly offer: string;
}

/** What is asked of the API when a transaction is made. */
export interface TransactionRequest {
  readonly price: Money;
  /** What the payer reads; at most 90 characters, no control characters (api.md 14). */
  readonly description: string;
  readonly parameters: OfferParameters;
  /** Seconds from acceptance until the money returns by itself (api.md 9.4.3). */
  readonly reserveForSeconds: number;
  /** Where the API tells of the payer's doings (api.md 12); left out, what the project has configured. */
  readonly callbackUri?: string;
}
