import {
  callbacksAfter,
  nextJudgement,
  nothingHeard,
  verdictOf,
  type CallbackEvent,
  type CallbackRecord,
  type CallbacksVerdict,
  type Patience,
} from '../core/polling/callbacks.ts';
import type { LinkEvent } from '../core/link/link.ts';
import type { RemoteSpot, RemoteTransaction } from '../core/remote.ts';
import type { Callback } from '../ports/callbacks.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Outcome, WalletPort } from '../ports/wallet.ts';

/** What of the configuration the watch needs. */
export interface CallbackSettings extends Patience {
  /** Where the API reaches us; undefined while nobody listens yet. */
  readonly address: () => string | undefined;
}

interface CallbackWatchOptions {
  readonly settings: CallbackSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly onLink: (event: LinkEvent) => void;
  /** The verdict is another one. */
  readonly onVerdict: () => void;
}

/**
 * Asks for callbacks with each transaction that is made, and notices when they do not come: it stands between the
 * terminal and the API and looks at what is read.
 */
export class CallbackWatch {
  readonly #options: CallbackWatchOptions;
  #record: CallbackRecord = nothingHeard;
  #timer: Stop | undefined;
  #stopped = false;

  constructor(options: CallbackWatchOptions) {
    this.#options = options;
    this.#tell();
  }

  /** Whether the poller may rely on callbacks. */
  get verdict(): CallbacksVerdict {
    return verdictOf(this.#record);
  }

  /** A callback came, its signature checked. */
  heard({ key, kind }: Callback): void {
    this.#take({ type: 'heard', key, kind, at: this.#options.clock.monotonic() });
  }

  /** The API with an eye on what it says of transactions. */
  watched(wallet: WalletPort): WalletPort {
    return {
      spotByCode: (code, signal) => this.#spot(wallet.spotByCode(code, signal)),
      spot: (spotId, signal) => this.#spot(wallet.spot(spotId, signal)),
      findSpots: (status, signal) => wallet.findSpots(status, signal),
      transaction: (key, signal) => this.#transactions(wallet.transaction(key, signal), (read) => [read]),
      findTransactions: (statuses, fromSeconds, signal) =>
        this.#transactions(wallet.findTransactions(statuses, fromSeconds, signal), (read) => read),
      createTransaction: async (request, signal) => {
        const callbackUri = this.#options.settings.address();
        if (callbackUri === undefined) return wallet.createTransaction(request, signal);
        const outcome = await wallet.createTransaction({ ...request, callbackUri }, signal);
        if (outcome.ok) this.#take({ type: 'promised', key: outcome.value.key });
        return outcome;
      },
      attachOrder: (spotId, key, signal) => wallet.attachOrder(spotId, key, signal),
      pointOrder: (orderId, key, signal) => wallet.pointOrder(orderId, key, signal),
      deleteOrder: (orderId, signal) => wallet.deleteOrder(orderId, signal),
      confirm: (key, signal) => wallet.confirm(key, signal),
      revoke: (key, signal) => wallet.revoke(key, signal),
      closeSpot: (spotId, signal) => wallet.closeSpot(spotId, signal),
      askBeforeFurther: (mayLeave) => {
        wallet.askBeforeFurther(mayLeave);
      },
      synchroniseClock: (signal) => wallet.synchroniseClock(signal),
    };
  }

  /** Idempotent. */
  stop(): void {
    this.#stopped = true;
    this.#timer?.();
  }

  #spot(asked: Promise<Outcome<RemoteSpot>>): Promise<Outcome<RemoteSpot>> {
    return this.#transactions(asked, ({ orders }) => (orders ?? []).flatMap(({ transaction }) => transaction ?? []));
  }

  async #transactions<Value>(
    asked: Promise<Outcome<Value>>,
    of: (value: Value) => readonly RemoteTransaction[],
  ): Promise<Outcome<Value>> {
    const outcome = await asked;
    const at = this.#options.clock.monotonic();
    for (const { key, status } of outcome.ok ? of(outcome.value) : []) {
      if (status === 'reserved') this.#take({ type: 'foundReserved', key, at });
    }
    return outcome;
  }

  #take(event: CallbackEvent): void {
    if (this.#stopped) return;
    const before = this.#record;
    this.#record = callbacksAfter(before, event, this.#options.settings);
    if (this.#record === before) return;
    this.#arm();
    if (this.#record.standing !== before.standing) this.#changed();
  }

  #changed(): void {
    const { log, onVerdict } = this.#options;
    if (this.#record.standing === 'working') log.info('Callbacks reach this terminal.');
    else if (this.#record.standing === 'silent') {
      log.warn('A payment was found by reading that no callback told of. Bills are read more often again.');
    }
    this.#tell();
    onVerdict();
  }

  #tell(): void {
    this.#options.onLink({ type: 'callbacks', standing: this.#record.standing });
  }

  /** Sets the timer to when time alone changes the verdict. */
  #arm(): void {
    const { clock, settings } = this.#options;
    this.#timer?.();
    this.#timer = undefined;
    const next = nextJudgement(this.#record, settings);
    if (next === undefined) return;
    this.#timer = clock.after(Math.max(0, next - clock.monotonic()), () => {
      this.#take({ type: 'timePassed', at: clock.monotonic() });
      // Node's timers may fire a fraction of a millisecond early: then nothing has changed yet.
      if (!this.#stopped) this.#arm();
    });
  }
}
