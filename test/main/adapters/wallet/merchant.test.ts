import { afterEach, describe, expect, it } from 'vitest';
import type { ClientOptions } from '../../../../src/main/adapters/wallet/client.ts';
import { createMerchantClient, type MerchantClient } from '../../../../src/main/adapters/wallet/merchant.ts';
import type { TransactionRequest } from '../../../../src/main/core/remote.ts';
import type { Outcome } from '../../../../src/main/ports/wallet.ts';
import { money } from '../../../../src/shared/money.ts';
import {
  clientOptions,
  credentials,
  json,
  macHeader,
  signatureProblem,
  startApi,
  type ApiServer,
  type Behaviour,
} from './api-server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function merchant(behave: Behaviour, more: Partial<ClientOptions> = {}) {
  const server = await startApi(behave);
  cleanups.push(() => server.stop());
  const client = createMerchantClient(clientOptions(server.root, more));
  cleanups.push(() => client.stop());
  return { server, client };
}

function sent(server: ApiServer): string[] {
  return server.received.map(({ method, url }) => `${method} ${url.replace('/rest/v1', '')}`);
}

function valueOf<Value>(outcome: Outcome<Value>): Value {
  if (!outcome.ok) throw new Error(outcome.failure.message);
  return outcome.value;
}

const never = new AbortController().signal;
const request: TransactionRequest = {
  price: money(4512, 'EUR'),
  description: 'Lane 2',
  parameters: { terminal: 'K1', spot: '3:TABLE1', bill: 'bill_1', offer: 'offer_1' },
  reserveForSeconds: 900,
};
const transaction = {
  payments: [{ description: 'Lane 2', price: 4512, currency: 'EUR', parameters: request.parameters }],
  reserve: { for: 900 },
};
const spot = { id: 4711, status: 'waiting', identifier: 'lane2', place_info: { title: 'North', location_id: 3 } };

/** An answer that suits any call. */
const anything: Behaviour = (_, response) => {
  json(response, { ...spot, transaction_key: 'k', spots: [], transactions: [], time: 1 });
};

describe('each call', () => {
  const calls: readonly (readonly [
    line: string,
    body: unknown,
    call: (client: MerchantClient) => Promise<Outcome<unknown>>,
  ])[] = [
    ['GET /spot?code=PAYSERA*3%3ALANE%202', null, (client) => client.spotByCode('PAYSERA*3:LANE 2', never)],
    ['GET /spot/4711?fields=*,orders.transaction', null, (client) => client.spot(4711, never)],
    ['GET /spots?status=waiting&limit=50&offset=0', null, (client) => client.findSpots('waiting', never)],
    ['PUT /spot/4711/close', null, (client) => client.closeSpot(4711, never)],
    ['POST /spot/4711/order', { transaction_key: 'Qm/4' }, (client) => client.attachOrder(4711, 'Qm/4', never)],
    ['POST /spot/4711/order', { transaction }, (client) => client.createOrderInline(4711, request, never)],
    ['PUT /order/880', { transaction_key: 'Qm4' }, (client) => client.pointOrder(880, 'Qm4', never)],
    ['DELETE /order/880', null, (client) => client.deleteOrder(880, never)],
    ['GET /transaction/Qm%2F4', null, (client) => client.transaction('Qm/4', never)],
    [
      'GET /transactions?status=reserved,confirmed&from=1767225600&limit=200&offset=0',
      null,
      (client) => client.findTransactions(['reserved', 'confirmed'], 1_767_225_600.9, never),
    ],
    ['POST /transaction', transaction, (client) => client.createTransaction(request, never)],
    ['PUT /transaction/Qm4/confirm', null, (client) => client.confirm('Qm4', never)],
    ['DELETE /transaction/Qm4', null, (client) => client.revoke('Qm4', never)],
  ];

  it.each(calls)('%s goes out signed, with body %j', async (line, body, call) => {
    const { server, client } = await merchant(anything);
    expect(await call(client)).toMatchObject({ ok: true });
    expect(sent(server)).toEqual([line]);
    const [received] = server.received;
    if (!received) throw new Error('There should be a request.');
    expect(signatureProblem(received, server.root, credentials.key)).toBeUndefined();
    expect(received.body.length === 0 ? null : JSON.parse(received.body.toString('utf8'))).toEqual(body);
    expect(macHeader(received)['id']).toBe(credentials.macId);
  });

  it('GET /server asks for the time without a signature', async () => {
    const { server, client } = await merchant(anything);
    expect(valueOf(await client.synchroniseClock(never)).offsetMs).toBeLessThan(0);
    expect(sent(server)).toEqual(['GET /server']);
    expect(server.received[0]?.headers['authorization']).toBeUndefined();
  });

  it.each(calls)('%s (%j) gives a failure as data', async (_line, _body, call) => {
    const { client } = await merchant((_, response) => {
      json(response, { error: 'forbidden' }, 403);
    });
    expect(await call(client)).toMatchObject({
      ok: false,
      failure: { code: 'forbidden', retry: 'never', status: 403 },
    });
  });

  it('creating with an empty answer is unknown: there may be a transaction', async () => {
    const { client } = await merchant((_, response) => {
      json(response, {});
    });
    const failure = { code: 'empty_answer', retry: 'unknown' };
    expect(await client.createTransaction(request, never)).toMatchObject({ failure });
    expect(await client.attachOrder(1, 'k', never)).toMatchObject({ failure });
  });
});

describe('finding spots', () => {
  const many = Array.from({ length: 120 }, (_, index) => ({ ...spot, id: index + 1 }));

  function offsetOf(url: string): number {
    return Number(new URL(url, 'http://x').searchParams.get('offset'));
  }

  /** Pages of at most `most`, with whatever metadata the API likes to give. */
  function pages(most: number, metadata: (offset: number) => unknown): Behaviour {
    return ({ url }, response) => {
      const offset = offsetOf(url);
      json(response, { spots: many.slice(offset, offset + most), _metadata: metadata(offset) });
    };
  }

  interface Listing {
    readonly told: string;
    readonly most: number;
    readonly metadata: (offset: number) => unknown;
    readonly requests: number;
  }

  it.each<Listing>([
    { told: 'a total', most: 50, metadata: () => ({ total: 120, limit: 50 }), requests: 3 },
    { told: 'a limit lower than asked for', most: 20, metadata: () => ({ total: 120, limit: 20 }), requests: 6 },
    { told: 'no total, the lowered limit', most: 20, metadata: () => ({ limit: 20 }), requests: 7 },
    { told: 'has_next', most: 20, metadata: (offset) => ({ has_next: offset < 100 }), requests: 6 },
    { told: 'no metadata at all', most: 50, metadata: () => undefined, requests: 3 },
    { told: 'null metadata', most: 50, metadata: () => null, requests: 3 },
    { told: 'a total that is too high', most: 50, metadata: () => ({ total: 500 }), requests: 4 },
  ])('all pages are read, told by $told', async ({ most, metadata, requests }) => {
    const { server, client } = await merchant(pages(most, metadata));
    const spots = valueOf(await client.findSpots('waiting', never));
    expect(spots.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
    expect(server.received).toHaveLength(requests);
  });

  it('pages that repeat themselves are an error, not a list', async () => {
    const { server, client } = await merchant((_, response) => {
      json(response, { spots: many.slice(0, 50), _metadata: { total: 120 } });
    });
    expect(await client.findSpots('waiting', never)).toMatchObject({
      failure: { code: 'endless_list', retry: 'later' },
    });
    expect(server.received).toHaveLength(2);
  });

  it('pages without an end are an error', async () => {
    const { server, client } = await merchant(({ url }, response) => {
      json(response, { spots: [{ ...spot, id: offsetOf(url) + 1 }], _metadata: { has_next: true } });
    });
    expect(await client.findSpots('waiting', never)).toMatchObject({ failure: { code: 'endless_list' } });
    expect(server.received).toHaveLength(50);
  });

  it('a spot that moved to the next page meanwhile is listed once', async () => {
    const { client } = await merchant(({ url }, response) => {
      const items = offsetOf(url) === 0 ? many.slice(0, 50) : many.slice(49, 60);
      json(response, { spots: items, _metadata: { total: 61 } });
    });
    expect(valueOf(await client.findSpots('waiting', never))).toHaveLength(60);
  });

  it('the location is asked for, and checked where the answer tells it', async () => {
    const elsewhere = { ...spot, id: 2, place_info: { location_id: 4 } };
    const untold = { ...spot, id: 3, place_info: undefined };
    const { server, client } = await merchant(
      (_, response) => {
        json(response, { spots: [spot, elsewhere, untold], _metadata: { total: 3 } });
      },
      { locationId: 3 },
    );
    expect(valueOf(await client.findSpots('closed', never)).map(({ id }) => id)).toEqual([4711, 3]);
    expect(sent(server)).toEqual(['GET /spots?status=closed&location_id=3&limit=50&offset=0']);
  });

  it('open is asked for as "opened" where "open" is not understood, and that is remembered', async () => {
    const { server, client } = await merchant(({ url }, response) => {
      if (url.includes('status=open&')) json(response, { error: 'invalid_parameters' }, 400);
      else json(response, { spots: [{ ...spot, status: 'opened' }], _metadata: { total: 1 } });
    });
    for (let count = 0; count < 2; count += 1) {
      expect(valueOf(await client.findSpots('open', never))[0]?.status).toBe('open');
    }
    const asked = sent(server).map((line) => /status=(\w+)/.exec(line)?.[1]);
    expect(asked).toEqual(['open', 'opened', 'opened']);
  });

  it('open is asked for as "open" as long as that is understood', async () => {
    const { server, client } = await merchant((_, response) => {
      json(response, { spots: [], _metadata: { total: 0 } });
    });
    await client.findSpots('open', never);
    await client.findSpots('open', never);
    expect(sent(server).every((line) => line.includes('status=open&'))).toBe(true);
    expect(server.received).toHaveLength(2);
  });

  it('neither spelling understood: the API said why', async () => {
    const { client } = await merchant((_, response) => {
      json(response, { error: 'invalid_parameters' }, 400);
    });
    expect(await client.findSpots('open', never)).toMatchObject({
      failure: { code: 'invalid_parameters', retry: 'never' },
    });
  });
});

describe('finding transactions', () => {
  it('reads all pages', async () => {
    const all = Array.from({ length: 450 }, (_, index) => ({ transaction_key: `k${index}`, status: 'reserved' }));
    const { server, client } = await merchant(({ url }, response) => {
      const offset = Number(new URL(url, 'http://x').searchParams.get('offset'));
      json(response, { transactions: all.slice(offset, offset + 200), _metadata: { total: 450, offset, limit: 200 } });
    });
    const found = valueOf(await client.findTransactions(['reserved'], 0, never));
    expect(found.map(({ key }) => key)).toEqual(all.map(({ transaction_key: key }) => key));
    expect(server.received).toHaveLength(3);
    const nonces = server.received.map((received) => macHeader(received)['nonce']);
    expect(new Set(nonces).size).toBe(3);
  });
});
