import { expect, describe, it, onTestFinished } from 'vitest';
import type { OfferStage } from '../../../src/main/core/bill/state.ts';
import type { LinkEvent } from '../../../src/main/core/link/link.ts';
import type { CallbacksVerdict } from '../../../src/main/core/polling/callbacks.ts';
import type { RemoteTransaction, TransactionRequest } from '../../../src/main/core/remote.ts';
import type { Clock } from '../../../src/main/ports/clock.ts';
import type { Outcome, WalletPort } from '../../../src/main/ports/wallet.ts';
import { CallbackWatch } from '../../../src/main/terminal/callbacks.ts';
import { Poller } from '../../../src/main/terminal/poller.ts';
import { Scheduler } from '../../../src/main/terminal/scheduler.ts';
import { keepingLog } from '../../fakes/log.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { key, stateWith } from '../core/bill/world.ts';

const transaction = (status: RemoteTransaction['status'], name = key): RemoteTransaction => ({
  key: name,
  status,
  createdAt: null,
  confirmedAt: null,
  payments: [],
});

const failed: Outcome<never> = {
  ok: false,
  failure: { code: 'connection_lost', message: 'The connection was lost.', retry: 'later' },
};

/** The API as a test has it: every call is noted; readings take `latencyMs`. */
class ScriptedWallet {
  readonly calls: string[] = [];
  readonly requests: TransactionRequest[] = [];
  status: RemoteTransaction['status'] = 'new';
  failures = 0;
  latencyMs = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get port(): WalletPort {
    const spot = { id: 51, identifier: 'table1', status: 'open' as const, title: '', locationId: 3 };
    const unused = () => Promise.resolve(failed);
    const orders = () => [
      { id: 7, transactionKey: key, status: 'pending' as const, transaction: transaction(this.status) },
    ];
    return {
      spotByCode: unused,
      spot: () => this.#answer('spot', () => ({ ...spot, orders: orders() })),
      findSpots: unused,
      transaction: (name) => this.#answer(`transaction ${name}`, () => transaction(this.status, name)),
      findTransactions: () => this.#answer('transactions', () => [transaction(this.status)]),
      createTransaction: (request) => {
        this.requests.push(request);
        return this.#answer('create', () => transaction('new'));
      },
      attachOrder: unused,
      pointOrder: unused,
      deleteOrder: unused,
      confirm: unused,
      revoke: unused,
      closeSpot: unused,
      askBeforeFurther: () => undefined,
      synchroniseClock: unused,
    };
  }

  async #answer<Value>(call: string, value: () => Value): Promise<Outcome<Value>> {
    this.calls.push(call);
    const found = value();
    if (this.latencyMs > 0) {
      await new Promise<void>((resolve) => {
        this.#clock.after(this.latencyMs, resolve);
      });
    }
    if (this.failures === 0) return { ok: true, value: found };
    this.failures -= 1;
    return failed;
  }
}

const cadence = {
  idleEveryMs: 60_000,
  waitingEveryMs: 60_000,
  offeredEveryMs: 20_000,
  offeredOldEveryMs: 20_000,
  freshForMs: 60_000,
  shopClosedEveryMs: 70_000,
  openingHours: [],
};

/** A poller on a state that the test chooses, which has done its first reading. */
async function polling(first: OfferStage = { name: 'offered', since: 1 }) {
  const clock = new VirtualClock();
  const wallet = new ScriptedWallet(clock);
  const log = keepingLog();
  const read: string[] = [];
  let state = stateWith(first);
  let verdict: CallbacksVerdict = 'off';
  const poller = new Poller({
    wallet: wallet.port,
    scheduler: new Scheduler({ perMinute: 60, perHour: 1000 }, clock),
    clock,
    log,
    cadence,
    limits: { perMinute: 60, perHour: 1000 },
    callbacks: () => verdict,
    random: () => 0.5,
    state: () => state,
    dispatch: (happening) => {
      if (happening.type === 'transactionRead') read.push(happening.transaction?.status ?? 'none');
    },
    onLink: () => undefined,
  });
  onTestFinished(async () => {
    await poller.stop();
    expect(log.lines).toEqual([]);
  });
  poller.kick();
  await clock.advance(0);
  wallet.calls.splice(0);
  return {
    clock,
    wallet,
    poller,
    read,
    become: (stage: OfferStage) => {
      state = stateWith(stage);
      poller.kick();
    },
    callbacksAre: (now: CallbacksVerdict) => {
      verdict = now;
      poller.kick();
    },
  };
}

const reading = `transaction ${key}`;

describe('a hint', () => {
  it('has the transaction read at once, once', async () => {
    const { clock, wallet, poller, read } = await polling();
    wallet.status = 'reserved';
    poller.hint(key);
    await clock.advance(5000);
    expect(wallet.calls).toEqual([reading]);
    expect(read).toEqual(['reserved']);
  });

  it('that comes while the transaction is being read has it read again', async () => {
    const { clock, wallet, poller, read } = await polling();
    wallet.latencyMs = 300;
    poller.hint(key);
    await clock.advance(100);
    wallet.status = 'reserved';
    poller.hint(key);
    poller.hint(key);
    await clock.advance(5000);
    expect(wallet.calls).toEqual([reading, reading]);
    expect(read).toEqual(['new', 'reserved']);
  });

  it('is not forgotten when the reading fails', async () => {
    const { clock, wallet, poller, read } = await polling();
    wallet.failures = 2;
    poller.hint(key);
    await clock.advance(15_000);
    expect(read).toEqual(['new']);
    expect(wallet.calls.filter((call) => call === reading)).toHaveLength(3);
  });

  it('about a transaction that is not ours is nothing', async () => {
    const { clock, wallet, poller } = await polling();
    poller.hint('another');
    await clock.advance(5000);
    expect(wallet.calls).toEqual([]);
  });

  it('that comes before the order is known to be there waits for it', async () => {
    const { clock, wallet, poller, read, become } = await polling({ name: 'attaching', effectId: 'effect_9' });
    poller.hint(key);
    await clock.advance(5000);
    expect(read).toEqual([]);
    become({ name: 'offered', since: 1 });
    await clock.advance(0);
    expect(wallet.calls).toContain(reading);
    expect(read).toEqual(['new']);
  });

  it('is dropped when the state asks by itself', async () => {
    const { clock, poller, read, become } = await polling({ name: 'attaching', effectId: 'effect_9' });
    poller.hint(key);
    become({ name: 'confirming', effectId: 'effect_9' });
    become({ name: 'offered', since: 1 });
    await clock.advance(1000);
    expect(read).toEqual([]);
  });
});

describe('the cadence', () => {
  it('of an offered bill is slower while callbacks work, and full again at once when they are silent', async () => {
    const { clock, wallet, callbacksAre } = await polling();
    const count = async (milliseconds: number) => {
      wallet.calls.splice(0);
      await clock.advance(milliseconds);
      return wallet.calls.length;
    };
    const usual = await count(80_000);
    callbacksAre('working');
    const slow = await count(80_000);
    expect(slow).toBeLessThanOrEqual(usual / 2);
    await clock.advance(21_000);
    wallet.calls.splice(0);
    callbacksAre('silent');
    await clock.advance(0);
    expect(wallet.calls).toHaveLength(1);
    expect(await count(80_000)).toBeGreaterThanOrEqual(slow * 2);
  });
});

function watching(spoiled: (clock: Clock) => Clock = (clock) => clock) {
  const address = 'https://pay.example.lt/callbacks/T1';
  const clock = new VirtualClock();
  const wallet = new ScriptedWallet(clock);
  const log = keepingLog();
  const told: LinkEvent[] = [];
  const verdicts: CallbacksVerdict[] = [];
  const watch = new CallbackWatch({
    settings: { silentAfterMs: 10_000, trustedForMs: 3_600_000, address: () => address },
    clock: spoiled({
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      after: (milliseconds, callback) => clock.after(milliseconds, callback),
    }),
    log,
    onLink: (event) => told.push(event),
    onVerdict: () => verdicts.push(watch.verdict),
  });
  onTestFinished(() => {
    watch.stop();
    watch.stop();
    expect(clock.pending).toBe(0);
  });
  const { signal } = new AbortController();
  const port = watch.watched(wallet.port);
  const request: TransactionRequest = {
    price: { amount: 100, currency: 'EUR' } as TransactionRequest['price'],
    description: 'Bill 1',
    parameters: { terminal: 'T1', spot: '3:TABLE1', bill: 'bill_1', offer: 'offer_1' },
    reserveForSeconds: 900,
  };
  return { clock, wallet, log, told, verdicts, watch, port, signal, request };
}

describe('the watch over callbacks', () => {
  it('asks for them with each transaction, once somebody listens', async () => {
    const { wallet, port, request, signal } = watching();
    await port.createTransaction(request, signal);
    expect(wallet.requests).toEqual([{ ...request, callbackUri: 'https://pay.example.lt/callbacks/T1' }]);
  });

  it.each(['spot', 'transaction', 'search'] as const)(
    'notices money that nobody told of, found by reading the %s, and hears when they come again',
    async (how) => {
      const { clock, wallet, log, told, verdicts, watch, port, request, signal } = watching();
      expect([watch.verdict, told]).toEqual(['silent', [{ type: 'callbacks', standing: 'unproven' }]]);
      await port.createTransaction(request, signal);
      wallet.status = 'reserved';
      if (how === 'spot') await port.spot(51, signal);
      else if (how === 'transaction') await port.transaction(key, signal);
      else await port.findTransactions(['reserved'], 0, signal);
      await clock.advance(9_999);
      expect(verdicts).toEqual([]);
      await clock.advance(1);
      expect(verdicts).toEqual(['silent']);
      expect(log.lines).toMatchObject([{ level: 'warn' }]);
      watch.heard({ key, kind: 'reserved' });
      expect(verdicts).toEqual(['silent', 'working']);
      expect(told.slice(1)).toEqual([
        { type: 'callbacks', standing: 'silent' },
        { type: 'callbacks', standing: 'working' },
      ]);
    },
  );

  it('notices it although timers fire a little early, as those of Node may', async () => {
    const { clock, wallet, verdicts, port, request, signal } = watching(({ after, ...rest }) => ({
      ...rest,
      after: (milliseconds, callback) => after(Math.max(0.25, milliseconds - 0.5), callback),
    }));
    await port.createTransaction(request, signal);
    wallet.status = 'reserved';
    await port.transaction(key, signal);
    await clock.advance(10_001);
    expect(verdicts).toEqual(['silent']);
  });

  it('stops trusting them after a quiet hour', async () => {
    const { clock, verdicts, watch, port, request, signal } = watching();
    await port.createTransaction(request, signal);
    watch.heard({ key, kind: 'reserved' });
    await clock.advance(3_600_000);
    expect(verdicts).toEqual(['working', 'silent']);
  });

  it('gives failures on as they are', async () => {
    const { wallet, verdicts, port, request, signal } = watching();
    wallet.failures = 2;
    expect(await port.createTransaction(request, signal)).toEqual(failed);
    expect(await port.transaction(key, signal)).toEqual(failed);
    for (const outcome of [port.confirm(key, signal), port.revoke(key, signal), port.closeSpot(1, signal)]) {
      expect(await outcome).toEqual(failed);
    }
    expect(verdicts).toEqual([]);
  });
});

describe('a watch without an address', () => {
  it('asks for nothing and judges nothing', async () => {
    const clock = new VirtualClock();
    const wallet = new ScriptedWallet(clock);
    const watch = new CallbackWatch({
      settings: { silentAfterMs: 1000, trustedForMs: 60_000, address: () => undefined },
      clock,
      log: keepingLog(),
      onLink: () => undefined,
      onVerdict: () => undefined,
    });
    const { request, signal } = watching();
    const port = watch.watched(wallet.port);
    await port.createTransaction(request, signal);
    expect(wallet.requests).toEqual([request]);
    wallet.status = 'reserved';
    await port.transaction(key, signal);
    expect(clock.pending).toBe(0);
  });
});
