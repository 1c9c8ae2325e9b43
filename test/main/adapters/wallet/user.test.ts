import { afterEach, describe, expect, it } from 'vitest';
import { createUserClient, type UserClient } from '../../../../src/main/adapters/wallet/user.ts';
import type { Outcome } from '../../../../src/main/ports/wallet.ts';
import { clientOptions, json, macHeader, signatureProblem, startApi, type Behaviour } from './api-server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const accessToken = 'token-1';
const tokenKey = 'key-of-the-token';

async function user(behave: Behaviour) {
  const server = await startApi(behave);
  cleanups.push(() => server.stop());
  const { clock, randomBytes, log, root } = clientOptions(server.root);
  const client = createUserClient({ clock, randomBytes, log, root, accessToken, tokenKey: () => tokenKey });
  cleanups.push(() => client.stop());
  return { server, client };
}

const never = new AbortController().signal;
const calls: readonly (readonly [line: string, call: (client: UserClient) => Promise<Outcome<unknown>>])[] = [
  ['GET /spot?code=PAYSERA*3%3ATABLE1', (client) => client.spotByCode('PAYSERA*3:TABLE1', never)],
  ['GET /spot/1', (client) => client.spot(1, never)],
  ['PUT /spot/1/check-in', (client) => client.checkIn(1, never)],
  ['PUT /spot/1/check-out', (client) => client.checkOut(1, never)],
  ['GET /order/52', (client) => client.order(52, never)],
  ['PUT /transaction/Pu5/reserve', (client) => client.reserve('Pu5', never)],
  ['PUT /transaction/Pu5/reserve/me', (client) => client.reserveFromWallet('Pu5', 'me', never)],
  ['PUT /transaction/Pu5/reserve/20333', (client) => client.reserveFromWallet('Pu5', 20_333, never)],
  ['GET /code?code=PAYSERA%25Pu5', (client) => client.resolveCode('PAYSERA%Pu5', never)],
];

describe("the user's client", () => {
  it.each(calls)('%s goes out without a body, signed with the access token', async (line, call) => {
    const { server, client } = await user((_, response) => {
      json(response, { id: 1, status: 'open', transaction_key: 'Pu5', type: 'transaction' });
    });
    expect(await call(client)).toMatchObject({ ok: true });
    const [received] = server.received;
    if (!received) throw new Error('There should be a request.');
    expect(`${received.method} ${received.url.replace('/rest/v1', '')}`).toBe(line);
    expect(received.body).toHaveLength(0);
    expect(signatureProblem(received, server.root, tokenKey)).toBeUndefined();
    expect(macHeader(received)).toMatchObject({ id: accessToken });
    expect(macHeader(received)).not.toHaveProperty('ext');
  });

  it.each(['{}', '', '[]'])('a reservation answered with %j is done, without a transaction', async (body) => {
    const { client } = await user((_, response) => response.end(body));
    expect(await client.reserve('Pu5', never)).toEqual({ ok: true, value: null });
  });

  it('a reservation answered with something else is unknown', async () => {
    const { client } = await user((_, response) => response.end('<html></html>'));
    expect(await client.reserve('Pu5', never)).toMatchObject({ failure: { retry: 'unknown' } });
  });

  it.each([
    [
      { type: 'transaction', parameters: { transaction_key: 'Pu5' } },
      { transactionKey: 'Pu5', spotId: null },
    ],
    [
      { type: 'spot', parameters: { spot_id: 1 } },
      { transactionKey: null, spotId: 1 },
    ],
    [
      { type: 'prefill', parameters: [] },
      { transactionKey: null, spotId: null, parameters: {} },
    ],
    [{ type: 'coupon' }, { type: 'coupon', transactionKey: null, spotId: null }],
  ])('the code %j is read', async (body, expected) => {
    const { client } = await user((_, response) => {
      json(response, body);
    });
    expect(await client.resolveCode('x', never)).toMatchObject({ ok: true, value: expected });
  });

  it.each(['not_enough_funds', 'invalid_grant', 'payer_account_inactive'])('%s is passed on', async (error) => {
    const { client } = await user((_, response) => {
      json(response, { error }, 400);
    });
    expect(await client.reserve('Pu5', never)).toMatchObject({ failure: { code: error, retry: 'never' } });
  });
});
