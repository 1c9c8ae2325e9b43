/** What the control API tells (sandbox/control.ts), parsed. */
import { type Fields, fields, list, number, text } from '../shared/parse.ts';

export interface SpotRow {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly status: string;
  /** Names of the customers who are checked in. */
  readonly guests: readonly string[];
}

export interface TransactionRow {
  readonly key: string;
  readonly status: string;
  readonly description: string;
  /** Minor units, all payments together. */
  readonly total: number;
  readonly currency: string;
  /** The order that points at it, if any. */
  readonly order: string;
}

export interface UserRow {
  readonly index: string;
  readonly name: string;
  readonly walletId: string;
  readonly balance: number;
  readonly locked: number;
  readonly currency: string;
}

export interface WorldState {
  readonly spots: readonly SpotRow[];
  /** Newest first. */
  readonly transactions: readonly TransactionRow[];
  readonly users: readonly UserRow[];
}

export interface ReceiptRow {
  readonly index: number;
  readonly at: number;
  readonly text: string;
}

export interface PaperState {
  /** Newest first. */
  readonly receipts: readonly ReceiptRow[];
  readonly problems: readonly string[];
}

const parseUser = (user: Fields): UserRow => ({
  index: text(user['index']),
  name: text(user['name']),
  walletId: text(user['walletId']),
  balance: number(user['balance']),
  locked: number(user['locked']),
  currency: text(user['currency']),
});

function parseTransaction(transaction: Fields, orders: readonly Fields[]): TransactionRow {
  const key = text(transaction['key']);
  const payments = list(transaction['payments'], (payment) => payment);
  const order = orders.find((candidate) => candidate['transactionKey'] === key);
  return {
    key,
    status: text(transaction['status']),
    description: payments.map((payment) => text(payment['description'])).join(', '),
    total: payments.reduce((sum, payment) => sum + number(payment['price']), 0),
    currency: text(payments[0]?.['currency']),
    order: order === undefined ? 'no order' : `order ${text(order['id'])} ${text(order['status'])}`,
  };
}

/** Reads `GET /control/state`. */
export function parseWorld(value: unknown): WorldState {
  const state = fields(value);
  const users = list(state['users'], parseUser);
  const orders = list(state['orders'], (order) => order);
  const nameOf = (index: unknown): string => users.find((user) => user.index === text(index))?.name ?? text(index);
  return {
    spots: list(state['spots'], (spot) => ({
      id: text(spot['id']),
      code: text(spot['code']),
      title: text(spot['title']),
      status: text(spot['status']),
      guests: Array.isArray(spot['users']) ? spot['users'].map(nameOf) : [],
    })),
    transactions: [...list(state['transactions'], (each) => parseTransaction(each, orders))].reverse(),
    users,
  };
}

/** Reads `GET /control/receipts`. */
export function parsePaper(value: unknown): PaperState {
  const { receipts, problems } = fields(value);
  const rows = list(receipts, (receipt) => ({
    index: number(receipt['index']),
    at: number(receipt['at']),
    text: text(receipt['text']),
  }));
  return { receipts: [...rows].reverse(), problems: Array.isArray(problems) ? problems.map(text) : [] };
}
