import { assertNever } from '../../shared/failure.ts';
import { spotCode } from '../../shared/ids.ts';
import type { Happening } from '../core/bill/event.ts';
import { ownParameters } from '../core/bill/own.ts';
import type { TerminalState } from '../core/bill/state.ts';
import type { LinkEvent } from '../core/link/link.ts';
import type { Limits } from '../core/polling/budget.ts';
import { hintUse, type CallbacksVerdict } from '../core/polling/callbacks.ts';
import { paced, type Cadence } from '../core/polling/pace.ts';
import { begun, dueAt, ended, type ReadMemory } from '../core/polling/policy.ts';
import { wantsOf, type Read, type Want } from '../core/polling/wants.ts';
import type { RemoteSpot, RemoteTransaction } from '../core/remote.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Outcome, WalletPort } from '../ports/wallet.ts';
import { linkEvent } from './effects.ts';
import type { Errand, Scheduler } from './scheduler.ts';

/** What polling needs, and where the readings go. */
export interface PollerOptions {
  readonly wallet: WalletPort;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  readonly cadence: Cadence;
  readonly limits: Limits;
  /** Whether callbacks tell of what happens to offered bills. */
  readonly callbacks: () => CallbacksVerdict;
  /** Chance in 0..1, for jitter. */
  readonly random: () => number;
  readonly state: () => TerminalState;
  readonly dispatch: (happening: Happening) => void;
  readonly onLink: (event: LinkEvent) => void;
}

/** Reads that are not about one moment's question may be this late without harm, in milliseconds. */
const longestNapMs = 5000;

/**
 * Asks the API what the state wants to know: one reading per target at a time, the next moment computed from the state
 * and the failures, never a bare interval (style.md 18). A reading that throws cannot end it.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #memory = new Map<string, ReadMemory>();
  readonly #busy = new Map<string, Promise<void>>();
  readonly #jitter = new Map<string, number>();
  /** Transactions that a callback told of, and when (monotonic milliseconds): until a later reading has answered. */
  readonly #hints = new Map<string, number>();
  readonly #abort = new AbortController();
  #timer: Stop | undefined;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Looks at the state: begins what is due and sets the timer for what comes next. Called after every change. */
  kick(): void {
    this.#timer?.();
    this.#timer = undefined;
    if (this.#abort.signal.aborted) return;
    const { clock, state } = this.#options;
    const now = clock.monotonic();
    let nap = longestNapMs;
    const cadence = this.#paced();
    const wants = withHints(wantsOf(state(), cadence, clock.now()), this.#hinted());
    for (const want of wants) {
      if (this.#busy.has(want.target)) continue;
      const due = dueAt(want, this.#memory.get(want.target), this.#jitter.get(want.target) ?? 0.5);
      if (due <= now) this.#begin(want);
      else nap = Math.min(nap, due - now);
    }
    this.#forget(wants);
    this.#timer = clock.after(nap, () => {
      this.kick();
    });
  }

  #paced(): Cadence {
    const { cadence, callbacks, clock, limits, scheduler, state } = this.#options;
    const { timeZone } = state().settings;
    return paced(cadence, { at: clock.now(), timeZone, callbacks: callbacks(), lastHour: scheduler.lastHour, limits });
  }

  /** A callback told of this transaction: it is read at once if a bill waits for it. Not journaled: the reading is. */
  hint(key: string): void {
    if (hintUse(this.#options.state(), key) === 'drop') return;
    this.#hints.set(key, this.#options.clock.monotonic());
    this.kick();
  }

  /** Transactions that callbacks told of and that are to be read now. */
  #hinted(): readonly string[] {
    const state = this.#options.state();
    for (const key of this.#hints.keys()) if (hintUse(state, key) === 'drop') this.#hints.delete(key);
    return [...this.#hints.keys()].filter((key) => hintUse(state, key) === 'read');
  }

  /** Aborts what is being read and waits for it. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#timer?.();
    await Promise.all(this.#busy.values());
  }

  /** Targets that nobody wants any more. */
  #forget(wants: readonly Want[]): void {
    const wanted = new Set(wants.map((want) => want.target));
    for (const target of this.#memory.keys()) {
      if (!wanted.has(target) && !this.#busy.has(target)) this.#memory.delete(target);
    }
  }

  #begin(want: Want): void {
    const reading = this.#read(want)
      .catch((error: unknown) => {
        this.#options.log.error('A reading failed in an unforeseen way.', {
          target: want.read.kind,
          error: String(error),
        });
      })
      .finally(() => {
        this.#busy.delete(want.target);
        this.kick();
      });
    this.#busy.set(want.target, reading);
  }

  async #read(want: Want): Promise<void> {
    const { clock, scheduler, state, random } = this.#options;
    let memory = begun(want, this.#memory.get(want.target), { at: clock.monotonic(), revision: state().revision });
    let asOf = state().revision;
    this.#memory.set(want.target, memory);
    this.#jitter.set(want.target, random());
    const outcome = await scheduler.run(errandOf(want), () => {
      // Granted now, perhaps long after it was asked for: what it tells counts as of this moment.
      asOf = state().revision;
      memory = { ...memory, begunAt: clock.monotonic(), revision: asOf };
      this.#memory.set(want.target, memory);
      return this.#ask(want.read);
    });
    if (outcome === null || this.#abort.signal.aborted) return;
    this.#memory.set(want.target, ended(memory, isAnswer(outcome)));
    if (want.read.kind === 'transaction' && isAnswer(outcome)) this.#answerHint(want.read.key, memory.begunAt);
    this.#options.onLink(linkEvent(outcome));
    this.#tell(want.read, outcome, asOf);
  }

  /** Only a reading that left after the callback came answers it. */
  #answerHint(key: string, begunAt: number): void {
    const hintedAt = this.#hints.get(key);
    if (hintedAt !== undefined && begunAt >= hintedAt) this.#hints.delete(key);
  }

  async #ask(read: Read): Promise<Outcome<unknown>> {
    const { wallet, state } = this.#options;
    const { signal } = this.#abort;
    const { settings, spot } = state();
    switch (read.kind) {
      case 'spotByCode':
        return wallet.spotByCode(spotCode(settings.locationId, settings.identifier), signal);
      case 'spot':
        return wallet.spot(read.spotId, signal);
      case 'spotList':
        return this.#askLists(spot.status === 'open' ? ['open', 'waiting'] : ['waiting', 'open']);
      case 'transaction':
        return wallet.transaction(read.key, signal);
      case 'search':
        return wallet.findTransactions(['new', 'waiting', 'reserved'], read.fromSeconds, signal);
      case 'sweep':
        return wallet.findTransactions(unfinished, read.fromSeconds, signal);
      default:
        return assertNever(read);
    }
  }

  /** Our spot in the first list that has it; null when none does. The second list is a request of its own. */
  async #askLists([first, second]: readonly ['open' | 'waiting', 'open' | 'waiting']): Promise<
    Outcome<RemoteSpot | null>
  > {
    const { wallet, scheduler } = this.#options;
    const { signal } = this.#abort;
    const found = this.#own(await wallet.findSpots(first, signal));
    if (!found.ok || found.value) return found;
    const other = await scheduler.run({ priority: 2, purpose: 'spot' }, () => wallet.findSpots(second, signal));
    return other ? this.#own(other) : found;
  }

  #own(outcome: Outcome<readonly RemoteSpot[]>): Outcome<RemoteSpot | null> {
    if (!outcome.ok) return outcome;
    const { identifier } = this.#options.state().settings;
    // The API gives identifiers back in lower case (api.md 16.3).
    const own = outcome.value.find((spot) => spot.identifier.toLowerCase() === identifier.toLowerCase());
    return { ok: true, value: own ?? null };
  }

  #tell(read: Read, outcome: Outcome<unknown>, asOf: number): void {
    switch (read.kind) {
      case 'spotByCode':
      case 'spot':
        this.#tellSpot(outcome as Outcome<RemoteSpot>, asOf);
        return;
      case 'spotList':
        if (!outcome.ok) return;
        this.#options.onLink({ type: 'spotMissing', missing: false });
        this.#options.dispatch({ type: 'spotRead', access: 'list', spot: outcome.value as RemoteSpot | null, asOf });
        return;
      case 'transaction':
        this.#tellTransaction(read.key, outcome as Outcome<RemoteTransaction>, asOf);
        return;
      case 'search':
        this.#tellSearch(read, outcome as Outcome<readonly RemoteTransaction[]>, asOf);
        return;
      case 'sweep':
        this.#tellSweep(outcome as Outcome<readonly RemoteTransaction[]>, asOf);
        return;
      default:
        assertNever(read);
    }
  }

  #tellSpot(outcome: Outcome<RemoteSpot>, asOf: number): void {
    const { dispatch, onLink } = this.#options;
    if (outcome.ok) {
      onLink({ type: 'spotMissing', missing: false });
      dispatch({ type: 'spotRead', access: 'direct', spot: outcome.value, asOf });
    } else if (outcome.failure.code === 'forbidden' || outcome.failure.code === 'unauthorized_for_merchants') {
      // Not for merchants: from now on through the lists (api.md 17.1).
      dispatch({ type: 'spotRead', access: 'list', spot: null, asOf });
    } else if (outcome.failure.code === 'not_found') {
      onLink({ type: 'spotMissing', missing: true });
    }
  }

  #tellTransaction(key: string, outcome: Outcome<RemoteTransaction>, asOf: number): void {
    if (outcome.ok) this.#options.dispatch({ type: 'transactionRead', key, transaction: outcome.value, asOf });
    else if (outcome.failure.code === 'not_found') {
      this.#options.dispatch({ type: 'transactionRead', key, transaction: null, asOf });
    }
  }

  #tellSweep(outcome: Outcome<readonly RemoteTransaction[]>, asOf: number): void {
    const { dispatch, state } = this.#options;
    // Others' transactions are none of our business, nor of the journal's.
    const own = outcome.ok ? outcome.value.filter((each) => ownParameters(state().settings, each)) : [];
    const forbidden = !outcome.ok && outcome.failure.retry === 'never' && outcome.failure.code !== 'unauthorized';
    if (outcome.ok || forbidden) dispatch({ type: 'swept', transactions: own, asOf });
  }

  #tellSearch(
    read: Extract<Read, { kind: 'search' }>,
    outcome: Outcome<readonly RemoteTransaction[]>,
    asOf: number,
  ): void {
    const { offerId } = read;
    if (outcome.ok) {
      const found = outcome.value.find((transaction) => offerOf(transaction) === offerId) ?? null;
      this.#options.dispatch({ type: 'searched', offerId, transaction: found, asOf });
    } else if (outcome.failure.retry === 'never' && outcome.failure.code !== 'unauthorized') {
      // We may not search: a transaction that may exist is attached to nothing, payable by nobody, and removed by the
      // API after a month (api.md 6.4).
      this.#options.dispatch({ type: 'searched', offerId, transaction: null, asOf });
    }
  }
}

function errandOf({ priority, read }: Want): Errand {
  if (priority === 1) return { priority, purpose: 'payments' };
  return { priority, purpose: priority === 2 || read.kind === 'transaction' ? 'bills' : 'spot' };
}

/** Statuses from which money may still move (api.md 6.4). */
const unfinished = ['new', 'waiting', 'waiting_funds', 'waiting_registration', 'waiting_password', 'reserved'];

/** The offer that a transaction was made for, by our own data in its first payment. */
function offerOf(transaction: RemoteTransaction): unknown {
  const parameters = transaction.payments[0]?.parameters;
  return typeof parameters === 'object' && parameters !== null && 'offer' in parameters ? parameters.offer : undefined;
}

/** An answer that settles the question, even if it says no. */
function isAnswer(outcome: Outcome<unknown>): boolean {
  return outcome.ok || outcome.failure.code === 'not_found' || outcome.failure.code === 'forbidden';
}

/** Wants with those that callbacks call for: at once, as when money moves, whatever was read before. */
function withHints(wants: readonly Want[], keys: readonly string[]): readonly Want[] {
  const hinted = keys.map((key): Want => {
    const target = `transaction:${key}`;
    return { read: { kind: 'transaction', key }, target, since: Number.POSITIVE_INFINITY, everyMs: 0, priority: 1 };
  });
  const targets = new Set(hinted.map(({ target }) => target));
  return [...hinted, ...wants.filter(({ target }) => !targets.has(target))];
}
