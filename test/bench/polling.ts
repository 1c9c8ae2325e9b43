import { parseArgs } from 'node:util';
import { World } from '../../sandbox/world/world.ts';
import { createMerchantClient } from '../../src/main/adapters/wallet/merchant.ts';
import type { WalletPort } from '../../src/main/ports/wallet.ts';
import { settings as ordinary } from '../main/core/bill/world.ts';
import { Api, apiRoot } from '../sim/api.ts';
import { Life } from '../sim/life.ts';
import { Chance, Mischief } from '../sim/mischief.ts';
import { Network } from '../sim/network.ts';
import type { TerminalProcess } from '../sim/process.ts';
import { Trace } from '../sim/trace.ts';
import { evening, Universe } from '../sim/universe.ts';
import { closeMs, limits, openMs, ownTerminal, type Shop } from './shop.ts';
import { Visitors, type Desk } from './visitors.ts';

/**
 * `npm run bench:polling`: a day at one table in simulated time, with the terminal's own scheduler, poller and policy, and
 * with a constant poll as the API's guide recommends, under the same limits.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '1' },
    sales: { type: 'string', default: '8,30,60' },
    own: { type: 'boolean', default: false },
  },
});

const hourMs = 3_600_000;
const latencyMs = [50, 50] as const;

interface Policy {
  readonly name: string;
  /** Constant pause between polls in milliseconds; the terminal's own policy when left out. */
  readonly everyMs?: number;
}

const policies: readonly Policy[] = [
  { name: 'Spot Terminal' },
  { name: 'every 3 s', everyMs: 3000 },
  { name: 'every 5 s', everyMs: 5000 },
];

/** One day: opened at nine, closed at nineteen. */
interface Day {
  readonly perHourOpen: readonly number[];
  readonly perHourClosed: readonly number[];
  readonly sales: number;
  readonly refused: number;
  /** Milliseconds from each reservation to paid on the screen. */
  readonly waits: readonly number[];
}

async function day(policy: Policy, salesAnHour: number, seed: number): Promise<Day> {
  const universe = new Universe();
  const chance = new Chance(seed);
  const world = new World({ now: () => universe.now(), chance: () => chance.draw('world'), users: 12 });
  const merchant = { macId: 'merchant', macKey: 'a key of the bench' };
  const api = new Api(world, merchant);
  const sent: number[] = [];
  let refused = 0;
  const common = {
    universe,
    chance,
    mischief: new Mischief(chance, new Set(), () => undefined),
    trace: new Trace(universe, false),
  };
  const network = new Network({
    ...common,
    api,
    trouble: 0,
    latency: latencyMs,
    traffic: {
      onSent: () => sent.push(universe.elapsed),
      onNotSent: () => undefined,
      onAnswer: (_, { status }) => {
        if (status === 429) refused += 1;
      },
    },
  });
  const visitors = new Visitors({ universe, chance, world, salesAnHour, opens: openMs, closes: closeMs });
  const parts = { ...common, world, network, merchant, visitors };
  const end = policy.everyMs === undefined ? endOf(ownTerminal(parts)) : constantPoll(parts, policy.everyMs);
  await universe.runUntil(24 * hourMs);
  end();
  const perHour = (hour: number) => sent.filter((at) => Math.floor(at / hourMs) === hour).length;
  const hours = Array.from({ length: 24 }, (_, hour) => ({ hour, requests: perHour(hour) }));
  const isOpen = (hour: number) => hour * hourMs >= openMs && hour * hourMs < closeMs;
  return {
    perHourOpen: hours.filter(({ hour }) => isOpen(hour)).map(({ requests }) => requests),
    // The first hour after closing still has customers.
    perHourClosed: hours
      .filter(({ hour }) => !isOpen(hour) && hour * hourMs !== closeMs)
      .map(({ requests }) => requests),
    sales: visitors.sales,
    refused,
    waits: visitors.waits,
  };
}

const endOf = (process: TerminalProcess) => () => {
  process.remove();
};

/** What the API's guide recommends: the spot is asked for all day long, money is confirmed and read back when it is seen. */
function constantPoll({ universe, chance, network, merchant, world, visitors }: Shop, everyMs: number): () => void {
  const life = new Life(new Mischief(chance, new Set(), () => undefined), 0, () => undefined);
  const clock = { now: () => universe.now(), monotonic: () => universe.elapsed, after: universe.after.bind(universe) };
  const quiet = () => undefined;
  const wallet = createMerchantClient({
    root: apiRoot,
    macId: merchant.macId,
    macKey: () => merchant.macKey,
    clock,
    randomBytes: (size) => Uint8Array.from({ length: size }, () => chance.between('nonce', 0, 255)),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    http: network.http(life),
  });
  const { id } = world.spotByCode(`PAYSERA*${ordinary.locationId}:${ordinary.identifier}`);
  const signal = new AbortController().signal;
  const poll = async () => {
    const spot = await wallet.spot(id, signal);
    for (const order of (spot.ok && spot.value.orders) || []) {
      if (order.transaction?.status === 'reserved') void take(wallet, order.transactionKey, visitors);
    }
  };
  const next = () => {
    universe.after(everyMs, () => {
      void poll();
      next();
    });
  };
  next();
  visitors.begin(bareDesk(wallet, id));
  return () => {
    life.alive = false;
  };
}

async function take(wallet: WalletPort, key: string, visitors: Visitors): Promise<void> {
  const signal = new AbortController().signal;
  await wallet.confirm(key, signal);
  const read = await wallet.transaction(key, signal);
  if (read.ok && read.value.status === 'confirmed') visitors.seenPaid(read.value.payments[0]?.description ?? '');
}

/** Bills go to the API as they come; what the limit refused is tried again when the customer has waited a while. */
function bareDesk(wallet: WalletPort, spotId: number): Desk {
  const signal = new AbortController().signal;
  const keys = new Map<string, string>();
  return {
    putIn,
    takeBack: async (number) => {
      const key = keys.get(number);
      if (key !== undefined) await wallet.revoke(key, signal);
    },
    offerAgain: async (number) => {
      const key = keys.get(number);
      if (key === undefined) await putIn(number, 1000);
      else await wallet.attachOrder(spotId, key, signal);
    },
  };
  async function putIn(number: string, total: number): Promise<void> {
    const request = {
      price: { amount: total, currency: 'EUR' } as never,
      description: number,
      parameters: { terminal: 'T1', spot: '', bill: number, offer: number },
      reserveForSeconds: 900,
    };
    const made = await wallet.createTransaction(request, signal);
    if (!made.ok) return;
    keys.set(number, made.value.key);
    await wallet.attachOrder(spotId, made.value.key, signal);
  }
}

function percentile(sorted: readonly number[], part: number): string {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return value === undefined ? '-' : `${(value / 1000).toFixed(2)} s`;
}

const mean = (list: readonly number[]) =>
  (list.reduce((sum, each) => sum + each, 0) / Math.max(1, list.length)).toFixed(0);

async function main(): Promise<void> {
  const say = (cells: readonly (string | number)[]) => {
    process.stdout.write(`${cells.map((cell, index) => String(cell).padEnd(index < 2 ? 15 : 11)).join('')}\n`);
  };
  process.stdout.write(
    `A day of ten open and fourteen closed hours, ${values.days} times, seed ${values.seed}; ${evening > 0 ? 'API latency 100 ms' : ''}; ` +
      `limits ${limits.perMinute} a minute and ${limits.perHour} an hour for our policy, 60 and 1,000 at the API.\n\n`,
  );
  say([
    'sales an hour',
    'policy',
    'open mean',
    'open worst',
    'closed',
    'per sale',
    'refused',
    'paid',
    'p50',
    'p95',
    'p99',
  ]);
  for (const salesAnHour of values.sales.split(',').map(Number)) {
    for (const policy of values.own ? policies.slice(0, 1) : policies) {
      const days: Day[] = [];
      for (let count = 0; count < Number(values.days); count += 1)
        days.push(await day(policy, salesAnHour, Number(values.seed) + count));
      const open = days.flatMap(({ perHourOpen }) => perHourOpen);
      const closed = days.flatMap(({ perHourClosed }) => perHourClosed);
      const waits = days.flatMap((each) => each.waits).sort((left, right) => left - right);
      const sum = (of: (each: Day) => number) => days.reduce((total, each) => total + of(each), 0);
      const perSale = (open.reduce((total, each) => total + each, 0) / sum(({ sales }) => sales)).toFixed(1);
      say([
        salesAnHour,
        policy.name,
        mean(open),
        Math.max(...open),
        Math.max(...closed),
        perSale,
        sum(({ refused }) => refused),
        `${waits.length}/${sum(({ sales }) => sales)}`,
        percentile(waits, 0.5),
        percentile(waits, 0.95),
        percentile(waits, 0.99),
      ]);
    }
  }
}

await main();
