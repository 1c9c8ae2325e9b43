/** What `GET /phone/api/state` answers (sandbox/phone-api.ts), parsed. */
import { type Fields, fields, list, number, text } from '../shared/parse.ts';

export interface Customer {
  readonly index: number;
  readonly name: string;
  /** Minor units. */
  readonly balance: number;
  readonly currency: string;
}

export interface KnownSpot {
  readonly code: string;
  readonly title: string;
}

/** A transaction that the customer has accepted, whatever became of it. */
export interface Payment {
  readonly status: string;
  readonly transactionKey: string;
  readonly description: string;
  /** Minor units. */
  readonly price: number;
  readonly currency: string;
}

/** An order at the spot. */
export interface Bill extends Payment {
  readonly id: string;
}

export interface CurrentSpot {
  readonly id: string;
  readonly code: string;
  readonly status: string;
  readonly title: string;
  readonly orders: readonly Bill[];
}

export interface PhoneState {
  readonly users: readonly Customer[];
  readonly spots: readonly KnownSpot[];
  readonly spot: CurrentSpot | null;
  /** What the customer has accepted so far, newest first. */
  readonly payments: readonly Payment[];
}

function parsePayment(order: Fields): Payment {
  return {
    status: text(order['status']),
    transactionKey: text(order['transactionKey']),
    description: text(order['description']),
    price: number(order['price']),
    currency: text(order['currency']),
  };
}

const parseBill = (order: Fields): Bill => ({ id: text(order['id']), ...parsePayment(order) });

function parseSpot(value: unknown): CurrentSpot | null {
  if (value === null || value === undefined) return null;
  const spot = fields(value);
  return {
    id: text(spot['id']),
    code: text(spot['code']),
    status: text(spot['status']),
    title: text(spot['title']),
    orders: list(spot['orders'], parseBill),
  };
}

/** Reads the answer; what is missing becomes empty. */
export function parseState(value: unknown): PhoneState {
  const state = fields(value);
  return {
    users: list(state['users'], (user) => ({
      index: number(user['index']),
      name: text(user['name']),
      balance: number(user['balance']),
      currency: text(user['currency']),
    })),
    spots: list(state['spots'], (spot) => ({ code: text(spot['code']), title: text(spot['title']) })),
    spot: parseSpot(state['spot']),
    payments: list(state['payments'], parsePayment),
  };
}
