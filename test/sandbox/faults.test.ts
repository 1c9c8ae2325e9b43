import { describe, expect, it } from 'vitest';
import { Faults, type FaultRuleInput } from '../../sandbox/faults.ts';
import { until } from '../fakes/until.ts';
import { bill, startScene } from './scene.ts';
import { plain } from './signed.ts';

const once = (fault: FaultRuleInput['fault'], match: FaultRuleInput['match'] = {}): FaultRuleInput => ({
  match,
  times: 1,
  fault,
});

describe('a rule', () => {
  const rows: readonly (readonly [string, FaultRuleInput['match'], boolean])[] = [
    ['everything', {}, true],
    ['a method', { method: 'put' }, true],
    ['another method', { method: 'GET' }, false],
    ['a path', { path: '/confirm$' }, true],
    ['another path', { path: '^/spots' }, false],
    ['both', { method: 'PUT', path: '^/transaction/[^/]+/confirm$' }, true],
    ['one of both', { method: 'DELETE', path: '/confirm$' }, false],
  ];
  it.each(rows)('for %s', (_name, match, met) => {
    const faults = new Faults();
    faults.add(once({ type: 'drop' }, match));
    expect(faults.take('PUT', '/transaction/abc/confirm') !== undefined).toBe(met);
  });

  it('counts down, and then lets the next one have its turn', () => {
    const faults = new Faults();
    faults.add({ times: 2, fault: { type: 'drop' } });
    faults.add({ fault: { type: 'garbage' } });
    expect(faults.list().map(({ left }) => left)).toEqual([2, null]);
    const taken = Array.from({ length: 4 }, () => faults.take('GET', '/spots')?.type);
    expect(taken).toEqual(['drop', 'drop', 'garbage', 'garbage']);
    expect(faults.list().map(({ left }) => left)).toEqual([null]);
    faults.clear();
    expect(faults.take('GET', '/spots')).toBeUndefined();
  });

  it('is refused when it is none', () => {
    const faults = new Faults();
    expect(() => {
      faults.add(once({ type: 'drop' }, { path: '(' }));
    }).toThrow('Not a regular expression');
  });
});

describe('a fault', () => {
  const transactions = (scene: Awaited<ReturnType<typeof startScene>>) => scene.sandbox.world.transactions.size;

  it('delays before the work', async () => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'delay', ms: 20 }));
    expect((await scene.merchant('POST', '/transaction', bill())).status).toBe(200);
    scene.sandbox.faults.add(once({ type: 'delay', ms: 600_000 }));
    const lost = expect(scene.merchant('POST', '/transaction', bill())).rejects.toThrow('fetch failed');
    await until(() => scene.sandbox.received[1]?.fault === 'delay', 'the request');
    // It ends with the sandbox, long before its time, and nothing is done then.
    await scene.sandbox.stop();
    await lost;
    expect(transactions(scene)).toBe(1);
  });

  it('delays the answer after the work', async () => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'delayAnswer', ms: 600_000 }));
    const answer = scene.merchant('POST', '/transaction', bill());
    await until(() => transactions(scene) === 1, 'the work');
    expect(scene.sandbox.received).toMatchObject([{ fault: 'delayAnswer', status: 0 }]);
    // It ends with the sandbox, long before its time.
    const lost = expect(answer).rejects.toThrow('fetch failed');
    await scene.sandbox.stop();
    await lost;
  });

  it('drops the request before the work', async () => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'drop' }));
    await expect(scene.merchant('POST', '/transaction', bill())).rejects.toThrow('fetch failed');
    // The next one comes after whatever the first might still have done.
    expect((await scene.merchant('GET', '/transactions')).json).toMatchObject({ _metadata: { total: 0 } });
    expect(scene.sandbox.received).toMatchObject([
      { fault: 'drop', status: 0 },
      { fault: null, status: 200 },
    ]);
  });

  it('drops the answer after the work', async () => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'dropAnswer' }));
    await expect(scene.merchant('POST', '/transaction', bill())).rejects.toThrow('fetch failed');
    expect(transactions(scene)).toBe(1);
    expect(scene.sandbox.received).toMatchObject([{ fault: 'dropAnswer', status: 0 }]);
  });

  it.each([500, 502, 503, 504])('answers %d without the work', async (status) => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'status', status }));
    expect(await scene.merchant('POST', '/transaction', bill())).toMatchObject({
      status,
      json: { error: 'internal_server_error' },
    });
    expect(transactions(scene)).toBe(0);
  });

  it('answers 429 with the time to wait', async () => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'status', status: 429, retryAfter: 17 }));
    const answer = await scene.merchant('GET', '/spots');
    expect(answer).toMatchObject({ status: 429, json: { error: 'rate_limit_exceeded' } });
    expect(answer.headers.get('retry-after')).toBe('17');
  });

  it('answers an error after the work', async () => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'statusAfter', status: 504 }));
    expect((await scene.merchant('POST', '/transaction', bill())).status).toBe(504);
    expect(transactions(scene)).toBe(1);
  });

  it.each([
    ['garbage', 0],
    ['garbageAfter', 1],
  ] as const)('answers a gateway’s page: %s', async (type, made) => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type }));
    const answer = await scene.merchant('POST', '/transaction', bill());
    expect(answer).toMatchObject({ status: 502, json: undefined });
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.text).toContain('<html>');
    expect(transactions(scene)).toBe(made);
    scene.sandbox.faults.add(once({ type, status: 200 }));
    expect((await scene.merchant('GET', '/spots')).status).toBe(200);
  });

  it('lets a request arrive twice', async () => {
    const scene = await startScene();
    scene.sandbox.faults.add(once({ type: 'duplicate' }));
    expect((await scene.merchant('POST', '/transaction', bill())).status).toBe(200);
    expect(transactions(scene)).toBe(2);
    const [first] = scene.sandbox.world.transactions.keys();
    scene.sandbox.faults.add(once({ type: 'duplicate' }, { method: 'DELETE' }));
    expect(await scene.merchant('DELETE', `/transaction/${String(first)}`)).toMatchObject({
      status: 409,
      json: { error: 'invalid_state' },
    });
  });

  it('skews the clock', async () => {
    const scene = await startScene();
    const { controlUrl, world } = scene.sandbox;
    const time = Math.floor(world.now() / 1000);
    expect((await plain(`${controlUrl}/clock`, 'POST', { offsetSeconds: 86_400 })).json).toEqual({
      time: time + 86_400,
      offsetSeconds: 86_400,
    });
    expect(await scene.merchant('GET', '/spots')).toMatchObject({
      status: 401,
      json: { error: 'invalid_timestamp', error_description: 'Timestamp lifetime exceeded' },
    });
    expect((await scene.merchant('GET', '/spots', undefined, { ts: time + 86_400 })).status).toBe(200);
    expect((await plain(`${controlUrl}/clock`)).json).toMatchObject({ offsetSeconds: 86_400 });
  });

  it('meets what needs no signature, too', async () => {
    const { sandbox } = await startScene();
    sandbox.faults.add(once({ type: 'status', status: 503 }));
    expect((await plain(`${sandbox.baseUrl}/server`)).status).toBe(503);
  });
});
