import { setTimeout as wait } from 'node:timers/promises';
import { transactionAnswer } from './api/answers.ts';
import { CallbackFaults, type CallbackFault } from './callbacks-faults.ts';
import { CallbackKey } from './callbacks-key.ts';
import { ApiError, type CallbackType, type Transaction } from './world/types.ts';
import type { World } from './world/world.ts';

/** One callback, and what became of it. */
export interface SentCallback {
  /** Grows by one. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly transactionKey: string;
  readonly type: string;
  readonly uri: string;
  /** JSON, as it was signed. */
  readonly event: string;
  readonly fault: CallbackFault['type'] | null;
  /**
   * `refused`: the address is not on this machine. `lost`: by a fault. `failed`: nobody took it. `forged`: sent once,
   * whatever was answered.
   */
  state: 'waiting' | 'delivered' | 'failed' | 'lost' | 'refused' | 'forged';
  /** Each time that it was sent: HTTP status (0 is no answer), and the beginning of what was answered. */
  readonly attempts: { readonly at: number; readonly status: number; readonly answer: string }[];
}

export interface CallbacksOptions {
  readonly world: () => World;
  readonly key: CallbackKey;
  /** Whether callbacks may leave this machine. */
  readonly anywhere: boolean;
  /** Pauses before a callback that nobody took is sent again, in milliseconds. */
  readonly retryAfterMs: readonly number[];
  /** Ends everything when the sandbox stops. */
  readonly signal: AbortSignal;
}

/** The longest wait for an answer, and for the callback that one out of order is to follow; milliseconds. */
const deadlineMs = 5000;
const longestHoldMs = 10_000;
/** The oldest are forgotten. */
const remembered = 2000;
const longestAnswer = 200;

/** Tells the merchant's software what payers and time did to its transactions (api.md 12). */
export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #forger = new CallbackKey();
  readonly faults = new CallbackFaults();
  readonly sent: SentCallback[] = [];
  #lastId = 0;
  /** Those that wait for the next one to go first. */
  #held: (() => void)[] = [];
  /** Ends what is under way at a reset. */
  #reset = new AbortController();

  constructor(options: CallbacksOptions) {
    this.#options = options;
  }

  /** As it was at its start, with the same key. */
  clear(): void {
    this.#reset.abort();
    this.#reset = new AbortController();
    this.#held = [];
    this.faults.clear();
    this.sent.splice(0);
  }

  /** Something happened to a transaction that its merchant did not do: told with what it is at this moment. */
  tell(transaction: Transaction, type: CallbackType): void {
    if (transaction.callbackUri !== null) void this.#send(this.#newOf(transaction, type, this.faults.take(type)));
  }

  /**
   * For testers: a callback about a transaction to which nothing has happened, signed rightly or not, sent once. Gives it
   * when it was answered. @throws ApiError when the transaction has no address for callbacks
   */
  async sendUntrue(transactionKey: string, type: string, forged: boolean): Promise<SentCallback> {
    const transaction = this.#options.world().transaction(transactionKey);
    if (transaction.callbackUri === null) {
      throw new ApiError('invalid_state', 'The transaction has no address for callbacks');
    }
    const callback = this.#newOf(transaction, type, forged ? { type: 'forged' } : { type: 'once' });
    await this.#send(callback);
    return callback;
  }

  #newOf(transaction: Transaction, type: string, plan: Plan | undefined): Planned {
    const { world } = this.#options;
    const callback: Planned = {
      id: (this.#lastId += 1),
      at: world().now(),
      transactionKey: transaction.key,
      type,
      uri: transaction.callbackUri ?? '',
      event: JSON.stringify({ type, object: 'transaction', data: transactionAnswer(world(), transaction) }),
      fault: plan === undefined || plan.type === 'once' ? null : plan.type,
      state: 'waiting',
      attempts: [],
      plan,
    };
    this.sent.push(callback);
    if (this.sent.length > remembered) this.sent.shift();
    return callback;
  }

  async #send(callback: Planned): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, this.#reset.signal]);
    try {
      await this.#deliver(callback, signal);
    } catch (error) {
      // Stopped or reset: what was not sent by then is not sent at all.
      if (!signal.aborted) throw error;
      if (callback.state === 'waiting') callback.state = 'lost';
    }
  }

  async #deliver(callback: Planned, signal: AbortSignal): Promise<void> {
    const { uri, event, plan } = callback;
    if (!this.#options.anywhere && !isOnThisMachine(uri)) callback.state = 'refused';
    else if (plan?.type === 'lost') callback.state = 'lost';
    else if (plan?.type === 'forged') {
      await this.#attempt(callback, await this.#forger.sign(event), signal);
      callback.state = 'forged';
    } else {
      await this.#hold(plan, signal);
      await this.#untilTaken(callback, signal);
      if (plan?.type === 'twice') await this.#untilTaken(callback, signal);
      this.#letGo();
    }
  }

  async #hold(plan: Plan | undefined, signal: AbortSignal): Promise<void> {
    if (plan?.type === 'late') await wait(plan.ms, undefined, { signal });
    if (plan?.type === 'outOfOrder') await this.#untilNext(signal);
  }

  async #untilTaken(callback: Planned, signal: AbortSignal): Promise<void> {
    const sign = await this.#options.key.sign(callback.event);
    const retries = callback.plan?.type === 'once' ? [] : this.#options.retryAfterMs;
    for (const pause of [0, ...retries]) {
      if (pause > 0) await wait(pause, undefined, { signal });
      if (await this.#attempt(callback, sign, signal)) {
        callback.state = 'delivered';
        return;
      }
      // Those that wait for this one to go first have waited long enough.
      this.#letGo();
    }
    if (callback.state === 'waiting') callback.state = 'failed';
  }

  /** Sends it once; tells whether it was taken. Redirects are not followed: they could lead off this machine. */
  async #attempt({ uri, event, attempts }: Planned, sign: string, signal: AbortSignal): Promise<boolean> {
    const at = this.#options.world().now();
    try {
      const response = await fetch(uri, {
        method: 'POST',
        body: new URLSearchParams({ event, sign }),
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
      });
      const answer = (await response.text()).slice(0, longestAnswer);
      attempts.push({ at, status: response.status, answer });
      return response.status === 200;
    } catch (error) {
      if (signal.aborted) throw error;
      attempts.push({ at, status: 0, answer: '' });
      return false;
    }
  }

  async #untilNext(signal: AbortSignal): Promise<void> {
    const next = Promise.withResolvers<undefined>();
    this.#held.push(() => {
      next.resolve(undefined);
    });
    const stopWaiting = new AbortController();
    const longest = wait(longestHoldMs, undefined, { signal: AbortSignal.any([signal, stopWaiting.signal]) });
    try {
      await Promise.race([next.promise, longest]);
    } finally {
      stopWaiting.abort();
      longest.catch(() => undefined);
    }
  }

  #letGo(): void {
    const held = this.#held;
    this.#held = [];
    for (const go of held) go();
  }
}

/** What goes wrong on purpose; `once`: it is not sent again if nobody takes it. */
type Plan = CallbackFault | { readonly type: 'once' };

interface Planned extends SentCallback {
  readonly plan: Plan | undefined;
}

function isOnThisMachine(uri: string): boolean {
  const { hostname } = new URL(uri);
  return /^127(\.\d{1,3}){3}$|^localhost$|^\[::1\]$/.test(hostname);
}
