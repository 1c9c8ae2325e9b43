import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { likeliest } from '../../sandbox/switches.ts';
import { until } from '../fakes/until.ts';
import { bill, CODE, makeTransaction, offer, part, reserved, startScene, textPart, type Scene } from './scene.ts';
import { plain, send } from './signed.ts';

/** A scene, and calls of its control API. */
async function controlled(options: Parameters<typeof startScene>[0] = {}) {
  const scene = await startScene(options);
  const { controlUrl } = scene.sandbox;
  const get = (path: string) => plain(`${controlUrl}/${path}`);
  const post = (path: string, body?: unknown) => plain(`${controlUrl}/${path}`, 'POST', body);
  const end = (path: string) => plain(`${controlUrl}/${path}`, 'DELETE');
  return { scene, get, post, end };
}

const statusOf = async ({ merchant }: Scene, key: string) =>
  part(await merchant('GET', `/transaction/${key}`), 'status');

describe('the control API', () => {
  it('tells what it can do', async () => {
    const { get } = await controlled();
    const help = (await get('help')).json as Readonly<Record<string, string>>;
    expect(Object.keys(help)).toContain('GET /control/state');
    for (const line of Object.values(help)) expect(line.length).toBeGreaterThan(10);
  });

  it('shows the whole world, without keys', async () => {
    const { scene, get } = await controlled();
    const { key, order } = await reserved(scene);
    const answer = await get('state');
    expect(answer.json).toMatchObject({
      now: scene.sandbox.world.now(),
      locations: [3],
      spots: [{ id: scene.spotId(), code: CODE, identifier: 'table1', status: 'open', users: [0] }],
      orders: [{ id: Number(order), transactionKey: key, status: 'reserved', atSpot: true }],
      transactions: [{ key, status: 'reserved', locked: 4512, payer: 20_000, payments: [{ price: 4512 }] }],
      users: [{ index: 0, balance: 100_000, locked: 4512, spotId: scene.spotId() }, { index: 1 }, { index: 2 }],
    });
    for (const { accessToken, macKey } of scene.sandbox.users) {
      expect(answer.text).not.toContain(accessToken);
      expect(answer.text).not.toContain(macKey);
    }
  });

  it('lists every request, without signatures', async () => {
    const { scene, get, end } = await controlled();
    await scene.merchant('POST', '/transaction', bill());
    await scene.user('GET', '/spot/999?fields=*');
    await plain(`${scene.sandbox.baseUrl}/server`);
    const answer = await get('requests');
    const at = scene.sandbox.world.now();
    expect(part(answer, 'requests')).toEqual([
      {
        at,
        side: 'merchant',
        method: 'POST',
        path: '/transaction',
        body: JSON.stringify(bill()),
        status: 200,
        fault: null,
      },
      { at, side: 'user', method: 'GET', path: '/spot/999?fields=*', body: '', status: 404, fault: null },
      { at, side: 'unknown', method: 'GET', path: '/server', body: '', status: 200, fault: null },
    ]);
    expect(answer.text).not.toMatch(/nonce|mac=/);
    await end('requests');
    expect((await get('requests')).json).toEqual({ requests: [] });
  });

  it('changes the switches that are named, and no others', async () => {
    const { scene, get, post } = await controlled({ switches: { pricesAs: 'price' } });
    expect((await get('switches')).json).toEqual({ ...likeliest, pricesAs: 'price' });
    const changed = { ...likeliest, pricesAs: 'price', openSpelling: 'opened' };
    expect((await post('switches', { openSpelling: 'opened' })).json).toEqual(changed);
    expect(scene.sandbox.world.switches).toEqual(changed);
    for (const wrong of [{ openSpelling: 'ajar' }, { noSuchSwitch: true }, []]) {
      expect(await post('switches', wrong)).toMatchObject({ status: 400, json: { error: 'invalid_parameters' } });
    }
    expect(scene.sandbox.world.switches).toEqual(changed);
  });

  it('sets, lists and ends faults', async () => {
    const { scene, get, post, end } = await controlled();
    const rule = { match: { method: 'GET', path: '^/spots' }, times: 3, fault: { type: 'status', status: 503 } };
    expect((await post('faults', rule)).json).toEqual({ faults: [{ ...rule, left: 3 }] });
    expect((await scene.merchant('GET', '/spots')).status).toBe(503);
    expect(part(await get('faults'), 'faults', 0, 'left')).toBe(2);
    expect((await end('faults')).json).toEqual({ faults: [] });
    expect((await scene.merchant('GET', '/spots')).status).toBe(200);
    const wrong = [
      {},
      { fault: { type: 'fire' } },
      { fault: { type: 'delay' } },
      { match: { path: '(' }, fault: { type: 'drop' } },
    ];
    for (const body of wrong) expect((await post('faults', body)).status).toBe(400);
  });

  it('adds locations, spots and users', async () => {
    const { scene, post } = await controlled();
    expect((await post('spots', { code: 'PAYSERA*4:BAR' })).status).toBe(404);
    expect((await post('locations', { id: 4 })).json).toEqual({ locations: [3, 4] });
    expect((await post('spots', { code: 'PAYSERA*4:BAR' })).json).toMatchObject({ identifier: 'bar', locationId: 4 });
    const added = await post('users', { balance: 5, currency: 'USD' });
    expect(added.json).toMatchObject({ index: 3, walletId: 20_003, balance: 5, currency: 'USD' });
    const credentials = { id: textPart(added, 'accessToken'), key: textPart(added, 'macKey') };
    const call = { method: 'GET', path: `/spot?code=${encodeURIComponent(CODE)}` };
    expect((await send(scene.sandbox, credentials, call)).status).toBe(200);
    expect((await post('users')).json).toMatchObject({ index: 4, balance: 100_000, currency: 'EUR' });
  });

  it('changes what a user has and may do', async () => {
    const { scene, post } = await controlled();
    const { key } = await offer(scene);
    const pay = () => scene.user('PUT', `/transaction/${key}/reserve`);
    await post('users/0', { balance: 1 });
    expect((await pay()).json).toMatchObject({ error: 'not_enough_funds' });
    await post('users/0', { balance: 5000, refusedWith: 'limits_exceeded' });
    expect(await pay()).toMatchObject({ status: 409, json: { error: 'limits_exceeded' } });
    await post('users/0', { refusedWith: null, tokenExpired: true });
    expect(await pay()).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    const changed = await post('users/0', { tokenExpired: false });
    expect(changed.json).toMatchObject({ balance: 5000, refusedWith: null, tokenExpired: false });
    expect(changed.text).not.toContain('macKey');
    expect((await pay()).status).toBe(200);
    expect(await post('users/0', { balance: 4511 })).toMatchObject({ status: 409, json: { error: 'invalid_state' } });
    expect((await post('users/9', { balance: 1 })).status).toBe(404);
    expect((await post('users/0', { balance: -1 })).status).toBe(400);
  });

  it('changes a transaction between reservation and confirmation', async () => {
    const { scene, post } = await controlled();
    const { key } = await reserved(scene);
    await post(`transactions/${key}`, { amount: 9990 });
    await post(`transactions/${key}`, { currency: 'USD' });
    expect((await scene.merchant('GET', `/transaction/${key}`)).json).toMatchObject({
      status: 'reserved',
      payments: [{ price: 9990, price_decimal: '99.90', currency: 'USD' }],
    });
    await scene.merchant('DELETE', `/transaction/${key}`);
    expect((await post(`transactions/${key}`, { amount: 1 })).status).toBe(409);
    expect((await post('transactions/abc', { amount: 1 })).status).toBe(404);
    expect((await post(`transactions/${key}`, { amount: 0 })).status).toBe(400);
  });

  it('plays the payer, the time and other software of the merchant', async () => {
    const { scene, post } = await controlled();
    const rejected = await makeTransaction(scene);
    expect((await post(`transactions/${rejected}/reject`)).status).toBe(200);
    expect(await statusOf(scene, rejected)).toBe('rejected');
    const { key: expired } = await reserved(scene);
    await post(`transactions/${expired}/expire`);
    expect(await statusOf(scene, expired)).toBe('revoked');
    const { key: confirmed } = await reserved(scene);
    await post(`transactions/${confirmed}/confirm`);
    expect(await statusOf(scene, confirmed)).toBe('confirmed');
    const { key: revoked } = await reserved(scene);
    await post(`transactions/${revoked}/revoke`);
    expect(await statusOf(scene, revoked)).toBe('revoked');
    const held = await makeTransaction(scene);
    await post(`transactions/${held}/hold`, { user: 1, status: 'waiting_password' });
    expect(await statusOf(scene, held)).toBe('waiting_password');
    await post(`transactions/${held}/resume`);
    expect(await statusOf(scene, held)).toBe('reserved');
    for (const act of ['reject', 'confirm', 'revoke', 'expire', 'resume']) {
      expect((await post(`transactions/abc/${act}`)).status).toBe(404);
    }
    expect((await post(`transactions/${rejected}/expire`)).status).toBe(409);
  });

  it('puts a foreign order at a spot', async () => {
    const { scene, post } = await controlled();
    const id = String(scene.spotId());
    const made = await post(`spots/${id}/foreign-order`, { amount: 500, description: 'Room service' });
    expect(made.json).toMatchObject({ order: { status: 'pending' }, transactionKey: expect.any(String) as string });
    const spot = await scene.merchant('GET', `/spot/${id}?fields=*,orders.transaction`);
    expect(spot.json).toMatchObject({
      status: 'open',
      orders: [{ transaction: { payments: [{ price: 500, description: 'Room service', currency: 'EUR' }] } }],
    });
    expect((await post('spots/999/foreign-order', { amount: 500 })).status).toBe(404);
    expect((await post(`spots/${id}/foreign-order`, { amount: 0 })).status).toBe(400);
  });

  it('brings everything back to its start, credentials kept', async () => {
    const { scene, get, post } = await controlled({ switches: { pricesAs: 'price' } });
    const { key } = await reserved(scene);
    await post('switches', { openSpelling: 'opened', pricesAs: 'decimal' });
    await post('faults', { fault: { type: 'delay', ms: 1 } });
    await post('clock', { offsetSeconds: 9 });
    await post('printer', { paper: 'out' });
    await post('users');
    expect((await post('reset')).json).toEqual({ done: true });
    expect((await get('state')).json).toMatchObject({ spots: [], orders: [], transactions: [], locations: [3] });
    expect(part(await get('state'), 'users')).toHaveLength(3);
    expect((await get('switches')).json).toEqual({ ...likeliest, pricesAs: 'price' });
    expect((await get('faults')).json).toEqual({ faults: [] });
    expect((await get('clock')).json).toMatchObject({ offsetSeconds: 0 });
    expect((await get('printer')).json).toMatchObject({ paper: 'ok' });
    expect((await get('requests')).json).toEqual({ requests: [] });
    expect((await scene.merchant('GET', `/transaction/${key}`)).status).toBe(404);
    expect((await scene.user('GET', `/spot?code=${encodeURIComponent(CODE)}`)).status).toBe(200);
  });

  it('shows and changes the printer and its paper', async () => {
    const { scene, get, post } = await controlled();
    const { host, port } = scene.sandbox.printer;
    expect((await get('receipts')).json).toEqual({ receipts: [], problems: [] });
    const socket = connect({ host, port });
    socket.end(Buffer.from('\x1b@Hello\n\x1dVB\x00', 'latin1'));
    await until(() => scene.sandbox.printer.receipts().length === 1, 'the paper');
    expect((await get('receipts')).json).toMatchObject({
      receipts: [{ index: 0, text: 'Hello', qr: [] }],
      problems: [],
    });
    const picture = await fetch(`${scene.sandbox.controlUrl}/receipts/0.png`);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    for (const path of ['receipts/1.png', 'receipts/x.png', 'receipts/0.gif']) {
      expect((await get(path)).status).toBe(404);
    }
    expect((await post('printer', { paper: 'out', coverOpen: true })).json).toMatchObject({
      paper: 'out',
      coverOpen: true,
      offline: false,
    });
    expect(scene.sandbox.printer.state()).toMatchObject({ paper: 'out', coverOpen: true });
    expect((await post('printer', { paper: 'wet' })).status).toBe(400);
    expect((await post('printer/power-cycle')).status).toBe(200);
  });

  it('answers what it does not know with an error in the API’s shape', async () => {
    const { get, post } = await controlled();
    expect(await get('nothing')).toMatchObject({ status: 404, json: { error: 'not_found' } });
    expect((await post('clock', { offsetSeconds: 'soon' })).json).toMatchObject({
      error: 'invalid_parameters',
      error_description: expect.stringContaining('offsetSeconds') as string,
    });
  });
});
