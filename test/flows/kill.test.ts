import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../fakes/until.ts';
import { coffee, spotCode, Stage } from './stage.ts';

/**
 * The terminal is killed (SIGKILL, as a power cut would) at ten different moments of a payment and started again. Each
 * time it must end with exactly one confirmed transaction, one paid bill, and one receipt, or a copy marked as one
 * after a doubtful paper.
 */

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

interface Moment {
  readonly name: string;
  /** Makes the moment last, so that the kill hits it. */
  readonly prepare?: (stage: Stage) => Promise<void>;
  /** Resolves within the moment. */
  readonly reached: (stage: Stage, billId: string) => Promise<unknown>;
  /** What is repaired before the restart. */
  readonly repair?: (stage: Stage) => Promise<void>;
}

const slow = 4000;
const hold = (method: string, path: string, type: 'delay' | 'delayAnswer') => (on: Stage) =>
  on.control('faults', { match: { method, path }, times: 1, fault: { type, ms: slow } });
const clear = (on: Stage) => on.clearFaults();

/** How many of the things that the sandbox has. */
const transactions = (on: Stage, status?: string) =>
  until(async () => {
    const found = (await on.world()).transactions.filter((each) => status === undefined || each.status === status);
    return found.length > 0 && found;
  }, 'a transaction');
const orders = (on: Stage) => until(async () => (await on.world()).orders.length > 0, 'an order');
const arrived = (on: Stage, method: string, path: string) =>
  // A held request is not finished: the fault that holds it has been used up.
  until(async () => (await on.faultsLeft()) === 0, `${method} ${path} to begin`);

const moments: readonly Moment[] = [
  { name: 'right after the bill was taken', reached: () => Promise.resolve() },
  {
    name: 'while the transaction is asked for',
    prepare: hold('POST', '^/transaction$', 'delay'),
    reached: (on) => arrived(on, 'POST', '/transaction'),
    repair: clear,
  },
  {
    name: 'when the transaction is made but its answer has not come',
    prepare: hold('POST', '^/transaction$', 'delayAnswer'),
    reached: (on) => transactions(on),
    repair: clear,
  },
  {
    name: 'while the order is asked for',
    prepare: hold('POST', '/order$', 'delay'),
    reached: (on) => arrived(on, 'POST', '/order'),
    repair: clear,
  },
  {
    name: 'when the order is made but its answer has not come',
    prepare: hold('POST', '/order$', 'delayAnswer'),
    reached: (on) => orders(on),
    repair: clear,
  },
  { name: 'when the bill is offered', reached: (on, billId) => on.billIs(billId, 'offered') },
  {
    name: 'right after the customer has reserved the money',
    reached: async (on, billId) => {
      await on.billIs(billId, 'offered');
      await on.checkInAndPay(spotCode);
    },
  },
  {
    name: 'while the confirmation is asked for',
    prepare: hold('PUT', '/confirm$', 'delay'),
    reached: async (on, billId) => {
      await on.billIs(billId, 'offered');
      await on.checkInAndPay(spotCode);
      await arrived(on, 'PUT', '/confirm');
    },
    repair: clear,
  },
  {
    name: 'when the money is taken but the answer has not come',
    prepare: hold('PUT', '/confirm$', 'delayAnswer'),
    reached: async (on, billId) => {
      await on.billIs(billId, 'offered');
      await on.checkInAndPay(spotCode);
      await transactions(on, 'confirmed');
    },
    repair: clear,
  },
  {
    name: 'while the receipt is being printed',
    // The paper crawls: it takes seconds from the first byte to the cut, and to the proof.
    prepare: (on) => on.control('printer', { speed: 30 }),
    reached: async (on, billId) => {
      await on.billIs(billId, 'offered');
      await on.checkInAndPay(spotCode);
      await on.billIs(billId, 'paid');
      await until(() => on.terminal.log().includes('printer is connected'), 'the printer to be connected');
    },
    repair: (on) => on.control('printer', { speed: 'instant' }),
  },
  {
    name: 'while the spot is being closed',
    prepare: hold('PUT', '/close$', 'delayAnswer'),
    reached: async (on, billId) => {
      await on.billIs(billId, 'offered');
      await on.checkInAndPay(spotCode);
      await on.billIs(billId, 'paid');
      await arrived(on, 'PUT', '/close');
    },
    repair: clear,
  },
];

/** The customer goes on where the kill left things. */
async function payIfUnpaid(on: Stage, billId: string): Promise<void> {
  const { transactions: all } = await on.world();
  if (all.some(({ status }) => status === 'reserved' || status === 'confirmed')) return;
  await on.billIs(billId, 'offered', 60_000);
  await on.checkInAndPay(spotCode);
}

describe('a terminal that is killed', () => {
  for (const moment of moments) {
    // The deadline of the test is beyond those of its waits: they name what did not come.
    it(`${moment.name} goes on without losing, doubling or hanging the payment`, async () => {
      stage = await Stage.open({
        payment: { closeAfterMs: 500 },
        requests: { offeredEveryMs: 500, idleEveryMs: 1000 },
      });
      await moment.prepare?.(stage);
      const billId = await stage.putIn(coffee);
      await moment.reached(stage, billId);
      await stage.terminal.kill();
      await moment.repair?.(stage);
      await stage.restart();

      await payIfUnpaid(stage, billId);
      const bill = await stage.billIs(billId, 'paid', 60_000);
      expect(bill.paid).toMatchObject({ how: 'wallet', receiptNumber: 1 });
      const done = stage;
      const receipts = await until(
        async () => {
          const told = (await done.events()).some(({ type }) => type === 'receipt.printed');
          if (!told || (await done.world()).spots[0]?.status !== 'closed') return false;
          // Read after it was told: what was on the paper before says nothing.
          return done.receipts();
        },
        'the paper to be out',
        60_000,
      );
      const world = await stage.world();
      expect(world.transactions.filter(({ status }) => status === 'confirmed')).toHaveLength(1);
      expect(world.transactions.filter(({ status }) => status === 'reserved')).toHaveLength(0);
      expect(world.users[0]).toMatchObject({ balance: 100_000 - coffee.total, locked: 0 });
      const unmarked = receipts.filter(({ text }) => !text.includes('COPY'));
      expect(unmarked.length).toBeLessThanOrEqual(1);
      expect(receipts.length - unmarked.length).toBeLessThanOrEqual(1);
      expect(receipts.length).toBeGreaterThanOrEqual(1);
    }, 180_000);
  }
});
