import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../fakes/until.ts';
import { coffee, spotCode, Stage } from './stage.ts';

/** Callbacks between a real sandbox and a real terminal. */

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.close();
  stage = undefined;
});

/** Without callbacks a payment would be seen after ten minutes, long after every deadline of these tests. */
const never = { idleEveryMs: 600_000, waitingEveryMs: 600_000, offeredEveryMs: 600_000, offeredOldEveryMs: 600_000 };
const often = { ...never, waitingEveryMs: 1000, offeredEveryMs: 500, offeredOldEveryMs: 500 };

async function open(requests: Readonly<Record<string, number>>): Promise<Stage> {
  stage = await Stage.open({ requests, callbacks: { enabled: true, port: 0, silentAfterMs: 1000 } });
  return stage;
}

interface Sent {
  readonly type: string;
  readonly uri: string;
  readonly state: string;
  readonly attempts: readonly { readonly status: number; readonly answer: string }[];
}

const ask = async (on: Stage, path: string): Promise<unknown> =>
  (await fetch(new URL(`/control/${path}`, on.sandbox.ready.controlUrl))).json();
const callbacks = async (on: Stage) => ((await ask(on, 'callbacks')) as { callbacks: readonly Sent[] }).callbacks;
const ended = (on: Stage, count: number) =>
  until(
    async () => {
      const sent = await callbacks(on);
      return sent.length >= count && sent.every(({ state }) => state !== 'waiting') && sent;
    },
    `${String(count)} callbacks to have been sent`,
  );
/** How often that transaction was read by itself. */
const readings = async (on: Stage, key: string) => {
  const { requests } = (await ask(on, 'requests')) as { requests: { method: string; path: string }[] };
  return requests.filter(({ method, path }) => method === 'GET' && path === `/transaction/${key}`).length;
};

async function pay(on: Stage, key: string): Promise<void> {
  await on.phone('check-in', { user: 0, code: spotCode });
  await on.phone('pay', { user: 0, transactionKey: key });
}

describe('with callbacks', () => {
  it('a payment is seen at once, although the terminal hardly asks; twice told is paid once', async () => {
    const on = await open(never);
    await on.control('callbacks/faults', { fault: { type: 'twice' } });
    const billId = await on.putIn();
    await on.billIs(billId, 'offered');
    await pay(on, await on.payable());
    await on.billIs(billId, 'paid');
    const [callback] = await ended(on, 1);
    expect(callback).toMatchObject({ type: 'reserved', state: 'delivered' });
    await until(async () => (await callbacks(on))[0]?.attempts.length === 2, 'it to be sent twice');
    for (const { status, answer } of (await callbacks(on))[0]?.attempts ?? [])
      expect([status, answer]).toEqual([200, 'OK']);
    expect((await on.world()).users[0]).toMatchObject({ balance: 100_000 - coffee.total, locked: 0 });
    expect(on.terminal.log()).toContain('Callbacks reach this terminal.');
  });

  it('a refusal is seen at once', async () => {
    const on = await open(never);
    const billId = await on.putIn();
    await on.billIs(billId, 'offered');
    const key = await on.payable();
    await on.phone('check-in', { user: 0, code: spotCode });
    await on.phone('refuse', { user: 0, transactionKey: key });
    expect(await on.billIs(billId, 'refused')).toMatchObject({ reason: 'payer_refused' });
  });

  it('nothing is believed: forged ones are refused, untrue ones have the transaction read, and nothing changes', async () => {
    const on = await open(never);
    const billId = await on.putIn();
    await on.billIs(billId, 'offered');
    const transactionKey = await on.payable();
    const before = await readings(on, transactionKey);
    for (let count = 0; count < 3; count += 1) await on.control('callbacks', { transactionKey, forged: true });
    await on.control('callbacks', { transactionKey, type: 'confirmed' });
    await on.control('callbacks', { transactionKey, type: 'confirmed' });
    await until(async () => (await readings(on, transactionKey)) > before, 'the reading that the untrue one causes');
    const sent = await callbacks(on);
    expect(sent.map(({ attempts }) => attempts[0]?.status)).toEqual([403, 403, 403, 200, 200]);
    expect(await readings(on, transactionKey)).toBe(before + 1);
    expect(await on.bill(billId)).toMatchObject({ status: 'offered' });
    expect((await on.world()).transactions.map(({ status }) => status)).toEqual(['new']);
    // And the bill can be paid all the same.
    await pay(on, transactionKey);
    await on.billIs(billId, 'paid');
  });

  it('a key that was changed while the terminal was off is fetched again', async () => {
    const on = await open(never);
    const kept = join(on.folder, 'data', 'callbacks-key.json');
    await until(() => existsSync(kept), 'the key to be kept');
    await on.terminal.stop();
    await on.control('callbacks/new-key');
    await on.restart();
    const billId = await on.putIn();
    await on.billIs(billId, 'offered');
    await pay(on, await on.payable());
    await on.billIs(billId, 'paid');
    expect((await ended(on, 1))[0]).toMatchObject({ state: 'delivered', attempts: [{ status: 200 }] });
  });
});

describe('when callbacks are lost', () => {
  it('payments are found by asking, it is noticed, and it is noticed when they come again', async () => {
    const on = await open(often);
    await on.control('callbacks/faults', { fault: { type: 'lost' } });
    const first = await on.putIn();
    await on.billIs(first, 'offered');
    await pay(on, await on.payable());
    await on.billIs(first, 'paid');
    const logged = (text: string) => until(() => on.terminal.log().includes(text), text);
    await logged('A payment was found by reading that no callback told of.');
    expect((await callbacks(on)).map(({ state }) => state)).toEqual(['lost']);
    expect(on.terminal.log()).not.toContain('Callbacks reach this terminal.');

    await fetch(new URL('/control/callbacks/faults', on.sandbox.ready.controlUrl), { method: 'DELETE' });
    const second = await on.putIn({ ...coffee, number: '2026-0018' });
    await on.billIs(second, 'offered');
    await pay(on, await on.payable());
    await on.billIs(second, 'paid');
    await logged('Callbacks reach this terminal.');
    expect((await on.world()).users[0]).toMatchObject({ balance: 100_000 - 2 * coffee.total, locked: 0 });
  });

  it('late ones, and ones out of order, harm nobody', async () => {
    const on = await open(often);
    await on.control('callbacks/faults', { fault: { type: 'late', ms: 2000 }, times: 1 });
    await on.control('callbacks/faults', { fault: { type: 'outOfOrder' }, times: 1 });
    const bills: string[] = [];
    for (const number of ['1', '2', '3']) {
      const billId = await on.putIn({ ...coffee, number });
      bills.push(billId);
      await on.billIs(billId, 'offered');
      await pay(on, await on.payable());
      await on.billIs(billId, 'paid');
    }
    const sent = await ended(on, 3);
    expect(sent.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
    for (const billId of bills) expect(await on.bill(billId)).toMatchObject({ status: 'paid' });
    expect((await on.world()).users[0]).toMatchObject({ balance: 100_000 - 3 * coffee.total, locked: 0 });
  });
});

describe('without callbacks', () => {
  it('none are asked for, and nothing listens', async () => {
    stage = await Stage.open({ requests: often });
    const on = stage;
    const billId = await on.putIn();
    await on.billIs(billId, 'offered');
    const { requests } = (await ask(on, 'requests')) as { requests: { path: string; body: string }[] };
    const made = requests.find(({ path }) => path === '/transaction');
    expect(made?.body).not.toContain('callback_uri');
    expect(await callbacks(on)).toEqual([]);
  });
});
