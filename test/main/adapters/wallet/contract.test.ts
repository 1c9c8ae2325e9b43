import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { startSandbox, type RunningSandbox, type SandboxOptions } from '../../../../sandbox/server.ts';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createMerchantClient, type MerchantClient } from '../../../../src/main/adapters/wallet/merchant.ts';
import { createUserClient, type UserClient } from '../../../../src/main/adapters/wallet/user.ts';
import type { TransactionRequest } from '../../../../src/main/core/remote.ts';
import type { Outcome } from '../../../../src/main/ports/wallet.ts';
import { spotCode, transactionCode } from '../../../../src/shared/ids.ts';
import { money } from '../../../../src/shared/money.ts';
import { keepingLog } from '../../../fakes/log.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const never = new AbortController().signal;

interface Scene {
  readonly sandbox: RunningSandbox;
  readonly merchant: MerchantClient;
  readonly user: UserClient;
  readonly code: string;
}

async function scene(options: SandboxOptions = {}): Promise<Scene> {
  const sandbox = await startSandbox({ seed: 7, ...options });
  cleanups.push(() => sandbox.stop());
  const [payer] = sandbox.users;
  if (!payer) throw new Error('The sandbox has no user.');
  const shared = { root: new URL(sandbox.baseUrl), clock: createSystemClock(), randomBytes, log: keepingLog() };
  const { macId, macKey } = sandbox.merchant;
  const { locationId } = sandbox;
  const merchant = createMerchantClient({ ...shared, macId, macKey: () => macKey, locationId, projectId: 77 });
  const user = createUserClient({ ...shared, accessToken: payer.accessToken, tokenKey: () => payer.macKey });
  cleanups.push(
    () => merchant.stop(),
    () => user.stop(),
  );
  return { sandbox, merchant, user, code: spotCode(locationId, 'TABLE1') };
}

function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(`${outcome.failure.code}: ${outcome.failure.message}`);
  return outcome.value;
}

function request(amount: number, offer: string): TransactionRequest {
  return {
    price: money(amount, 'EUR'),
    description: 'Bill 1',
    parameters: { terminal: 'K1', spot: '3:TABLE1', bill: 'bill_1', offer },
    reserveForSeconds: 900,
  };
}

/** What the sandbox can be set to, where no source of the API tells how it is. */
const worlds: readonly (readonly [name: string, switches: NonNullable<SandboxOptions['switches']>])[] = [
  ['the likeliest API', {}],
  [
    'an API that forbids merchants to read spots, spells "opened" and says little',
    {
      merchantMayReadSpots: false,
      openSpelling: 'opened',
      strictStatusFilter: true,
      embedTransactions: false,
      confirmAnswer: 'empty_object',
      deleteAnswer: 'empty_object',
      pricesAs: 'decimal',
      nullOptionals: true,
      orderAfterRevoke: 'pending',
    },
  ],
  [
    'an API that answers with nothing at all',
    { confirmAnswer: 'nothing', deleteAnswer: 'nothing', pricesAs: 'price', ordersInLists: true, secondConfirm: 200 },
  ],
];

describe.each(worlds)('against %s', (_name, switches) => {
  it('every call of both clients does what it says', async () => {
    const { sandbox, merchant, user, code } = await scene({ switches });
    expect(Math.abs(valueOf(await merchant.synchroniseClock(never)).offsetMs)).toBeLessThan(2000);

    // The customer scans and checks in; the merchant finds the spot waiting.
    const scanned = valueOf(await user.spotByCode(code, never));
    expect(valueOf(await user.resolveCode(code, never))).toMatchObject({ type: 'spot', spotId: scanned.id });
    expect(valueOf(await user.checkIn(scanned.id, never)).status).toBe('waiting');
    const waiting = valueOf(await merchant.findSpots('waiting', never));
    expect(waiting.map(({ id, identifier, locationId }) => [id, identifier, locationId])).toEqual([
      [scanned.id, 'table1', sandbox.locationId],
    ]);

    // A bill is offered in two steps, then edited.
    const first = valueOf(await merchant.createTransaction(request(4512, 'offer_1'), never));
    expect(first).toMatchObject({ status: 'new', payments: [{ price: money(4512, 'EUR'), description: 'Bill 1' }] });
    expect(first.payments[0]?.parameters).toEqual({
      terminal: 'K1',
      spot: '3:TABLE1',
      bill: 'bill_1',
      offer: 'offer_1',
    });
    const order = valueOf(await merchant.attachOrder(scanned.id, first.key, never));
    expect(order).toMatchObject({ transactionKey: first.key, status: 'pending' });
    const second = valueOf(await merchant.createTransaction(request(5000, 'offer_2'), never));
    const pointed = valueOf(await merchant.pointOrder(order.id, second.key, never));
    expect(pointed).toMatchObject({ id: order.id, transactionKey: second.key });
    expect(await merchant.revoke(first.key, never)).toEqual({ ok: true, value: null });
    expect(valueOf(await merchant.transaction(first.key, never)).status).toBe('deleted');

    // The spot is open, and is found so, however that is spelt.
    expect(valueOf(await merchant.findSpots('open', never)).map(({ id, status }) => [id, status])).toEqual([
      [scanned.id, 'open'],
    ]);
    expect(valueOf(await user.spot(scanned.id, never))).toMatchObject({ status: 'open', orders: [{ id: order.id }] });

    // The customer pays; the merchant looks, confirms and reads back.
    expect(valueOf(await user.resolveCode(transactionCode(second.key), never)).transactionKey).toBe(second.key);
    valueOf(await user.reserve(second.key, never));
    expect(valueOf(await user.order(order.id, never)).status).toBe('reserved');
    const reserved = valueOf(await merchant.findTransactions(['reserved', 'confirmed'], 0, never));
    expect(reserved.map(({ key, status }) => [key, status])).toEqual([[second.key, 'reserved']]);
    expect(reserved[0]?.payments[0]?.price).toEqual(money(5000, 'EUR'));
    expect(await merchant.confirm(second.key, never)).toEqual({ ok: true, value: null });
    const paid = valueOf(await merchant.transaction(second.key, never));
    expect(paid.status).toBe('confirmed');
    expect(paid.confirmedAt).toEqual(expect.any(Number));

    // Another bill inline, paid from a wallet and given back; a third order removed.
    const inline = valueOf(await merchant.createOrderInline(scanned.id, request(100, 'offer_3'), never));
    valueOf(await user.reserveFromWallet(inline.transactionKey, 'me', never));
    expect(await merchant.revoke(inline.transactionKey, never)).toEqual({ ok: true, value: null });
    expect(valueOf(await merchant.transaction(inline.transactionKey, never)).status).toBe('revoked');
    const third = valueOf(await merchant.createOrderInline(scanned.id, request(200, 'offer_4'), never));
    expect(await merchant.deleteOrder(third.id, never)).toEqual({ ok: true, value: null });

    expect(await merchant.closeSpot(scanned.id, never)).toEqual({ ok: true, value: null });
    valueOf(await user.checkIn(scanned.id, never));
    expect(valueOf(await user.checkOut(scanned.id, never)).status).toBe('closed');
    expect(valueOf(await merchant.findSpots('waiting', never))).toEqual([]);
    // A merchant who asked for the wrong spelling, once, is the only thing that was refused.
    const refused = sandbox.received.filter(({ status }) => status >= 400);
    expect(refused.map(({ path }) => path.split('&')[0])).toEqual(
      switches.strictStatusFilter ? ['/spots?status=open'] : [],
    );
  });

  it('the merchant reads spots, or learns that it may not', async () => {
    const { merchant, user, code } = await scene({ switches });
    const { id } = valueOf(await user.spotByCode(code, never));
    const { key } = valueOf(await merchant.createTransaction(request(1, 'offer_1'), never));
    valueOf(await user.checkIn(id, never));
    valueOf(await merchant.attachOrder(id, key, never));
    const outcomes = [await merchant.spotByCode(code, never), await merchant.spot(id, never)];
    if (switches.merchantMayReadSpots === false) {
      for (const outcome of outcomes) expect(outcome).toMatchObject({ failure: { code: 'forbidden', retry: 'never' } });
      return;
    }
    for (const outcome of outcomes) expect(valueOf(outcome)).toMatchObject({ id, orders: [{ transactionKey: key }] });
    expect(valueOf(await merchant.spot(id, never)).orders?.[0]?.transaction).toMatchObject({ key, status: 'new' });
  });
});

describe('against an API that refuses', () => {
  it('wrong keys are refused for good, on both sides and with the sides exchanged', async () => {
    const { sandbox, user, code } = await scene();
    const shared = { root: new URL(sandbox.baseUrl), clock: createSystemClock(), randomBytes, log: keepingLog() };
    const wrong = createMerchantClient({ ...shared, macId: sandbox.merchant.macId, macKey: () => 'wrong' });
    const { macId, macKey } = sandbox.merchant;
    const exchanged = createUserClient({ ...shared, accessToken: macId, tokenKey: () => macKey });
    cleanups.push(
      () => wrong.stop(),
      () => exchanged.stop(),
    );
    const failure = { code: 'unauthorized', retry: 'never', status: 401 };
    expect(await wrong.findSpots('waiting', never)).toMatchObject({ failure });
    const { id } = valueOf(await user.spotByCode(code, never));
    expect(await exchanged.checkIn(id, never)).toMatchObject({ ok: false, failure: { retry: 'never' } });
  });

  it('a clock that is days off is corrected on the way', async () => {
    const { sandbox, merchant } = await scene();
    sandbox.gate.offsetSeconds = 200_000;
    expect(await merchant.findSpots('waiting', never)).toEqual({ ok: true, value: [] });
    expect(sandbox.received.map(({ path, status }) => [path.split('?')[0], status])).toEqual([
      ['/spots', 401],
      ['/server', 200],
      ['/spots', 200],
    ]);
  });

  it('what is not possible now is final, with the state to be read again', async () => {
    const { merchant } = await scene();
    const { key } = valueOf(await merchant.createTransaction(request(1, 'offer_1'), never));
    expect(await merchant.confirm(key, never)).toMatchObject({ failure: { code: 'invalid_state', retry: 'never' } });
    expect(await merchant.transaction('nosuchkey', never)).toMatchObject({
      failure: { code: 'not_found', retry: 'never' },
    });
  });

  it('an answer that is lost after the work is unknown; reading tells that it was done', async () => {
    const { sandbox, merchant, user, code } = await scene();
    const { id } = valueOf(await user.spotByCode(code, never));
    const { key } = valueOf(await merchant.createTransaction(request(1, 'offer_1'), never));
    valueOf(await merchant.attachOrder(id, key, never));
    valueOf(await user.reserve(key, never));
    for (const fault of [{ type: 'dropAnswer' }, { type: 'statusAfter', status: 500 }] as const) {
      sandbox.faults.add({ match: { method: 'PUT' }, times: 1, fault });
      expect(await merchant.closeSpot(id, never)).toMatchObject({ failure: { retry: 'unknown' } });
    }
    sandbox.faults.add({ match: { path: '/confirm$' }, times: 1, fault: { type: 'dropAnswer' } });
    expect(await merchant.confirm(key, never)).toMatchObject({
      failure: { code: 'connection_lost', retry: 'unknown' },
    });
    expect(valueOf(await merchant.transaction(key, never)).status).toBe('confirmed');
  });

  it('too many requests are refused with the time to wait', async () => {
    const { sandbox, merchant } = await scene();
    sandbox.faults.add({ match: {}, times: 1, fault: { type: 'status', status: 429, retryAfter: 60 } });
    expect(await merchant.closeSpot(1, never)).toMatchObject({
      failure: {
        code: 'rate_limit_exceeded',
        retry: 'later',
        retryAfterMs: 60_000,
        correlationId: expect.any(String) as string,
      },
    });
  });
});
