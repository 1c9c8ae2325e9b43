import { describe, expect, it } from 'vitest';
import { phoneStateSchema } from '../../sandbox/phone-api.ts';
import { CODE, makeTransaction, offer, part, startScene } from './scene.ts';
import { plain } from './signed.ts';

async function phone(options: Parameters<typeof startScene>[0] = {}) {
  const scene = await startScene(options);
  const url = `${scene.sandbox.phoneUrl}/api`;
  const state = async (user = 0) => phoneStateSchema.parse((await plain(`${url}/state?user=${String(user)}`)).json);
  const act = (name: string, body: unknown) => plain(`${url}/${name}`, 'POST', body);
  return { scene, state, act, url };
}

describe('the phone', () => {
  it('goes from check-in to payment to check-out', async () => {
    const { scene, state, act } = await phone();
    expect(await state()).toMatchObject({ spot: null, spots: [], payments: [] });
    const checkedIn = phoneStateSchema.parse((await act('check-in', { user: 0, code: CODE })).json);
    expect(checkedIn.spot).toEqual({
      id: scene.spotId(),
      code: CODE,
      status: 'waiting',
      title: 'Kavinė „Prie tilto“',
      orders: [],
    });
    expect(checkedIn.spots).toEqual([{ code: CODE, title: 'Kavinė „Prie tilto“' }]);
    const { key } = await offer(scene);
    const order = { status: 'pending', transactionKey: key, description: 'Lane 2', price: 4512, currency: 'EUR' };
    expect((await state()).spot).toMatchObject({ status: 'open', orders: [order] });
    const paid = phoneStateSchema.parse((await act('pay', { user: 0, transactionKey: key })).json);
    expect(paid.spot?.orders).toMatchObject([{ ...order, status: 'reserved' }]);
    expect(paid.payments).toEqual([{ ...order, status: 'reserved' }]);
    expect(paid.users[0]).toEqual({ index: 0, name: 'Ona', walletId: 20_000, balance: 95_488, currency: 'EUR' });
    await scene.merchant('PUT', `/transaction/${key}/confirm`);
    expect((await state()).payments).toMatchObject([{ status: 'confirmed' }]);
    expect((await state(1)).payments).toEqual([]);
    expect((await act('check-out', { user: 0 })).json).toMatchObject({ spot: null });
    expect((await act('check-out', { user: 0 })).status).toBe(200);
    expect(scene.sandbox.world.spot(scene.spotId()).status).toBe('closed');
  });

  it('refuses, and says so whatever became of the order', async () => {
    const { scene, act } = await phone();
    const { key } = await offer(scene);
    const refused = phoneStateSchema.parse((await act('refuse', { user: 0, transactionKey: key })).json);
    expect(refused.spot?.orders).toMatchObject([{ transactionKey: key, status: 'rejected' }]);
    expect((await scene.merchant('GET', `/transaction/${key}`)).json).toMatchObject({ status: 'rejected' });
  });

  it('shows what a transaction waits for', async () => {
    const { scene, state, act } = await phone({ switches: { shortOfFunds: 'waiting_funds' } });
    const { key } = await offer(scene, { payments: [{ description: 'Car', price: 100_001, currency: 'EUR' }] });
    await act('pay', { user: 0, transactionKey: key });
    expect((await state()).spot?.orders).toMatchObject([{ status: 'waiting_funds' }]);
  });

  it.each([
    ['check-in', { user: 0, code: 'hello' }, 404, 'not_found'],
    ['check-in', { user: 9, code: CODE }, 404, 'not_found'],
    ['check-in', { user: 0 }, 400, 'invalid_parameters'],
    ['check-in', { user: -1, code: CODE }, 400, 'invalid_parameters'],
    ['pay', { user: 0, transactionKey: 'abc' }, 404, 'not_found'],
    ['refuse', { user: 0, transactionKey: 'abc' }, 404, 'not_found'],
    ['pay', { user: 0 }, 400, 'invalid_parameters'],
  ])('%s of %j is answered with %d %s', async (name, body, status, error) => {
    const { act } = await phone();
    const answer = await act(name, body);
    expect(answer).toMatchObject({ status, json: { error } });
    expect(part(answer, 'error_description')).toEqual(expect.any(String));
  });

  it('cannot pay twice, nor without money', async () => {
    const { scene, act, url } = await phone();
    const dear = await makeTransaction(scene, { payments: [{ description: 'x', price: 100_001, currency: 'EUR' }] });
    expect((await act('pay', { user: 0, transactionKey: dear })).json).toMatchObject({ error: 'not_enough_funds' });
    const key = await makeTransaction(scene);
    await act('pay', { user: 0, transactionKey: key });
    expect((await act('pay', { user: 1, transactionKey: key })).json).toMatchObject({ error: 'invalid_state' });
    expect((await plain(`${url}/state?user=x`)).status).toBe(404);
  });
});

describe('the pages', () => {
  it.each([
    ['/phone', 'text/html'],
    ['/control', 'text/html'],
    ['/web/phone/phone.ts', 'text/javascript'],
    ['/web/shared/page.css', 'text/css'],
  ])('%s comes as %s', async (path, type) => {
    const { sandbox } = await startScene();
    const answer = await plain(`${new URL(sandbox.baseUrl).origin}${path}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain(type);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(answer.text).not.toContain(': string');
  });

  it.each([
    '/web/../server.ts',
    '/web/%2e%2e/server.ts',
    '/web/..%2fserver.ts',
    '/web/nothing.ts',
    '/web/tsconfig.json',
    '/x',
  ])('%s is not there', async (path) => {
    const { sandbox } = await startScene();
    expect((await plain(`${new URL(sandbox.baseUrl).origin}${path}`)).status).toBe(404);
  });

  it('begin with the control page', async () => {
    const { sandbox } = await startScene();
    const response = await fetch(new URL(sandbox.baseUrl).origin, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/control']);
  });
});
