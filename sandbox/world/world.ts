import { likeliest, type Switches } from '../switches.ts';
import { randomText } from './chance.ts';
import { assertRegistrable, identifierGivenBack, namesSpot, readSpotCode } from './codes.ts';
import { isDead, Ledger, type TransactionChange } from './ledger.ts';
import {
  ApiError,
  type CallbackType,
  type HeldStatus,
  type NewTransaction,
  type Order,
  type Spot,
  type Transaction,
  type User,
} from './types.ts';
import { createUser, firstBalance, freshUser } from './users.ts';

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
  /** Told when a payer or time did something to a transaction: what callbacks are sent for (api.md 12). */
  readonly onDidHappen?: (transaction: Transaction, type: CallbackType) => void;
}

/**
 * The state machines of the API's POS part (api.md 9), without network and timers: time passes when `now` says so.
 * Every method looks first at what the time that has passed has changed.
 */
export class World {
  readonly #options: WorldOptions;
  readonly #ledger: Ledger;
  readonly #firstUsers: number;
  readonly locationId: number;
  /** The merchant's locations: codes of others are not found. */
  readonly locations: Set<number>;
  switches: Switches;
  readonly users: User[] = [];
  readonly spots = new Map<number, Spot>();
  readonly orders = new Map<number, Order>();
  readonly transactions: ReadonlyMap<string, Transaction>;
  #lastId = 50;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.locationId = options.locationId ?? 3;
    this.locations = new Set([this.locationId]);
    this.switches = { ...likeliest, ...options.switches };
    this.#ledger = new Ledger({
      now: options.now,
      chance: options.chance,
      switches: () => this.switches,
      users: this.users,
      nextId: () => this.#nextId(),
      onDidChange: (transaction) => {
        this.#followTransaction(transaction);
      },
      onDidHappen: options.onDidHappen ?? (() => undefined),
    });
    this.transactions = this.#ledger.transactions;
    this.#firstUsers = options.users ?? 3;
    for (let count = this.#firstUsers; count > 0; count -= 1) this.addUser();
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

  /** As it was at its start, with the same credentials. Ids and keys go on, so that none is ever used twice. */
  reset(): void {
    this.switches = { ...likeliest, ...this.#options.switches };
    this.locations.clear();
    this.locations.add(this.locationId);
    this.spots.clear();
    this.orders.clear();
    this.#ledger.clear();
    this.users.splice(this.#firstUsers);
    for (const user of this.users) Object.assign(user, freshUser());
  }

  addUser(balance = firstBalance, currency = 'EUR'): User {
    const user = createUser(this.users.length, (length) => this.text(length));
    Object.assign(user, { balance, currency });
    this.users.push(user);
    return user;
  }

  /** What became of reservations, old transactions and forgotten check-ins while time passed (api.md 9). */
  advance(): void {
    this.#ledger.advance();
    const { checkInTimeoutSeconds } = this.switches;
    if (checkInTimeoutSeconds === null) return;
    const before = this.now() - checkInTimeoutSeconds * 1000;
    for (const user of this.users) if (user.checkedInAt !== null && user.checkedInAt <= before) this.#leave(user);
  }

  // Spots

  /** The spot of a code; registered with the first request that names it (api.md 7). @throws ApiError */
  spotByCode(code: string): Spot {
    this.advance();
    const asked = readSpotCode(code);
    if (!asked || !this.locations.has(asked.locationId)) {
      throw new ApiError('not_found', 'Spot was not found by this code');
    }
    const { locationId, identifier } = asked;
    const known = [...this.spots.values()].find(
      (spot) => spot.locationId === locationId && namesSpot(identifier, spot, this.switches),
    );
    if (known) return known;
    assertRegistrable(identifier, this.switches);
    const spot: Spot = {
      id: this.#nextId(),
      code,
      identifier: identifierGivenBack(identifier, this.switches),
      locationId,
      title: this.#options.place ?? 'Kavinė „Prie tilto“',
      status: 'closed',
    };
    this.spots.set(spot.id, spot);
    return spot;
  }

  /** @throws ApiError `not_found` */
  spot(id: number): Spot {
    this.advance();
    const spot = this.spots.get(id);
    if (!spot) throw new ApiError('not_found', 'Spot was not found');
    return spot;
  }

  /** The orders that the spot shows. */
  ordersOf(spotId: number): readonly Order[] {
    return [...this.orders.values()].filter((order) => order.spotId === spotId && order.atSpot);
  }

  checkedIn(spotId: number): readonly User[] {
    return this.users.filter((user) => user.spotId === spotId);
  }

  /** `closed` becomes `waiting`; being checked in elsewhere ends (api.md 7). @throws ApiError */
  checkIn(user: User, spotId: number): Spot {
    const spot = this.spot(spotId);
    if (user.spotId !== null && user.spotId !== spotId) this.#leave(user);
    user.spotId = spotId;
    user.checkedInAt = this.now();
    if (spot.status === 'closed') this.#open(spot, 'waiting');
    else if (this.switches.checkInOnOpen === 'waiting') spot.status = 'waiting';
    return spot;
  }

  /** The last one out closes the spot (api.md 9.1). @throws ApiError */
  checkOut(user: User, spotId: number): Spot {
    const spot = this.spot(spotId);
    if (user.spotId !== spotId) throw new ApiError('invalid_state', 'User is not checked in at this spot');
    this.#leave(user);
    return spot;
  }

  #leave(user: User): void {
    const { spotId } = user;
    user.spotId = null;
    user.checkedInAt = null;
    const spot = spotId === null ? undefined : this.spots.get(spotId);
    if (!spot || this.checkedIn(spot.id).length > 0) return;
    this.#close(spot, { pending: this.switches.lastCheckOutClosesPending, reserved: false });
  }

  /** The merchant closes: pending orders go with it, everybody is checked out (api.md 8.2). @throws ApiError */
  closeSpot(spotId: number): Spot {
    const spot = this.spot(spotId);
    for (const user of this.checkedIn(spotId)) Object.assign(user, { spotId: null, checkedInAt: null });
    this.#close(spot, { pending: true, reserved: this.switches.reservedOrderOnClose === 'closed' });
    return spot;
  }

  #close(spot: Spot, closes: { readonly pending: boolean; readonly reserved: boolean }): void {
    spot.status = 'closed';
    for (const order of this.ordersOf(spot.id)) {
      if (order.status === 'pending' && closes.pending) order.status = 'closed';
      if (order.status === 'reserved' && closes.reserved) order.status = 'closed';
    }
    if (this.switches.settledOrders === 'leave_on_close') this.#clearAway(spot.id);
  }

  #open(spot: Spot, status: 'waiting' | 'open'): void {
    if (spot.status === 'closed' && this.switches.settledOrders === 'leave_on_next_visit') this.#clearAway(spot.id);
    spot.status = status;
  }

  #clearAway(spotId: number): void {
    for (const order of this.ordersOf(spotId)) {
      if (order.status === 'confirmed' || order.status === 'closed') order.atSpot = false;
    }
  }

  // Orders

  /** @throws ApiError `not_found` */
  order(id: number): Order {
    this.advance();
    const order = this.orders.get(id);
    if (!order) throw new ApiError('not_found', 'Order was not found');
    return order;
  }

  /** @throws ApiError `invalid_state` when the spot is closed and takes no orders then */
  assertTakesOrders(spotId: number): void {
    const closed = this.spot(spotId).status === 'closed';
    if (closed && this.switches.closedSpotTakesOrders === 'refused') {
      throw new ApiError('invalid_state', 'Spot is closed');
    }
  }

  /** The first order opens the spot (api.md 8.3). @throws ApiError */
  createOrder(spotId: number, key: string): Order {
    this.assertTakesOrders(spotId);
    const spot = this.spot(spotId);
    const status = this.#orderStatusFor(this.transaction(key));
    if (spot.status !== 'closed' || this.switches.closedSpotTakesOrders === 'opens') this.#open(spot, 'open');
    const order: Order = { id: this.#nextId(), spotId, transactionKey: key, status, atSpot: true };
    this.orders.set(order.id, order);
    return order;
  }

  /** @throws ApiError `invalid_state` when the order is paid */
  assertEditable(id: number): Order {
    const order = this.order(id);
    if (order.status === 'confirmed') throw new ApiError('invalid_state', 'Order is paid');
    return order;
  }

  /** Points the order at another transaction (api.md 8.3, 9.4.4). @throws ApiError */
  editOrder(id: number, key: string): Order {
    const order = this.assertEditable(id);
    const status = this.#orderStatusFor(this.transaction(key));
    const old = order.transactionKey;
    Object.assign(order, { status, transactionKey: key, atSpot: true });
    if (old !== key) this.#leaveTransaction(old);
    return order;
  }

  /** @throws ApiError `not_found` */
  deleteOrder(id: number): Order {
    const order = this.order(id);
    if (this.switches.deletedOrder === 'closed') order.status = 'closed';
    else this.orders.delete(id);
    this.#leaveTransaction(order.transactionKey);
    return order;
  }

  /** What the switch says becomes of a transaction that an order no longer points to. */
  #leaveTransaction(key: string): void {
    const transaction = this.transactions.get(key);
    if (this.switches.orderChange === 'leaves_transaction' || !transaction) return;
    if (transaction.status !== 'confirmed' && !isDead(transaction)) this.#ledger.delete(key);
  }

  #orderStatusFor(transaction: Transaction): Order['status'] {
    const { status } = transaction;
    if (status === 'reserved' || status === 'confirmed') return status;
    if (isDead(transaction)) throw new ApiError('invalid_state', 'Transaction cannot be paid any more');
    return 'pending';
  }

  /** Orders follow their transaction, unless they are closed (api.md 9.2). */
  #followTransaction(transaction: Transaction): void {
    for (const order of this.orders.values()) {
      if (order.transactionKey !== transaction.key || order.status === 'closed') continue;
      order.status = isDead(transaction) ? this.switches.orderAfterRevoke : this.#orderStatusFor(transaction);
    }
  }

  // Transactions: see the ledger

  transaction(key: string): Transaction {
    this.advance();
    return this.#ledger.transaction(key);
  }

  createTransaction(asked: NewTransaction): Transaction {
    this.advance();
    return this.#ledger.create(asked);
  }

  /** The payer accepts. */
  reserve(user: User, key: string): Transaction {
    return this.#ledger.reserve(user, key);
  }

  /** The payer refuses. */
  reject(key: string): Transaction {
    return this.#ledger.reject(key);
  }

  /** For testers: the payer has accepted, but a password, a registration or money is missing. */
  hold(user: User, key: string, status: HeldStatus): Transaction {
    return this.#ledger.hold(user, key, status);
  }

  /** For testers: what was missing has come. */
  resume(key: string): Transaction {
    return this.#ledger.resume(key);
  }

  confirm(key: string, prices?: ReadonlyMap<number, number>): Transaction {
    return this.#ledger.confirm(key, prices);
  }

  deleteTransaction(key: string): Transaction {
    return this.#ledger.delete(key);
  }

  renew(key: string): Transaction {
    return this.#ledger.renew(key);
  }

  /** For testers: the first payment is changed behind everybody's back (api.md 9.4.2). */
  changeTransaction(key: string, change: TransactionChange): Transaction {
    return this.#ledger.change(key, change);
  }

  /** For testers: its amount is. */
  changeAmount(key: string, price: number): Transaction {
    return this.#ledger.change(key, { price });
  }

  /** For testers: the reservation runs out now. */
  expire(key: string): Transaction {
    return this.#ledger.expire(key);
  }
}
