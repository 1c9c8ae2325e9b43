import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { SentCallback } from '../../sandbox/callbacks.ts';
import type { SandboxOptions } from '../../sandbox/server.ts';
import { until } from '../fakes/until.ts';
import { isOf, startReceiver, type Receiver } from './receiver.ts';
import { bill, makeTransaction, offer, part, startScene, type Scene } from './scene.ts';
import { plain } from './signed.ts';

const quick = [10, 10, 10];

async function stage(options: SandboxOptions = {}) {
  const scene = await startScene({ callbacks: { retryAfterMs: quick }, ...options });
  const receiver = await startReceiver();
  const { origin } = new URL(scene.sandbox.baseUrl);
  const body = bill(4512, { callback_uri: receiver.uri });
  return {
    scene,
    receiver,
    body,
    control: (method: string, path: string, sent?: unknown) => plain(`${origin}/control/${path}`, method, sent),
    publicKey: async () => (await plain(`${origin}/publickey`)).text,
    pay: (key: string) => scene.user('PUT', `/transaction/${key}/reserve`),
    /** The callbacks as the control API tells of them, when as many have come to an end. */
    ended: (count: number) =>
      until(
        () => {
          const { sent } = scene.sandbox.callbacks;
          return sent.length >= count && sent.every(({ state }) => state !== 'waiting') && sent;
        },
        `${String(count)} callbacks`,
      ),
  };
}

const typesOf = ({ got }: Receiver) => got.map(({ told }) => told.type);

describe('callbacks', () => {
  it('tell what a payer did, signed over the event as it was sent', async () => {
    const { scene, receiver, body, publicKey, pay, ended } = await stage();
    const { key } = await offer(scene, body);
    expect(part(await scene.merchant('GET', `/transaction/${key}`), 'callback_uri')).toBe(receiver.uri);
    await pay(key);
    const [callback] = await ended(1);
    const [got] = receiver.got;
    if (!got) throw new Error('Nothing has come.');
    expect(got).toMatchObject({ path: '/callbacks', contentType: 'application/x-www-form-urlencoded;charset=UTF-8' });
    expect(got.told).toMatchObject({
      type: 'reserved',
      object: 'transaction',
      data: { transaction_key: key, status: 'reserved', payments: [{ price: 4512 }] },
    });
    expect(isOf(await publicKey(), got)).toBe(true);
    expect(isOf(await publicKey(), { ...got, event: got.event.replace('4512', '4513') })).toBe(false);
    expect(callback).toMatchObject({ transactionKey: key, type: 'reserved', state: 'delivered', fault: null });
    expect(callback?.attempts).toMatchObject([{ status: 200, answer: 'OK' }]);
  });

  const events: readonly [string, (scene: Scene, key: string) => unknown, readonly string[]][] = [
    ['a refusal', ({ sandbox }, key) => sandbox.world.reject(key), ['rejected']],
    ['a reservation that runs out', ({ sandbox }, key) => sandbox.world.expire(key), ['failed']],
    ['money of which there is too little', (scene, key) => held(scene, key, 'waiting_funds'), ['waiting_funds']],
    ['a missing password', (scene, key) => held(scene, key, 'waiting_password'), ['waiting_password']],
    [
      'a registration that has come',
      (scene, key) => {
        held(scene, key, 'waiting_registration');
        scene.sandbox.world.resume(key);
      },
      ['waiting_registration', 'reserved'],
    ],
  ];
  it.each(events)('tell of %s', async (name, happen, types) => {
    const { scene, receiver, body, pay, ended } = await stage();
    const key = await makeTransaction(scene, body);
    const paid = name.startsWith('a reservation') ? ['reserved'] : [];
    if (paid.length > 0) await pay(key);
    happen(scene, key);
    await ended(paid.length + types.length);
    expect([...typesOf(receiver)].sort()).toEqual([...paid, ...types].sort());
  });

  it('tell of an automatic confirmation, and then of no reservation', async () => {
    const { scene, receiver, body, pay, ended } = await stage();
    await pay(await makeTransaction(scene, { ...body, auto_confirm: true }));
    await ended(1);
    expect(typesOf(receiver)).toEqual(['confirmed']);
  });

  it('tell of what time did without being asked', async () => {
    const { scene, receiver, body, pay, ended } = await stage();
    await pay(await makeTransaction(scene, body));
    await ended(1);
    scene.later(901_000);
    await ended(2);
    expect(typesOf(receiver)).toEqual(['reserved', 'failed']);
  });

  it('tell nothing of what the merchant did, nor of transactions without an address', async () => {
    const { scene, receiver, body, pay, ended } = await stage();
    const key = await makeTransaction(scene, body);
    await pay(key);
    await scene.merchant('PUT', `/transaction/${key}/confirm`);
    const deleted = await makeTransaction(scene, body);
    await scene.merchant('DELETE', `/transaction/${deleted}`);
    const revoked = await makeTransaction(scene, body);
    await pay(revoked);
    await scene.merchant('DELETE', `/transaction/${revoked}`);
    await pay(await makeTransaction(scene, bill(100, { callback_uri: false })));
    await pay(await makeTransaction(scene, bill(100)));
    const last = await makeTransaction(scene, body);
    scene.sandbox.world.reject(last);
    await ended(3);
    expect(receiver.got.map(({ told }) => [told.type, told.data['transaction_key']])).toEqual([
      ['reserved', key],
      ['reserved', revoked],
      ['rejected', last],
    ]);
  });

  it('are sent again until they are taken, and given up at last; redirects are not followed', async () => {
    const { scene, receiver, body, pay, ended } = await stage();
    receiver.answers = [500, 302, 200];
    await pay(await makeTransaction(scene, body));
    const [first] = await ended(1);
    expect(first).toMatchObject({ state: 'delivered' });
    expect(first?.attempts.map(({ status }) => status)).toEqual([500, 302, 200]);
    receiver.answers = [403];
    scene.sandbox.world.reject(await makeTransaction(scene, body));
    const [, second] = await ended(2);
    expect(second?.state).toBe('failed');
    expect(second?.attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(new Set(receiver.got.slice(0, 3).map(({ event, sign }) => event + sign)).size).toBe(1);
  });

  it('never leave this machine, unless that was asked for', async () => {
    const { scene, ended, pay } = await stage();
    const addresses = [
      'http://192.0.2.1/a',
      'https://pay.example.lt/a',
      'http://127.0.0.1.example.lt/',
      'http://[::2]/',
    ];
    for (const callback_uri of addresses) await pay(await makeTransaction(scene, bill(100, { callback_uri })));
    const sent = await ended(addresses.length);
    expect(sent.map(({ state, attempts }) => [state, attempts.length])).toEqual(addresses.map(() => ['refused', 0]));
    expect(await scene.merchant('POST', '/transaction', bill(100, { callback_uri: 'ftp://127.0.0.1/' }))).toMatchObject(
      {
        status: 400,
      },
    );
  });

  it('can be let out', async () => {
    const { scene, receiver, pay, ended } = await stage({ callbacks: { anywhere: true, retryAfterMs: [] } });
    await pay(await makeTransaction(scene, bill(100, { callback_uri: 'http://nowhere.invalid/' })));
    await pay(await makeTransaction(scene, bill(100, { callback_uri: receiver.uri })));
    expect((await ended(2)).map(({ state }) => state)).toEqual(['failed', 'delivered']);
  });
});

describe('faults of callbacks', () => {
  async function withFault(fault: object, types: readonly string[]) {
    const on = await stage();
    expect((await on.control('POST', 'callbacks/faults', { fault, times: 1 })).json).toEqual({
      faults: [{ fault, times: 1, left: 1 }],
    });
    for (const type of types) {
      const key = await makeTransaction(on.scene, on.body);
      if (type === 'reserved') await on.pay(key);
      else on.scene.sandbox.world.reject(key);
    }
    const sent = await on.ended(types.length);
    return { ...on, sent };
  }

  it('late: it comes later', async () => {
    const { receiver, sent } = await withFault({ type: 'late', ms: 30 }, ['reserved', 'rejected']);
    expect([...typesOf(receiver)].sort()).toEqual(['rejected', 'reserved']);
    expect(sent[0]).toMatchObject({ fault: 'late', state: 'delivered' });
  });

  it('twice: it comes twice, the same', async () => {
    const { receiver } = await withFault({ type: 'twice' }, ['reserved']);
    await until(() => receiver.got.length === 2, 'the second');
    expect(receiver.got[0]).toEqual(receiver.got[1]);
  });

  it('out of order: it comes after the next', async () => {
    const { receiver } = await withFault({ type: 'outOfOrder' }, ['reserved', 'rejected']);
    expect(typesOf(receiver)).toEqual(['rejected', 'reserved']);
  });

  it('forged: it is signed with another key, and sent once', async () => {
    const { receiver, sent, publicKey } = await withFault({ type: 'forged' }, ['reserved']);
    expect(sent[0]).toMatchObject({ state: 'forged', attempts: [{ status: 200 }] });
    const [got] = receiver.got;
    expect(got && isOf(await publicKey(), got)).toBe(false);
  });

  it('lost: it does not come, and the next does', async () => {
    const { receiver, sent } = await withFault({ type: 'lost' }, ['reserved', 'rejected']);
    expect(typesOf(receiver)).toEqual(['rejected']);
    expect(sent[0]).toMatchObject({ state: 'lost', attempts: [] });
  });

  it('are for one type of event, listed, ended, and checked', async () => {
    const { scene, receiver, body, pay, control, ended } = await stage();
    await control('POST', 'callbacks/faults', { event: 'reserved', fault: { type: 'lost' } });
    await pay(await makeTransaction(scene, body));
    scene.sandbox.world.reject(await makeTransaction(scene, body));
    await ended(2);
    expect(typesOf(receiver)).toEqual(['rejected']);
    expect(part(await control('GET', 'callbacks/faults'), 'faults', 0)).toMatchObject({
      event: 'reserved',
      left: null,
    });
    expect((await control('DELETE', 'callbacks/faults')).json).toEqual({ faults: [] });
    for (const wrong of [{}, { fault: { type: 'fire' } }, { fault: { type: 'late' } }]) {
      expect((await control('POST', 'callbacks/faults', wrong)).status).toBe(400);
    }
  });
});

describe('the control API', () => {
  it('lists callbacks and forgets them', async () => {
    const { scene, body, pay, control, ended } = await stage();
    const key = await makeTransaction(scene, body);
    await pay(key);
    await ended(1);
    const [listed] = part(await control('GET', 'callbacks'), 'callbacks') as readonly SentCallback[];
    expect(listed).toEqual(scene.sandbox.callbacks.sent.map(({ ...each }) => ({ ...each, plan: undefined }))[0]);
    expect(listed).toMatchObject({ id: 1, transactionKey: key, state: 'delivered' });
    expect((await control('DELETE', 'callbacks')).json).toEqual({ callbacks: [] });
    expect((await control('GET', 'callbacks')).json).toEqual({ callbacks: [] });
  });

  it('sends untrue callbacks, rightly signed or forged', async () => {
    const { scene, receiver, body, control, publicKey } = await stage();
    const transactionKey = await makeTransaction(scene, body);
    expect((await control('POST', 'callbacks', { transactionKey })).json).toMatchObject({ state: 'delivered' });
    const forged = { transactionKey, type: 'teleported', forged: true };
    expect((await control('POST', 'callbacks', forged)).json).toMatchObject({ state: 'forged' });
    const pem = await publicKey();
    expect(receiver.got.map((got) => [got.told.type, isOf(pem, got)])).toEqual([
      ['reserved', true],
      ['teleported', false],
    ]);
    expect(receiver.got[0]?.told.data).toMatchObject({ status: 'new' });
    const without = await makeTransaction(scene, bill());
    expect((await control('POST', 'callbacks', { transactionKey: without })).status).toBe(409);
    expect((await control('POST', 'callbacks', { transactionKey: 'x' })).status).toBe(404);
  });

  it('changes the key', async () => {
    const { scene, receiver, body, pay, control, publicKey, ended } = await stage();
    const before = await publicKey();
    expect(await publicKey()).toBe(before);
    const changed = part(await control('POST', 'callbacks/new-key'), 'publicKey');
    expect(changed).not.toBe(before);
    await pay(await makeTransaction(scene, body));
    await ended(1);
    const [got] = receiver.got;
    expect(got && [isOf(before, got), isOf(await publicKey(), got)]).toEqual([false, true]);
  });

  it('forgets everything at a reset, and sends nothing of it any more', async () => {
    const { scene, receiver, body, pay, control } = await stage();
    await control('POST', 'callbacks/faults', { fault: { type: 'late', ms: 600_000 } });
    await pay(await makeTransaction(scene, body));
    await control('POST', 'reset');
    expect((await control('GET', 'callbacks')).json).toEqual({ callbacks: [] });
    expect((await control('GET', 'callbacks/faults')).json).toEqual({ faults: [] });
    expect(receiver.got).toEqual([]);
  });
});

describe('the key', () => {
  it('can be given', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const given = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const on = await stage({ callbacks: { privateKey: given } });
    expect(await on.publicKey()).toBe(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  });

  it('is checked by the example of the handbook', async () => {
    const { scene, receiver, body, pay, publicKey, ended } = await stage();
    await pay(await makeTransaction(scene, body));
    await ended(1);
    const [got] = receiver.got;
    if (!got) throw new Error('Nothing has come.');
    const handbook = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8');
    const example = /```js\n\/\/ verify\.mjs[^\n]*\n([\s\S]*?)```/.exec(handbook)?.[1] ?? '';
    const env = { ...process.env, PUBLIC_KEY: await publicKey() };
    const said = async (event: string) => {
      const args = ['--input-type=module', '-e', example, '--', 'verify.mjs', event, got.sign];
      return (await promisify(execFile)(process.execPath, args, { env })).stdout.trim();
    };
    expect(await said(got.event)).toBe('true');
    expect(await said(`${got.event} `)).toBe('false');
  });
});

function held({ sandbox }: Scene, key: string, status: 'waiting_funds' | 'waiting_password' | 'waiting_registration') {
  const [user] = sandbox.world.users;
  if (!user) throw new Error('The sandbox has no users.');
  // With money enough it would not wait for any.
  if (status === 'waiting_funds') user.balance = 0;
  sandbox.world.hold(user, key, status);
}
