/** What `GET /phone/api/state` answers (sandbox/phone-api.ts), parsed. */
import { fields } from '../shared/request.ts';

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

export interface Bill {
  readonly id: string;
  readonly status: string;
  readonly transactionKey: string;
  readonly description: string;
  /** Minor units. */
  readonly price: number;
  readonly currency: string;
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
  readonly message: string;
}

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

function list<Item>(value: unknown, parse: (item: Readonly<Record<string, unknown>>) => Item): readonly Item[] {
  return Array.isArray(value) ? value.map((item) => parse(fields(item))) : [];
}

function parseBill(order: Readonly<Record<string, unknown>>): Bill {
  return {
    id: text(order['id']),
    status: text(order['status']),
    transactionKey: text(order['transactionKey']),
    description: text(order['description']),
    price: number(order['price']),
    currency: text(order['currency']),
  };
}

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
    message: text(state['message']),
  };
}
