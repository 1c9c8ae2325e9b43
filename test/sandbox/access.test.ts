import { describe, expect, it } from 'vitest';
import { startScene } from './scene.ts';
import { authorizationFor, merchantOf, send, userOf, type Differences } from './signed.ts';

const refusal = (error: string, error_description: unknown = expect.any(String)) => ({ error, error_description });

describe('a signed request', () => {
  it('is let in, with a correlation id', async () => {
    const { merchant } = await startScene();
    const answer = await merchant('GET', '/spots?status=waiting&limit=3');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('paysera-correlation-id')).toMatch(/^[a-z0-9]{16}$/);
    expect(answer.headers.get('content-type')).toBe('application/json;charset=utf-8');
  });

  const rows: readonly (readonly [string, Differences, number, object])[] = [
    ['without a header', { authorization: '' }, 401, refusal('unauthorized')],
    ['with another scheme', { authorization: 'Bearer abc' }, 401, refusal('unauthorized')],
    ['with another MAC', { authorization: 'MAC id="i", ts="1", nonce="n", mac="m"' }, 401, refusal('unauthorized')],
    ['with another body', { sentBody: '{"payments": []}' }, 401, refusal('unauthorized', 'Body hash is invalid')],
    ['with no JSON', { headers: { 'content-type': 'text/xml' } }, 406, refusal('not_acceptable')],
  ];
  it.each(rows)('is refused %s', async (_name, but, status, body) => {
    const { merchant, sandbox } = await startScene();
    const answer = await merchant('POST', '/transaction', { payments: [] }, but);
    expect(answer).toMatchObject({ status, json: body });
    expect(answer.headers.get('paysera-correlation-id')).not.toBeNull();
    expect(sandbox.world.transactions.size).toBe(0);
  });

  it('is refused when another request was signed', async () => {
    const { merchant, sandbox } = await startScene();
    const url = new URL(`${sandbox.baseUrl}/spots?status=open`);
    const ts = Math.floor(sandbox.world.now() / 1000);
    const signed = { method: 'GET', url, body: '', ts, nonce: 'abc', ext: '' };
    const authorization = authorizationFor(merchantOf(sandbox), signed);
    expect(await merchant('GET', '/spots?status=closed', undefined, { authorization })).toMatchObject({
      status: 401,
      json: refusal('unauthorized', 'MAC is invalid'),
    });
    expect((await merchant('GET', '/spots?status=open', undefined, { authorization })).status).toBe(200);
  });

  it('is refused with keys of nobody, and with the wrong key', async () => {
    const { sandbox } = await startScene();
    const call = { method: 'GET', path: '/spots' };
    const { id } = merchantOf(sandbox);
    for (const credentials of [
      { id: 'nobody', key: 'x' },
      { id, key: 'x' },
      { id, key: userOf(sandbox).key },
    ]) {
      expect(await send(sandbox, credentials, call)).toMatchObject({ status: 401, json: refusal('unauthorized') });
    }
  });

  it.each([
    [-301, 'Timestamp lifetime exceeded'],
    [301, 'Timestamp is in future'],
    [-300, null],
    [300, null],
  ])('of %d seconds from now is answered with %s', async (off, description) => {
    const { merchant, sandbox } = await startScene();
    const ts = Math.floor(sandbox.world.now() / 1000) + off;
    const answer = await merchant('GET', '/spots', undefined, { ts });
    if (description === null) expect(answer.status).toBe(200);
    else expect(answer).toMatchObject({ status: 401, json: refusal('invalid_timestamp', description) });
  });

  it('is let in once, and again with another nonce, time, or credentials', async () => {
    const { merchant, user, sandbox } = await startScene();
    const nonce = 'the same for all of them';
    const ts = Math.floor(sandbox.world.now() / 1000);
    expect((await merchant('GET', '/code?code=EVP000000000001', undefined, { nonce })).status).toBe(200);
    expect(await merchant('GET', '/code?code=EVP000000000001', undefined, { nonce })).toMatchObject({
      status: 401,
      json: refusal('unauthorized', 'Nonce was already used'),
    });
    expect((await merchant('GET', '/code?code=EVP000000000001', undefined, { nonce, ts: ts - 1 })).status).toBe(200);
    expect((await user('GET', '/code?code=EVP000000000001', undefined, { nonce })).status).toBe(200);
  });

  it('whose body is larger than 1 MiB is refused', async () => {
    const { merchant } = await startScene();
    expect(await merchant('POST', '/transaction', 'x'.repeat(1_100_000))).toMatchObject({
      status: 413,
      json: refusal('invalid_request'),
    });
  });

  it('for no route is answered in the API’s own shape', async () => {
    const { merchant, sandbox } = await startScene();
    const answer = await merchant('DELETE', '/spot/1');
    expect(answer).toMatchObject({ status: 404, json: refusal('not_found') });
    expect(answer.headers.get('paysera-correlation-id')).not.toBeNull();
    expect(sandbox.received).toMatchObject([{ method: 'DELETE', path: '/spot/1', status: 404 }]);
  });
});

describe('the sides', () => {
  const merchants = [
    ['GET', '/spots'],
    ['PUT', '/spot/51/close'],
    ['POST', '/spot/51/order'],
    ['PUT', '/order/51'],
    ['DELETE', '/order/51'],
    ['POST', '/transaction'],
    ['GET', '/transactions'],
    ['PUT', '/transaction/abc/confirm'],
    ['DELETE', '/transaction/abc'],
    ['POST', '/transaction/renew/abc'],
  ] as const;
  it.each(merchants)('%s %s is not for users', async (method, path) => {
    const { user } = await startScene();
    expect(await user(method, path)).toMatchObject({ status: 403, json: refusal('forbidden') });
  });

  const users = [
    ['PUT', '/spot/51/check-in'],
    ['PUT', '/spot/51/check-out'],
    ['PUT', '/transaction/abc/reserve'],
    ['PUT', '/transaction/abc/reserve/me'],
  ] as const;
  it.each(users)('%s %s is not for merchants', async (method, path) => {
    const { merchant } = await startScene();
    expect(await merchant(method, path)).toMatchObject({ status: 403, json: refusal('forbidden') });
  });

  const reads = ['/spot?code=PAYSERA*3%3ATABLE1', '/spot/51', '/order/51'];
  it.each(reads)('GET %s is for merchants too, unless the switch forbids it', async (path) => {
    const { merchant, user, sandbox } = await startScene();
    expect((await merchant('GET', path)).status).not.toBe(403);
    sandbox.world.switches.merchantMayReadSpots = false;
    expect(await merchant('GET', path)).toMatchObject({ status: 403, json: refusal('forbidden') });
    expect((await user('GET', path)).status).not.toBe(403);
  });

  it('a token that has run out is an invalid grant', async () => {
    const { user, sandbox } = await startScene();
    const [first] = sandbox.world.users;
    if (first) first.tokenExpired = true;
    expect(await user('GET', '/spot?code=PAYSERA*3%3ATABLE1')).toMatchObject({
      status: 400,
      json: refusal('invalid_grant', 'Token has expired'),
    });
  });

  it('the server’s time needs no signature', async () => {
    const { sandbox } = await startScene();
    const response = await fetch(`${sandbox.baseUrl}/server`);
    expect(await response.json()).toEqual({ time: Math.floor(sandbox.world.now() / 1000) });
  });
});
