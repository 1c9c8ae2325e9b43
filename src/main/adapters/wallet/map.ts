import type { z } from 'zod';
import { minorUnitsFromDecimal, money, type MinorUnits, type Money } from '../../../shared/money.ts';
import {
  transactionStatuses,
  type OrderStatus,
  type RemoteOrder,
  type RemotePayment,
  type RemoteSpot,
  type RemoteTransaction,
  type SpotStatus,
  type TransactionRequest,
  type TransactionStatus,
} from '../../core/remote.ts';
import type { transactionRequestSchema, WireOrder, WirePayment, WireSpot, WireTransaction } from './wire.ts';

/** Wire answers as the core knows them, and the core's requests as the wire wants them. Pure. */

const orderStatuses: readonly string[] = ['pending', 'reserved', 'confirmed', 'closed'] satisfies OrderStatus[];

/** The open state is spelt in two ways (api.md 16.1); a status we do not know is null. */
export function spotStatus(status: string): SpotStatus | null {
  if (status === 'open' || status === 'opened') return 'open';
  return status === 'closed' || status === 'waiting' ? status : null;
}

function isTransactionStatus(status: string): status is TransactionStatus {
  return (transactionStatuses as readonly string[]).includes(status);
}

function isOrderStatus(status: string): status is OrderStatus {
  return orderStatuses.includes(status);
}

function decimalOf({ price_decimal: decimal }: WirePayment): MinorUnits | undefined {
  return typeof decimal === 'string' ? minorUnitsFromDecimal(decimal) : undefined;
}

/**
 * The price of a payment, or null when it cannot be told exactly: `price` when it is there, else `price_decimal`,
 * read as text (api.md 14). Two amounts that contradict each other are no amount.
 */
function priceOf(payment: WirePayment): Money | null {
  const currency = payment.currency ?? '';
  if (!/^[A-Z]{3}$/.test(currency)) return null;
  const decimal = decimalOf(payment);
  if (payment.price === undefined || payment.price === null) {
    return decimal === undefined ? null : money(decimal, currency);
  }
  if (typeof payment.price !== 'number' || !Number.isSafeInteger(payment.price)) return null;
  if (decimal !== undefined && decimal !== payment.price) return null;
  return money(payment.price, currency);
}

function paymentOf(payment: WirePayment | number): RemotePayment {
  if (typeof payment === 'number') return { id: payment, description: '', price: null, parameters: null };
  return {
    id: payment.id ?? null,
    description: payment.description ?? '',
    price: priceOf(payment),
    parameters: payment.parameters ?? null,
  };
}

function milliseconds(seconds: number | null | undefined): number | null {
  return seconds === null || seconds === undefined ? null : seconds * 1000;
}

/** A transaction. An unknown status stays `unknown`: not paid, not final (api.md 6.4). */
export function transactionOf(wire: WireTransaction): RemoteTransaction {
  return {
    key: wire.transaction_key,
    status: isTransactionStatus(wire.status) ? wire.status : 'unknown',
    createdAt: milliseconds(wire.created_at),
    confirmedAt: milliseconds(wire.confirmed_at),
    payments: (wire.payments ?? []).map(paymentOf),
  };
}

/** An order, with its transaction when the answer embedded it. */
export function orderOf(wire: WireOrder): RemoteOrder {
  return {
    id: wire.id,
    transactionKey: wire.transaction_key,
    status: isOrderStatus(wire.status) ? wire.status : 'unknown',
    transaction: wire.transaction ? transactionOf(wire.transaction) : null,
  };
}

/** A spot. Orders are null when the answer had no such element: not the same as none. */
export function spotOf(wire: WireSpot): RemoteSpot {
  return {
    id: wire.id,
    identifier: wire.identifier ?? '',
    status: spotStatus(wire.status),
    title: wire.place_info?.title ?? '',
    locationId: wire.place_info?.location_id ?? null,
    orders: wire.orders ? wire.orders.map(orderOf) : null,
  };
}

const longestDescription = 90;

/** What the payer reads: one line, at most 90 characters, no control characters (api.md 14). */
export function descriptionOf(request: TransactionRequest): string {
  const plain = request.description.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\s]+/gu, ' ').trim();
  const characters = Array.from(plain);
  const cut =
    characters.length > longestDescription ? [...characters.slice(0, longestDescription - 1), '…'] : characters;
  return cut.join('') || request.parameters.bill;
}

/** The body of POST /transaction. The reservation time is always sent (api.md 9.4.3), in seconds. */
export function transactionBody(request: TransactionRequest): z.input<typeof transactionRequestSchema> {
  const { price, parameters, reserveForSeconds, callbackUri } = request;
  return {
    payments: [{ description: descriptionOf(request), price: price.amount, currency: price.currency, parameters }],
    reserve: { for: reserveForSeconds },
    ...(callbackUri === undefined ? {} : { callback_uri: callbackUri }),
  };
}
