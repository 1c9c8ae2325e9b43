import type { Switches } from '../switches.ts';
import { randomText } from './chance.ts';
import {
  ApiError,
  callbackTypes,
  deadStatuses,
  heldStatuses,
  type CallbackType,
  type HeldStatus,
  type NewTransaction,
  type Payment,
  type Transaction,
  type TransactionStatus,
  type User,
} from './types.ts';

/** What the ledger needs of the world around it. */
export interface LedgerOptions {
  readonly now: () => number;
  readonly chance: () => number;
  readonly switches: () => Switches;
  readonly users: readonly User[];
  readonly nextId: () => number;
  /** Called when a transaction has got another status. */
  readonly onDidChange: (transaction: Transaction) => void;
  /** Called when a payer or time did something to it that the API tells of (api.md 12). */
  readonly onDidHappen: (transaction: Transaction, type: CallbackType) => void;
}

/** What a tester may change of a transaction's first payment; what is left out stays. */
export interface TransactionChange {
  readonly price?: number | undefined;
  readonly currency?: string | undefined;
}

/** Transactions that nobody accepted are removed a month after they were made (api.md 6.4). */
const monthMs = 30 * 86_400_000;

/** From these statuses a merchant may revoke, and money may still move (api.md 8.4). */
const accepted: readonly TransactionStatus[] = [...heldStatuses, 'reserved'];

/** The transactions' state machine (api.md 9.3), and what it does to the money of users. */
export class Ledger {
  readonly #options: LedgerOptions;
  readonly transactions = new Map<string, Transaction>();
  /** Those that time, or money, can still change. */
  readonly #unfinished = new Set<Transaction>();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  clear(): void {
    this.transactions.clear();
    this.#unfinished.clear();
  }

  /** What became of transactions because time passed or money came in. */
  advance(): void {
    const now = this.#options.now();
    for (const transaction of this.#unfinished) {
      if (transaction.status === 'new') {
        if (transaction.createdAt + monthMs <= now) this.#forget(transaction);
      } else if (transaction.reservedUntil !== null && transaction.reservedUntil <= now) {
        this.#runOut(transaction);
      } else if (transaction.status === 'waiting_funds' && this.#lockIfPossible(transaction)) this.#tell(transaction);
    }
  }

  /** @throws ApiError `not_found` */
  transaction(key: string): Transaction {
    this.advance();
    const transaction = this.transactions.get(key);
    if (!transaction) throw new ApiError('not_found', 'Transaction was not found');
    return transaction;
  }

  create(asked: NewTransaction): Transaction {
    const { now, chance, nextId } = this.#options;
    const transaction: Transaction = {
      key: randomText(32, chance),
      createdAt: now(),
      status: 'new',
      payments: asked.payments.map((payment): Payment => ({ ...payment, id: nextId() })),
      reserveForMs: asked.reserveForMs,
      reserveUntil: asked.reserveUntil ?? null,
      autoConfirm: asked.autoConfirm ?? false,
      reservedUntil: null,
      locked: 0,
      payer: null,
      confirmedAt: null,
      projectId: asked.projectId,
      locationId: asked.locationId ?? null,
      callbackUri: asked.callbackUri ?? null,
    };
    this.transactions.set(transaction.key, transaction);
    this.#unfinished.add(transaction);
    return transaction;
  }

  /**
   * The payer accepts: the money is locked, the merchant must confirm or revoke (api.md 6.4).
   * @throws ApiError `invalid_state`, or a refusal of api.md 11.3
   */
  reserve(user: User, key: string): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status !== 'new' && transaction.status !== 'waiting') {
      throw new ApiError('invalid_state', 'Transaction is not waiting to be accepted');
    }
    if (user.refusedWith !== null) throw new ApiError(user.refusedWith, 'The reservation was refused');
    if (!canPay(user, transaction) && this.#options.switches().shortOfFunds === 'refused') {
      throw new ApiError('not_enough_funds', 'There are not enough funds in the wallet');
    }
    this.#accept(user, transaction);
    if (!this.#lockIfPossible(transaction)) this.#setStatus(transaction, 'waiting_funds');
    this.#tell(transaction);
    return transaction;
  }

  /** The payer has accepted, but something is missing: a password, a registration, funds. @throws ApiError */
  hold(user: User, key: string, status: HeldStatus): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status !== 'new') throw new ApiError('invalid_state', 'Transaction is not waiting to be accepted');
    this.#accept(user, transaction);
    if (status === 'waiting_password' || status === 'waiting_registration') lock(user, transaction);
    this.#setStatus(transaction, status);
    this.#tell(transaction);
    return transaction;
  }

  /** What was missing has come. @throws ApiError */
  resume(key: string): Transaction {
    const transaction = this.transaction(key);
    if (!isHeld(transaction)) throw new ApiError('invalid_state', 'Transaction is not waiting for anything');
    if (!this.#lockIfPossible(transaction)) throw new ApiError('not_enough_funds', 'There are not enough funds');
    this.#tell(transaction);
    return transaction;
  }

  /** The payer refuses. @throws ApiError `invalid_state` */
  reject(key: string): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status !== 'new' && !isHeld(transaction)) {
      throw new ApiError('invalid_state', 'Transaction is not waiting to be accepted');
    }
    this.#release(transaction, 'rejected');
    this.#tell(transaction);
    return transaction;
  }

  /** Takes the money; `prices` may lower single payments (api.md 8.4). @throws ApiError */
  confirm(key: string, prices: ReadonlyMap<number, number> = new Map()): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status === 'confirmed' && this.#options.switches().secondConfirm === 200) return transaction;
    if (transaction.status !== 'reserved') throw new ApiError('invalid_state', 'Transaction is not reserved');
    for (const [id, price] of prices) {
      const payment = transaction.payments.find((each) => each.id === id);
      if (!payment || price > payment.price || price < 0) {
        throw new ApiError('invalid_parameters', 'Price of a payment can only be lowered');
      }
    }
    for (const payment of transaction.payments) payment.price = prices.get(payment.id) ?? payment.price;
    this.#settle(transaction);
    return transaction;
  }

  /** Deletes a new transaction, revokes an accepted one (api.md 8.4). @throws ApiError `invalid_state` */
  delete(key: string): Transaction {
    const transaction = this.transaction(key);
    if (transaction.status === 'new') this.#setStatus(transaction, 'deleted');
    else if (accepted.includes(transaction.status)) this.#release(transaction, 'revoked');
    else throw new ApiError('invalid_state', 'Transaction cannot be revoked in its current status');
    return transaction;
  }

  /** A new transaction like a dead one (api.md 8.4). @throws ApiError `invalid_state` */
  renew(key: string): Transaction {
    const old = this.transaction(key);
    if (!isDead(old)) throw new ApiError('invalid_state', 'Transaction cannot be renewed in its current status');
    return this.create(old);
  }

  /** The first payment is changed behind everybody's back, while it is unpaid (api.md 9.4.2). @throws ApiError */
  change(key: string, { price, currency }: TransactionChange): Transaction {
    const transaction = this.transaction(key);
    const [payment] = transaction.payments;
    if (!payment || !this.#unfinished.has(transaction)) {
      throw new ApiError('invalid_state', 'Transaction cannot be changed any more');
    }
    const payer = this.#payerOf(transaction);
    if (payer && transaction.locked > 0 && price !== undefined) {
      payer.locked += price - payment.price;
      transaction.locked += price - payment.price;
    }
    payment.price = price ?? payment.price;
    payment.currency = currency ?? payment.currency;
    return transaction;
  }

  /** The reservation runs out now. @throws ApiError `invalid_state` */
  expire(key: string): Transaction {
    const transaction = this.transaction(key);
    if (!accepted.includes(transaction.status)) throw new ApiError('invalid_state', 'Transaction is not reserved');
    this.#runOut(transaction);
    return transaction;
  }

  /** The time of the reservation is over: told as a failure, whatever the status is called (api.md 12). */
  #runOut(transaction: Transaction): void {
    this.#release(transaction, this.#options.switches().expiredStatus);
    this.#options.onDidHappen(transaction, 'failed');
  }

  /** A payer has brought it where it is now. */
  #tell(transaction: Transaction): void {
    const type = callbackTypes.find((each) => each === transaction.status);
    if (type) this.#options.onDidHappen(transaction, type);
  }

  #accept(user: User, transaction: Transaction): void {
    transaction.payer = user.walletId;
    transaction.reservedUntil = transaction.reserveUntil ?? this.#options.now() + transaction.reserveForMs;
  }

  /** Reserves if the payer's money suffices, and tells whether it did. */
  #lockIfPossible(transaction: Transaction): boolean {
    const payer = this.#payerOf(transaction);
    if (transaction.locked === 0) {
      if (!payer || !canPay(payer, transaction)) return false;
      lock(payer, transaction);
    }
    if (transaction.autoConfirm) this.#settle(transaction);
    else this.#setStatus(transaction, 'reserved');
    return true;
  }

  #settle(transaction: Transaction): void {
    const payer = this.#payerOf(transaction);
    this.#unlock(transaction);
    if (payer) payer.balance -= totalOf(transaction);
    transaction.confirmedAt = this.#options.now();
    this.#setStatus(transaction, 'confirmed');
  }

  #release(transaction: Transaction, status: 'revoked' | 'failed' | 'rejected'): void {
    this.#unlock(transaction);
    this.#setStatus(transaction, status);
  }

  #unlock(transaction: Transaction): void {
    const payer = this.#payerOf(transaction);
    if (payer) payer.locked -= transaction.locked;
    transaction.locked = 0;
    transaction.reservedUntil = null;
  }

  #forget(transaction: Transaction): void {
    this.#setStatus(transaction, 'deleted');
    if (this.#options.switches().monthOldTransactions === 'not_found') this.transactions.delete(transaction.key);
  }

  #payerOf({ payer }: Transaction): User | undefined {
    return this.#options.users.find(({ walletId }) => walletId === payer);
  }

  #setStatus(transaction: Transaction, status: TransactionStatus): void {
    transaction.status = status;
    if (status === 'confirmed' || isDead(transaction)) this.#unfinished.delete(transaction);
    this.#options.onDidChange(transaction);
  }
}

/** The sum of a transaction's payments. */
export function totalOf({ payments }: Pick<Transaction, 'payments'>): number {
  return payments.reduce((sum, payment) => sum + payment.price, 0);
}

/** Refused, revoked, deleted or failed: never to be paid. */
export function isDead({ status }: Transaction): boolean {
  return (deadStatuses as readonly TransactionStatus[]).includes(status);
}

function isHeld({ status }: Transaction): boolean {
  return (heldStatuses as readonly TransactionStatus[]).includes(status);
}

function canPay(user: User, transaction: Transaction): boolean {
  return (
    transaction.payments.every(({ currency }) => currency === user.currency) &&
    user.balance - user.locked >= totalOf(transaction)
  );
}

function lock(user: User, transaction: Transaction): void {
  transaction.locked = totalOf(transaction);
  user.locked += transaction.locked;
}
