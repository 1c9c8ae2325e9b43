import { likeliest, type Switches } from '../switches.ts';
import { randomText } from './chance.ts';
import { ApiError, type Order, type Payment, type Spot, type Transaction, type User } from './types.ts';

/** What a world is made of. */
export interface WorldOptions {
  /** Milliseconds since 1970; injected, so that a simulation owns it. */
  readonly now: () => number;
  /** Chance in 0..1, for keys. */
  readonly chance: () => number;
  readonly switches?: Partial<Switches>;
  readonly locationId?: number;
  readonly place?: string;
  readonly users?: number;
}

/** What is asked for a new transaction, parsed. */
export interface NewTransaction {
  readonly payments: readonly {
    readonly description: string;
    readonly price: number;
    readonly currency: string;
    readonly parameters: unknown;
  }[];
  readonly reserveForMs: number;
  readonly projectId: number | null;
}

const dayMs = 86_400_000;
const firstNames = ['Ona', 'Jonas', 'Rasa', 'Tomas', 'Eglė', 'Lukas'];

/** What the API's default reservation is when none is asked for: 24 h (api.md 6.4). */
export const defaultReserveMs = dayMs;

/**
 * The state machines of the API's POS part (api.md 9), without network and timers: time passes when `now` says so.
 * Every method looks first whether reservations have run out.
 */
export class World {
  readonly #options: WorldOptions;
  readonly locationId: number;
  switches: Switches;
  readonly users: User[] = [];
  readonly spots = new Map<number, Spot>();
  readonly orders = new Map<number, Order>();
  readonly transactions = new Map<string, Transaction>();
  #lastId = 50;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.locationId = options.locationId ?? 3;
    this.switches = { ...likeliest, ...options.switches };
    for (let count = options.users ?? 3; count > 0; count -= 1) this.addUser();
  }

  now(): number {
    return this.#options.now();
  }

  #nextId(): number {
    return (this.#lastId += 1);
  }

  /** A text of letters and digits from the world's chance. */
  text(length: number): string {
    return randomText(length, this.#options.chance);
  }

  addUser(balance = 100_000, currency = 'EUR'): User {
    const index = this.users.length;
    const user: User = {
      index,
      name: firstNames[index % firstNames.length] ?? 'Ona',
      walletId: 20_000 + index,
      accessToken: `token-${this.text(24)}`,
      macKey: this.text(32),
      currency,
      balance,
      locked: 0,
      spotId: null,
    };
    this.users.push(user);
    return user;
  }

  /** Reservations that have run out give the money back (api.md 9.3). */
  advance(): void {
    for (const transaction of this.transactions.values()) {
      if (
        transaction.status === 'reserved' &&
        transaction.reservedUntil !== null &&
        transaction.reservedUntil <= this.now()
      ) {
        this.#release(transaction, this.switches.expiredStatus);
      }
    }
  }

  // Spots

  /** The spot of a code; registered with the first request that names it (api.md 7). */
  spotByCode(code: string): Spot {
    this.advance();
    const match = /^PAYSERA\*(\d+):(.+)$/i.exec(code);
    if (!match || Number(match[1]) !== this.locationId)
      throw new ApiError('not_found', 'Spot was not found by this code');
    const identifier = (match[2] ?? '').toLowerCase();
    const known = [...this.spots.values()].find((spot) => spot.identifier === identifier);
    if (known) return known;
    const spot: Spot = {
      id: this.#nextId(),
      code,
      // Given back in lower case (api.md 16.3).
      identifier,
      locationId: this.locationId,
      title: this.#options.place ?? 'Kavinė „Prie tilto“',
      status: 'closed',
    };
    this.spots.set(spot.id, spot);
    return spot;
  }

  spot(id: number): Spot {
    this.advance();
    const spot = this.spots.get(id);
    if (!spot) throw new ApiError('not_found', 'Spot was not found');
    return spot;
  }

  ordersOf(spotId: number): readonly Order[] {
    return [...this.orders.values()].filter((order) => order.spotId === spotId);
  }

  checkedIn(spotId: number): readonly User[] {
    return this.users.filter((user) => user.spotId === spotId);
  }

  /** `closed` becomes `waiting`; being checked in elsewhere ends (api.md 7). */
  checkIn(user: User, spotId: number): Spot {
    const spot = this.spot(spotId);
    if (user.spotId !== null && user.spotId !== spotId) this.checkOut(user, user.spotId);
    user.spotId = spotId;
    if (spot.status === 'closed') spot.status = 'waiting';
    return spot;
  }

  /** The last one out closes the spot (api.md 9.1). */
  checkOut(user: User, spotId: number): Spot {
    const spot = this.spot(spotId);
    if (user.spotId !== spotId) throw new ApiError('invalid_state', 'User is not checked in at this spot');
    user.spotId = null;
    if (this.checkedIn(spotId).length === 0) {
      spot.status = 'closed';
      if (this.switches.lastCheckOutClosesPending) this.#closeOrders(spotId, false);
    }
    return spot;
  }

  /** The merchant closes: pending orders go with it, everybody is checked out (api.md 8.2). */
  closeSpot(spotId: number): Spot {
    const spot = this.spot(spotId);
    spot.status = 'closed';
    for (const user of this.checkedIn(spotId)) user.spotId = null;
    this.#closeOrders(spotId, this.switches.reservedOrderOnClose === 'closed');
    return spot;
  }

  #closeOrders(spotId: number, reservedToo: boolean): void {
    for (const order of this.ordersOf(spotId)) {
      if (order.status === 'pending' || (reservedToo && order.status === 'reserved')) order.status = 'closed';
    }
  }

  // Orders

  order(id: number): Order {
    this.advance();
    const order = this.orders.get(id);
    if (!order) throw new ApiError('not_found', 'Order was not found');
    return order;
  }

  /** The first order opens the spot (api.md 8.3). */
  createOrder(spotId: number, key: string): Order {
    const spot = this.spot(spotId);
    const transaction = this.transaction(key);
    const { closedSpotTakesOrders } = this.switches;
    if (spot.status === 'closed' && closedSpotTakesOrders === 'refused') {
      throw new ApiError('invalid_state', 'Spot is closed');
    }
    const order: Order = { id: this.#nextId(), spotId, transactionKey: key, status: orderStatusFor(transaction) };
    this.orders.set(order.id, order);
    if (spot.status !== 'closed' || closedSpotTakesOrders === 'opens') spot.status = 'open';
    return order;
  }

  /** Points the order at another transaction; the old one is left as it is (api.md 9.4.4). */
  editOrder(id: number, key: string): Order {
    const order = this.order(id);
    order.status = orderStatusFor(this.transaction(key));
    order.transactionKey = key;
    return order;
  }

  deleteOrder(id: number): Order {
    const order = this.order(id);
    this.orders.delete(id);
    return order;
  }

  // Transactions

  transaction(key: string): Transaction {
    this.advance();
    const transaction = this.transactions.get(key);
    if (!transaction) throw new ApiError('not_found', 'Transaction was not found');
    return transaction;
  }

  createTransaction(asked: NewTransaction): Transaction {
    this.advance();
    const key = this.text(32);
    const transaction: Transaction = {
      key,
      createdAt: this.now(),
      status: 'new',
      payments: asked.payments.map((payment): Payment => ({ id: this.#nextId(), ...payment })),
      reserveForMs: asked.reserveForMs,
      reservedUntil: null,
      payer: null,
      confirmedAt: null,
      projectId: asked.projectId,
    };
    this.transactions.set(key, transaction);
    return transaction;
  }

  /** The payer accepts: the money is locked, the merchant must confirm or revoke (api.md 6.4). */
  reserve(user: User, key: string): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status !== 'new') throw new ApiError('invalid_state', 'Transaction is not waiting to be accepted');
    const total = totalOf(transaction);
    if (
      transaction.payments.some((payment) => payment.currency !== user.currency) ||
      user.balance - user.locked < total
    ) {
      throw new ApiError('not_enough_funds', 'There are not enough funds in the wallet');
    }
    user.locked += total;
    transaction.payer = user.walletId;
    transaction.reservedUntil = this.now() + transaction.reserveForMs;
    this.#setStatus(transaction, 'reserved');
    return transaction;
  }

  /** The payer refuses. */
  reject(key: string): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status !== 'new') throw new ApiError('invalid_state', 'Transaction is not waiting to be accepted');
    this.#setStatus(transaction, 'rejected');
    return transaction;
  }

  /** Takes the money; `prices` may lower single payments (api.md 8.4). */
  confirm(key: string, prices: ReadonlyMap<number, number> = new Map()): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status === 'confirmed' && this.switches.secondConfirm === 200) return transaction;
    if (transaction.status !== 'reserved') throw new ApiError('invalid_state', 'Transaction is not reserved');
    const locked = totalOf(transaction);
    for (const [id, price] of prices) {
      const payment = transaction.payments.find((each) => each.id === id);
      if (!payment || price > payment.price || price < 0) {
        throw new ApiError('invalid_parameters', 'Price of a payment can only be lowered');
      }
      payment.price = price;
    }
    const payer = this.users.find((user) => user.walletId === transaction.payer);
    if (payer) {
      payer.locked -= locked;
      payer.balance -= totalOf(transaction);
    }
    transaction.confirmedAt = this.now();
    this.#setStatus(transaction, 'confirmed');
    return transaction;
  }

  /** Deletes a new transaction, revokes an accepted one (api.md 8.4). */
  deleteTransaction(key: string): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status === 'new') this.#setStatus(transaction, 'deleted');
    else if (transaction.status === 'reserved') this.#release(transaction, 'revoked');
    else throw new ApiError('invalid_state', 'Transaction cannot be revoked in its current status');
    return transaction;
  }

  /** A new transaction like a dead one (api.md 8.4). */
  renew(key: string): Transaction {
    const old = this.transaction(key);
    if (!['deleted', 'rejected', 'failed', 'revoked'].includes(old.status)) {
      throw new ApiError('invalid_state', 'Transaction cannot be renewed in its current status');
    }
    return this.createTransaction({ payments: old.payments, reserveForMs: old.reserveForMs, projectId: old.projectId });
  }

  /** For testers: the amount of the first payment is changed behind everybody's back (api.md 9.4.2). */
  changeAmount(key: string, price: number): Transaction {
    const transaction = this.transaction(key);
    const [payment] = transaction.payments;
    if (!payment) throw new ApiError('invalid_state', 'Transaction has no payments');
    const payer = this.users.find((user) => user.walletId === transaction.payer);
    if (payer && transaction.status === 'reserved') payer.locked += price - payment.price;
    payment.price = price;
    return transaction;
  }

  /** For testers: the reservation runs out now. */
  expire(key: string): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status !== 'reserved') throw new ApiError('invalid_state', 'Transaction is not reserved');
    this.#release(transaction, this.switches.expiredStatus);
    return transaction;
  }

  #release(transaction: Transaction, status: 'revoked' | 'failed'): void {
    const payer = this.users.find((user) => user.walletId === transaction.payer);
    if (payer) payer.locked -= totalOf(transaction);
    transaction.reservedUntil = null;
    this.#setStatus(transaction, status);
  }

  #setStatus(transaction: Transaction, status: Transaction['status']): void {
    transaction.status = status;
    for (const order of this.orders.values()) {
      if (order.transactionKey !== transaction.key || order.status === 'closed') continue;
      order.status = status === 'reserved' || status === 'confirmed' ? status : this.switches.orderAfterRevoke;
    }
  }
}

/** The sum of a transaction's payments. */
export function totalOf(transaction: Transaction): number {
  return transaction.payments.reduce((sum, payment) => sum + payment.price, 0);
}

function orderStatusFor({ status }: Transaction): Order['status'] {
  if (status === 'new') return 'pending';
  if (status === 'reserved' || status === 'confirmed') return status;
  throw new ApiError('invalid_state', 'Transaction cannot be paid any more');
}
