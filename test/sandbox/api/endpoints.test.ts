import { describe, expect, it } from 'vitest';
import { bill, CODE, makeTransaction, offer, part, reserved, startScene, textPart } from '../scene.ts';

const encoded = encodeURIComponent(CODE);

describe('a payment over the wire', () => {
  it('goes from the scan to the closed spot', async () => {
    const { merchant, user, sandbox } = await startScene();
    const scanned = await user('GET', `/spot?code=${encoded}`);
    expect(scanned).toMatchObject({ status: 200, json: { status: 'closed', identifier: 'table1', orders: [] } });
    const spot = textPart(scanned, 'id');
    expect(part(scanned, 'place_info')).toEqual({
      title: 'Kavinė „Prie tilto“',
      description: 'Sandbox',
      address: 'Pilies g. 1, Vilnius',
      location_id: 3,
    });

    expect((await user('PUT', `/spot/${spot}/check-in`)).json).toMatchObject({ status: 'waiting' });
    const waiting = await merchant('GET', '/spots?status=waiting&limit=3');
    expect(waiting.json).toMatchObject({ spots: [{ id: Number(spot), status: 'waiting', identifier: 'table1' }] });
    expect(part(waiting, '_metadata')).toEqual({ total: 1, offset: 0, limit: 3 });
    expect(part(waiting, 'spots', 0, 'orders')).toBeUndefined();

    const made = await merchant('POST', '/transaction', bill(4512), { ext: 'project_id=77&location_id=3' });
    const key = textPart(made, 'transaction_key');
    const second = Math.floor(sandbox.world.now() / 1000);
    expect(made.json).toMatchObject({
      status: 'new',
      created_at: second,
      project_id: 77,
      location_id: 3,
      reserve: { for: 900 },
      auto_confirm: false,
      payments: [{ price: 4512, price_decimal: '45.12', currency: 'EUR', description: 'Lane 2', status: 'new' }],
      inquiries: [],
    });
    for (const absent of ['wallet', 'type', 'confirmed_at']) expect(part(made, absent)).toBeUndefined();

    const order = await merchant('POST', `/spot/${spot}/order`, { transaction_key: key });
    expect(order.json).toEqual({ id: expect.any(Number) as number, transaction_key: key, status: 'pending' });
    expect((await user('GET', `/spot/${spot}`)).json).toMatchObject({ status: 'open', orders: [order.json] });

    expect((await user('PUT', `/transaction/${key}/reserve`)).json).toMatchObject({
      status: 'reserved',
      wallet: 20_000,
      type: 'page',
    });
    expect((await user('GET', `/order/${textPart(order, 'id')}`)).json).toMatchObject({ status: 'reserved' });
    expect((await merchant('PUT', `/transaction/${key}/confirm`)).json).toMatchObject({
      status: 'confirmed',
      confirmed_at: second,
    });
    expect((await merchant('PUT', `/spot/${spot}/close`)).json).toMatchObject({
      status: 'closed',
      orders: [{ transaction_key: key, status: 'confirmed' }],
    });
    expect(sandbox.world.users[0]).toMatchObject({ balance: 95_488, locked: 0, spotId: null });
  });
});

describe('spots', () => {
  it('are found by code and by id, and not without', async () => {
    const scene = await startScene();
    const id = String(scene.spotId());
    expect((await scene.user('GET', `/spot/${id}`)).json).toMatchObject({ id: Number(id) });
    for (const path of ['/spot', '/spot?code=']) {
      expect(await scene.user('GET', path)).toMatchObject({
        status: 400,
        json: { error: 'invalid_parameters', error_properties: { code: ['Value is missing'] } },
      });
    }
    for (const path of ['/spot/999', '/spot/0', '/spot/abc', '/spot/1e3', '/spot?code=PAYSERA*9%3ATABLE1']) {
      expect(await scene.user('GET', path)).toMatchObject({ status: 404, json: { error: 'not_found' } });
    }
  });

  it('hold only what fields ask for', async () => {
    const scene = await startScene();
    const { key } = await offer(scene);
    const id = String(scene.spotId());
    const plain = await scene.merchant('GET', `/spot/${id}`);
    expect(part(plain, 'orders', 0, 'transaction')).toBeUndefined();
    const embedded = await scene.merchant('GET', `/spot/${id}?fields=*,orders.transaction`);
    expect(part(embedded, 'orders', 0, 'transaction')).toMatchObject({
      transaction_key: key,
      payments: [{ price: 4512 }],
    });
    expect(part(embedded, 'identifier')).toBe('table1');
    const few = await scene.merchant('GET', `/spot/${id}?fields=id,status`);
    expect(few.json).toEqual({ id: Number(id), status: 'open' });
    const ordersOnly = await scene.merchant('GET', `/spot/${id}?fields=orders.transaction`);
    expect(Object.keys(ordersOnly.json as object)).toEqual(['orders']);
    const checkedIn = await scene.user('PUT', `/spot/${id}/check-in?fields=*,orders.transaction`);
    expect(part(checkedIn, 'orders', 0, 'transaction', 'transaction_key')).toBe(key);
  });

  it('are listed by status and location, in pages', async () => {
    const { merchant, sandbox } = await startScene();
    const { world } = sandbox;
    world.locations.add(4);
    const codes = ['PAYSERA*3:A', 'PAYSERA*3:B', 'PAYSERA*3:C', 'PAYSERA*4:A'];
    const spots = codes.map((code) => world.spotByCode(code));
    const [a, b, , other] = spots;
    for (const [index, spot] of [a, b, other].entries()) {
      const user = world.users[index];
      if (user && spot) world.checkIn(user, spot.id);
    }
    const idsOf = async (query: string) => {
      const list = part(await merchant('GET', `/spots${query}`), 'spots');
      return Array.isArray(list) ? list.map((spot: unknown) => Reflect.get(spot as object, 'id') as unknown) : list;
    };
    const ids = (...found: readonly ({ id: number } | undefined)[]) => found.map((spot) => spot?.id);
    expect(await idsOf('')).toEqual(ids(...spots));
    expect(await idsOf('?status=')).toEqual(ids(...spots));
    expect(await idsOf('?status=waiting')).toEqual(ids(a, b, other));
    expect(await idsOf('?status=waiting&location_id=3')).toEqual(ids(a, b));
    expect(await idsOf('?status=waiting&location_id=5')).toEqual([]);
    expect(await idsOf('?status=waiting,closed&location_id=3')).toEqual(ids(...spots.slice(0, 3)));
    expect(await idsOf('?limit=2')).toEqual(ids(a, b));
    expect(await idsOf('?limit=2&offset=3')).toEqual(ids(other));
    expect((await merchant('GET', '/spots?limit=2&offset=3')).json).toMatchObject({
      _metadata: { total: 4, offset: 3, limit: 2 },
    });
    for (const wrong of ['limit=0', 'limit=101', 'limit=x', 'offset=-1', 'status=busy', 'location_id=x']) {
      expect(await merchant('GET', `/spots?${wrong}`)).toMatchObject({
        status: 400,
        json: { error: 'invalid_parameters' },
      });
    }
  });

  it('are left by checking out', async () => {
    const scene = await startScene();
    const id = String(scene.spotId());
    expect(await scene.user('PUT', `/spot/${id}/check-out`)).toMatchObject({
      status: 409,
      json: { error: 'invalid_state' },
    });
    await scene.user('PUT', `/spot/${id}/check-in`);
    await scene.secondUser('PUT', `/spot/${id}/check-in`);
    expect((await scene.user('PUT', `/spot/${id}/check-out`)).json).toMatchObject({ status: 'waiting' });
    expect((await scene.secondUser('PUT', `/spot/${id}/check-out`)).json).toMatchObject({ status: 'closed' });
  });
});

describe('orders', () => {
  it('can be made with their transaction inside', async () => {
    const scene = await startScene();
    const id = String(scene.spotId());
    const made = await scene.merchant('POST', `/spot/${id}/order`, { transaction: bill(777) });
    const transaction = await scene.merchant('GET', `/transaction/${textPart(made, 'transaction_key')}`);
    expect(transaction.json).toMatchObject({ status: 'new', reserve: { for: 900 }, payments: [{ price: 777 }] });
  });

  it('are pointed to another transaction by key and inline, and removed', async () => {
    const scene = await startScene();
    const { order } = await offer(scene);
    const next = await makeTransaction(scene, bill(100));
    expect((await scene.merchant('PUT', `/order/${order}`, { transaction_key: next })).json).toEqual({
      id: Number(order),
      transaction_key: next,
      status: 'pending',
    });
    const inline = await scene.merchant('PUT', `/order/${order}`, { transaction: bill(200) });
    expect(inline.json).toMatchObject({ id: Number(order), status: 'pending' });
    expect(part(inline, 'transaction_key')).not.toBe(next);
    expect((await scene.merchant('DELETE', `/order/${order}`)).json).toEqual(inline.json);
    expect((await scene.merchant('DELETE', `/order/${order}`)).status).toBe(404);
    expect((await scene.user('GET', `/order/${order}`)).status).toBe(404);
  });

  it.each([
    ['no body', undefined],
    ['neither a key nor a transaction', {}],
    ['both', { transaction_key: 'abc', transaction: bill() }],
    ['a transaction without payments', { transaction: { payments: [] } }],
    ['a key that is no text', { transaction_key: 7 }],
  ])('are refused with %s', async (_name, body) => {
    const scene = await startScene();
    const path = `/spot/${String(scene.spotId())}/order`;
    expect(await scene.merchant('POST', path, body)).toMatchObject({
      status: 400,
      json: { error: 'invalid_parameters' },
    });
    expect(scene.sandbox.world.transactions.size).toBe(0);
  });

  it('leave no transaction behind when they are refused', async () => {
    const scene = await startScene({ switches: { closedSpotTakesOrders: 'refused' } });
    const id = String(scene.spotId());
    expect((await scene.merchant('POST', `/spot/${id}/order`, { transaction: bill() })).status).toBe(409);
    expect((await scene.merchant('POST', '/spot/999/order', { transaction: bill() })).status).toBe(404);
    expect((await scene.merchant('PUT', '/order/999', { transaction: bill() })).status).toBe(404);
    expect(scene.sandbox.world.transactions.size).toBe(0);
  });
});

describe('transactions', () => {
  it('are reserved from a wallet by its number or as one’s own', async () => {
    const scene = await startScene();
    const key = await makeTransaction(scene);
    expect(await scene.user('PUT', `/transaction/${key}/reserve/20001`)).toMatchObject({ status: 403 });
    expect((await scene.user('PUT', `/transaction/${key}/reserve/20000`)).json).toMatchObject({ status: 'reserved' });
    const next = await makeTransaction(scene);
    const reserved = await scene.user('PUT', `/transaction/${next}/reserve/me`, { pin: '1234' });
    expect(reserved.json).toMatchObject({ status: 'reserved' });
  });

  it('are refused to a payer without money', async () => {
    const scene = await startScene();
    const key = await makeTransaction(scene, bill(100_001));
    expect(await scene.user('PUT', `/transaction/${key}/reserve`)).toMatchObject({
      status: 409,
      json: { error: 'not_enough_funds' },
    });
  });

  it('are revoked when reserved, deleted when new, and then renewed under a new key', async () => {
    const scene = await startScene();
    const { key } = await reserved(scene);
    expect((await scene.merchant('DELETE', `/transaction/${key}`)).json).toMatchObject({ status: 'revoked' });
    expect((await scene.merchant('DELETE', `/transaction/${key}`)).status).toBe(409);
    const next = await makeTransaction(scene);
    expect((await scene.merchant('DELETE', `/transaction/${next}`)).json).toMatchObject({ status: 'deleted' });
    const renewed = await scene.merchant('POST', `/transaction/renew/${next}`);
    expect(renewed.json).toMatchObject({ status: 'new', payments: [{ price: 4512 }] });
    expect(part(renewed, 'transaction_key')).not.toBe(next);
    expect((await scene.merchant('POST', '/transaction/renew/abc')).status).toBe(404);
  });

  it.each([
    ['nothing', undefined, 4512],
    ['an empty array', [], 4512],
    ['a lower price', { price: 4000, currency: 'EUR' }, 4000],
    ['a lower decimal price', { price_decimal: '40', currency: 'EUR' }, 4000],
    ['both notations', { price: 4000, price_decimal: '40.00', currency: 'EUR' }, 4000],
    ['a higher price', { price: 4513, currency: 'EUR' }, null],
    ['another currency', { price: 4000, currency: 'USD' }, null],
    ['notations that disagree', { price: 4000, price_decimal: '41.00' }, null],
    ['no price', { currency: 'EUR' }, null],
  ])('are confirmed with %s', async (_name, body, price) => {
    const scene = await startScene();
    const { key } = await reserved(scene);
    const payment = textPart(await scene.merchant('GET', `/transaction/${key}`), 'payments', 0, 'id');
    const sent = body === undefined || Array.isArray(body) ? body : { [payment]: body };
    const answer = await scene.merchant('PUT', `/transaction/${key}/confirm`, sent);
    if (price === null) {
      expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_parameters' } });
      expect((await scene.merchant('GET', `/transaction/${key}`)).json).toMatchObject({ status: 'reserved' });
      return;
    }
    expect(answer).toMatchObject({ status: 200, json: { status: 'confirmed', payments: [{ price }] } });
    expect(scene.sandbox.world.users[0]).toMatchObject({ balance: 100_000 - price, locked: 0 });
  });

  it('are not confirmed before they are reserved, nor twice', async () => {
    const scene = await startScene();
    const { key } = await offer(scene);
    const confirm = () => scene.merchant('PUT', `/transaction/${key}/confirm`);
    expect(await confirm()).toMatchObject({ status: 409, json: { error: 'invalid_state' } });
    await scene.user('PUT', `/transaction/${key}/reserve`);
    expect((await confirm()).status).toBe(200);
    expect(await confirm()).toMatchObject({ status: 409, json: { error: 'invalid_state' } });
    expect(scene.sandbox.world.users[0]?.balance).toBe(95_488);
  });

  it('that run out are revoked', async () => {
    const scene = await startScene();
    const { key, order } = await reserved(scene);
    scene.later(900_000);
    expect((await scene.merchant('GET', `/transaction/${key}`)).json).toMatchObject({ status: 'revoked' });
    expect((await scene.merchant('GET', `/order/${order}`)).json).toMatchObject({ status: 'closed' });
    expect((await scene.merchant('PUT', `/transaction/${key}/confirm`)).status).toBe(409);
  });

  it('are searched by status, time, wallet and ids, newest first, in pages', async () => {
    const scene = await startScene();
    const { merchant } = scene;
    const second = Math.floor(scene.sandbox.world.now() / 1000);
    const oldest = await makeTransaction(scene);
    scene.later(10_000);
    const { key: paid } = await reserved(scene);
    const made = await merchant('POST', '/transaction', bill(), { ext: 'project_id=77&location_id=3' });
    const newest = textPart(made, 'transaction_key');
    const keysOf = async (query: string) => {
      const list = part(await merchant('GET', `/transactions${query && `?${query}`}`), 'transactions');
      return Array.isArray(list)
        ? list.map((each: unknown) => Reflect.get(each as object, 'transaction_key') as unknown)
        : [];
    };
    expect(await keysOf('')).toEqual([newest, paid, oldest]);
    expect(await keysOf('status=reserved')).toEqual([paid]);
    expect(await keysOf('status=reserved,new')).toEqual([newest, paid, oldest]);
    expect(await keysOf(`from=${String(second + 10)}`)).toEqual([newest, paid]);
    expect(await keysOf(`to=${String(second + 9)}`)).toEqual([oldest]);
    expect(await keysOf('wallet=20000')).toEqual([paid]);
    expect(await keysOf('project_id=77&location_id=3')).toEqual([newest]);
    expect(await keysOf('limit=1&offset=1')).toEqual([paid]);
    expect((await merchant('GET', '/transactions?limit=200')).json).toMatchObject({
      _metadata: { total: 3, offset: 0, limit: 200 },
    });
    for (const wrong of ['limit=201', 'limit=0', 'from=yesterday', 'offset=x']) {
      expect((await merchant('GET', `/transactions?${wrong}`)).status).toBe(400);
    }
  });
});

describe('what a code means', () => {
  it('is told for spots, transactions and wallets, wrapped or not', async () => {
    const scene = await startScene();
    const key = await makeTransaction(scene);
    const meaning = async (code: string) => (await scene.user('GET', `/code?code=${encodeURIComponent(code)}`)).json;
    const spot = { type: 'spot', parameters: { spot_id: scene.spotId() } };
    const transaction = { type: 'transaction', parameters: { transaction_key: key } };
    const wrapped = (code: string) => `https://paysera.com/app?qr=${encodeURIComponent(code)}`;
    expect(await meaning(CODE)).toEqual(spot);
    expect(await meaning(wrapped(CODE))).toEqual(spot);
    expect(await meaning(`PAYSERA%${key}`)).toEqual(transaction);
    expect(await meaning(wrapped(`PAYSERA%${key}`))).toEqual(transaction);
    expect(await meaning('EVP000000020001')).toEqual({ type: 'prefill', parameters: { beneficiary: { id: 20_001 } } });
    for (const code of ['', 'hello', 'PAYSERA%abc', 'PAYSERA*9:X', 'EVP1', 'https://paysera.com/app?qr=']) {
      expect(await meaning(code)).toMatchObject({ error: 'not_found' });
    }
  });
});
