import { inspect } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import {
  createClient,
  ignored,
  parsed,
  type AnswerInfo,
  type Call,
  type ClientOptions,
  type WalletClient,
} from '../../../../src/main/adapters/wallet/client.ts';
import { createServerClock } from '../../../../src/main/adapters/wallet/clock-offset.ts';
import { WalletError } from '../../../../src/main/adapters/wallet/error.ts';
import { createMerchantClient } from '../../../../src/main/adapters/wallet/merchant.ts';
import { serverTimeSchema } from '../../../../src/main/adapters/wallet/wire.ts';
import type { Clock } from '../../../../src/main/ports/clock.ts';
import {
  clientOptions,
  credentials,
  json,
  macHeader,
  signatureProblem,
  startApi,
  type Behaviour,
} from './api-server.ts';
import { keepingLog } from '../../../fakes/log.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function api(behave: Behaviour) {
  const server = await startApi(behave);
  cleanups.push(() => server.stop());
  return server;
}

function client(root: URL, more: Partial<ClientOptions> = {}): WalletClient {
  const made = createClient(clientOptions(root, more));
  cleanups.push(() => made.stop());
  return made;
}

const never = new AbortController().signal;
const read: Call<number> = {
  method: 'GET',
  name: '/x',
  path: '/x?y=a%3Ab',
  read: parsed(serverTimeSchema, ({ time }) => time),
};
const write: Call<null> = { method: 'POST', name: '/x', path: '/x', body: { name: 'ąčę "1"' }, read: ignored };
const ok: Behaviour = (_, response) => {
  json(response, { time: 1 });
};

/** A machine whose date is wrong by that much. */
function wrongClock(byMs: number): Clock {
  const clock = createSystemClock();
  return { ...clock, now: () => clock.now() + byMs };
}

const days = 86_400_000;

/** An API that refuses times that are wrong by more than a minute, as the real one does. */
const strictAboutTime: Behaviour = (request, response) => {
  const seconds = Math.floor(Date.now() / 1000);
  if (request.url === '/rest/v1/server') json(response, { time: seconds });
  else if (Math.abs(Number(macHeader(request)['ts']) - seconds) > 60)
    json(response, { error: 'invalid_timestamp' }, 401);
  else json(response, { time: seconds });
};

describe('what is sent', () => {
  it('is what was signed, byte for byte, with and without a body', async () => {
    const server = await api(ok);
    const wallet = client(server.root, { projectId: 77, locationId: 3, userAgent: 'spot-terminal/1' });
    await wallet.run(never, (ask) => ask(read));
    await wallet.run(never, (ask) => ask(write));
    const [get, post] = server.received;
    if (!get || !post) throw new Error('There should be two requests.');
    for (const request of [get, post]) expect(signatureProblem(request, server.root, credentials.key)).toBeUndefined();
    expect(get.url).toBe('/rest/v1/x?y=a%3Ab');
    expect(macHeader(get)['ext']).toBe('project_id=77&location_id=3');
    expect(macHeader(post)['ext']).toMatch(/^body_hash=[^&]+&project_id=77&location_id=3$/);
    expect(post.body.toString('utf8')).toBe('{"name":"ąčę \\"1\\""}');
    expect(post.headers['content-type']).toBe('application/json;charset=utf-8');
    expect(get.headers['content-type']).toBeUndefined();
    expect(get.headers['user-agent']).toBe('spot-terminal/1');
  });

  it('has no ext at all when there is nothing to say', async () => {
    const server = await api(ok);
    await client(server.root).run(never, (ask) => ask(read));
    expect(server.received[0]?.headers['authorization']).not.toContain('ext=');
  });

  it('goes to the root whether it ends in a slash or not', async () => {
    const server = await api(ok);
    await client(new URL(`${server.root.href}/`)).run(never, (ask) => ask(read));
    expect(server.received[0]?.url).toBe('/rest/v1/x?y=a%3Ab');
  });
});

describe('a wrong clock', () => {
  it.each([3 * days, -3 * days])(
    'of %i ms: the time is asked for, then the call is signed anew, once',
    async (byMs) => {
      const server = await api(strictAboutTime);
      const wallet = client(server.root, { clock: wrongClock(byMs) });
      expect(await wallet.run(never, (ask) => ask(write))).toEqual({ ok: true, value: null });
      expect(server.received.map(({ method, url }) => `${method} ${url}`)).toEqual([
        'POST /rest/v1/x',
        'GET /rest/v1/server',
        'POST /rest/v1/x',
      ]);
      const [first, time, second] = server.received;
      if (!first || !time || !second) throw new Error('There should be three requests.');
      expect(time.headers['authorization']).toBeUndefined();
      expect(macHeader(second)['nonce']).not.toBe(macHeader(first)['nonce']);
      expect(second.body).toEqual(first.body);
      expect(signatureProblem(second, server.root, credentials.key)).toBeUndefined();
      await wallet.run(never, (ask) => ask(read));
      expect(server.received).toHaveLength(4);
    },
  );

  it('that stays wrong is later, after one repeat', async () => {
    const server = await api((request, response) => {
      if (request.url === '/rest/v1/server') json(response, { time: 5 });
      else json(response, { error: 'invalid_timestamp' }, 401);
    });
    const outcome = await client(server.root).run(never, (ask) => ask(write));
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'invalid_timestamp', retry: 'later', status: 401 } });
    expect(server.received).toHaveLength(3);
  });

  it.each([
    [503, 'gateway_error'],
    [403, 'invalid_timestamp'],
  ])('whose correction fails with %i is later (%s): the call itself was refused', async (status, code) => {
    const server = await api((request, response) => {
      if (request.url === '/rest/v1/server') json(response, {}, status);
      else json(response, { error: 'invalid_timestamp' }, 401);
    });
    const outcome = await client(server.root).run(never, (ask) => ask(write));
    expect(outcome).toMatchObject({ ok: false, failure: { code, retry: 'later' } });
    expect(server.received).toHaveLength(2);
  });

  it('is corrected once for all calls and all clients that share it', async () => {
    const server = await api(strictAboutTime);
    const clock = wrongClock(3 * days);
    const serverClock = createServerClock({ clock });
    const merchant = client(server.root, { clock, serverClock });
    const other = client(server.root, { clock, serverClock });
    const outcomes = await Promise.all(
      [merchant, merchant, other, other].map((wallet) => wallet.run(never, (ask) => ask(read))),
    );
    expect(outcomes.every((outcome) => outcome.ok)).toBe(true);
    expect(server.received.filter(({ url }) => url === '/rest/v1/server')).toHaveLength(1);
  });

  it('holds new calls back while it is being corrected', async () => {
    let answerTime: (() => void) | undefined;
    const server = await api((request, response, count) => {
      if (request.url !== '/rest/v1/server') strictAboutTime(request, response, count);
      else
        answerTime = () => {
          strictAboutTime(request, response, count);
        };
    });
    const wallet = client(server.root, { clock: wrongClock(3 * days) });
    const synchronised = wallet.synchronise(never);
    const waiting = wallet.run(never, (ask) => ask(read));
    await vi.waitFor(
      () => {
        expect(answerTime).toBeDefined();
      },
      { timeout: 10_000 },
    );
    expect(server.received).toHaveLength(1);
    answerTime?.();
    expect((await synchronised).ok).toBe(true);
    expect((await waiting).ok).toBe(true);
    expect(server.received.map(({ url }) => url)).toEqual(['/rest/v1/server', '/rest/v1/x?y=a%3Ab']);
  });

  it('is measured to about half a second; correcting our own clock by it does not move signatures', async () => {
    const server = await api(strictAboutTime);
    const clock = createSystemClock();
    clock.correct(3 * days);
    const offsets: number[] = [];
    const serverClock = createServerClock({
      clock,
      onOffset: (offsetMs) => {
        offsets.push(offsetMs);
        clock.correct(offsetMs);
      },
    });
    const wallet = client(server.root, { clock, serverClock });
    const outcome = await wallet.synchronise(never);
    if (!outcome.ok) throw new Error(outcome.failure.message);
    expect(Math.abs(outcome.value.offsetMs + 3 * days)).toBeLessThan(2000);
    expect(offsets).toEqual([outcome.value.offsetMs]);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(2000);
    expect((await wallet.run(never, (ask) => ask(read))).ok).toBe(true);
    expect(server.received).toHaveLength(2);
  });

  it('that cannot be read lets calls go on with the time there is', async () => {
    const server = await api((request, response, count) => {
      if (request.url === '/rest/v1/server') json(response, { time: 'noon' });
      else strictAboutTime(request, response, count);
    });
    const wallet = client(server.root);
    const [synchronised, outcome] = await Promise.all([
      wallet.synchronise(never),
      wallet.run(never, (ask) => ask(read)),
    ]);
    expect(synchronised).toMatchObject({ ok: false, failure: { code: 'unreadable_answer', retry: 'later' } });
    expect(outcome.ok).toBe(true);
  });
});

describe('answers', () => {
  it.each([
    ['', 'empty_answer'],
    ['{}', 'empty_answer'],
    ['[]', 'unreadable_answer'],
    ['{"time":"1"}', 'unreadable_answer'],
    ['{"time":1', 'unreadable_answer'],
    ['<html>Welcome to the hotel</html>', 'unreadable_answer'],
    ['null', 'unreadable_answer'],
  ])('2xx with %j: later for reading, unknown for writing', async (body, code) => {
    const server = await api((_, response) => response.end(body));
    const wallet = client(server.root);
    const { read: readTime } = read;
    const written: Call<number> = { ...write, read: readTime };
    expect(await wallet.run(never, (ask) => ask(read))).toMatchObject({
      failure: { code, retry: 'later', status: 200 },
    });
    expect(await wallet.run(never, (ask) => ask(written))).toMatchObject({ failure: { code, retry: 'unknown' } });
  });

  it.each([
    ['', true],
    ['{}', true],
    ['[]', true],
    ['{"status":"reserved"}', true],
    ['<html></html>', false],
    ['{"half":', false],
  ])('a body that is not needed may be anything of the API: %j is %s', async (body, fine) => {
    const server = await api((_, response) => response.end(body));
    const outcome = await client(server.root).run(never, (ask) => ask(write));
    expect(outcome.ok).toBe(fine);
    if (!outcome.ok) expect(outcome.failure.retry).toBe('unknown');
  });

  it('a gateway page is decided by its status; its correlation id is kept', async () => {
    const server = await api((_, response) => {
      response
        .writeHead(502, { 'content-type': 'text/html', 'paysera-correlation-id': 'corr-7' })
        .end('<html>502</html>');
    });
    const wallet = client(server.root);
    const failure = { code: 'gateway_error', status: 502, correlationId: 'corr-7' };
    expect(await wallet.run(never, (ask) => ask(read))).toMatchObject({ failure: { ...failure, retry: 'later' } });
    expect(await wallet.run(never, (ask) => ask(write))).toMatchObject({ failure: { ...failure, retry: 'unknown' } });
    expect(server.received).toHaveLength(2);
  });

  it('429 says how long to wait', async () => {
    const server = await api((_, response) => response.writeHead(429, { 'retry-after': '90' }).end('slow down'));
    const outcome = await client(server.root).run(never, (ask) => ask(write));
    expect(outcome).toMatchObject({ failure: { code: 'rate_limit_exceeded', retry: 'later', retryAfterMs: 90_000 } });
  });
});

describe('deadlines', () => {
  it('one for the whole call, the reading of the clock and the repeat included', async () => {
    const server = await api((request, response) => {
      if (request.url !== '/rest/v1/server') json(response, { error: 'invalid_timestamp' }, 401);
    });
    const wallet = client(server.root, { requestTimeoutMs: 150 });
    expect(await wallet.run(never, (ask) => ask(write))).toMatchObject({
      failure: { code: 'timeout', retry: 'later' },
    });
  });

  it('no answer: later for reading, unknown for writing', async () => {
    const server = await api(() => undefined);
    const wallet = client(server.root, { requestTimeoutMs: 100 });
    expect(await wallet.run(never, (ask) => ask(read))).toMatchObject({ failure: { code: 'timeout', retry: 'later' } });
    expect(await wallet.run(never, (ask) => ask(write))).toMatchObject({
      failure: { code: 'timeout', retry: 'unknown' },
    });
  });

  it('leave no timer behind when the call is over', async () => {
    let waiting = 0;
    const system = createSystemClock();
    const clock: Clock = {
      ...system,
      after: (milliseconds, callback) => {
        waiting += 1;
        const stop = system.after(milliseconds, callback);
        return () => {
          waiting -= 1;
          stop();
        };
      },
    };
    const server = await api(strictAboutTime);
    const wallet = client(server.root, { clock });
    await wallet.synchronise(never);
    await wallet.run(never, (ask) => ask(read));
    expect(waiting).toBe(0);
  });

  it('a caller who gives up while the clock is read ends only its own wait', async () => {
    const arrived = Promise.withResolvers<undefined>();
    let answerTime: (() => void) | undefined;
    const server = await api((request, response, count) => {
      answerTime = () => {
        strictAboutTime(request, response, count);
      };
      arrived.resolve(undefined);
    });
    const wallet = client(server.root);
    const controller = new AbortController();
    const given = wallet.synchronise(controller.signal);
    const kept = wallet.synchronise(never);
    await arrived.promise;
    controller.abort();
    expect(await given).toMatchObject({ failure: { code: 'aborted', retry: 'later' } });
    answerTime?.();
    expect((await kept).ok).toBe(true);
  });
});

describe('reports', () => {
  it('every exchange is told, without ids', async () => {
    const infos: AnswerInfo[] = [];
    const server = await api(strictAboutTime);
    const wallet = client(server.root, { clock: wrongClock(3 * days), onAnswer: (info) => infos.push(info) });
    await wallet.run(never, (ask) => ask(read));
    expect(infos.map(({ call, ok: fine, status, code, retry }) => [call, fine, status, code, retry])).toEqual([
      ['GET /x', false, 401, 'invalid_timestamp', 'later'],
      ['GET /server', true, 200, undefined, undefined],
      ['GET /x', true, 200, undefined, undefined],
    ]);
    expect(infos.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });

  it('a failure is logged once, with its cause', async () => {
    const server = await api((_, response) => response.socket?.destroy());
    const log = keepingLog();
    await client(server.root, { log }).run(never, (ask) => ask(read));
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({ level: 'warn', fields: { call: 'GET /x', code: 'connection_lost' } });
    expect(log.lines[0]?.fields['cause']).toBeInstanceOf(Error);
  });

  it('the key is on no object, in no log line and in no failure', async () => {
    const key = 'S3CRET-MAC-KEY-VALUE';
    const log = keepingLog();
    const server = await api((_, response) => {
      json(response, { error: 'unauthorized' }, 401);
    });
    const wallet = client(server.root, { log, macKey: () => key });
    const merchant = createMerchantClient(clientOptions(server.root, { log, macKey: () => key }));
    cleanups.push(() => merchant.stop());
    const outcomes = [await wallet.run(never, (ask) => ask(write)), await merchant.confirm('abc', never)];
    const shown = inspect([wallet, merchant, outcomes, log.lines], { depth: 20, showHidden: true });
    expect(shown).not.toContain(key);
    expect(shown).not.toContain('MAC id=');
    expect(JSON.stringify([wallet, merchant, outcomes, log.lines])).not.toContain(key);
  });
});

describe('settings', () => {
  const root = new URL('http://127.0.0.1:1/rest/v1');

  it.each(['', 'a b', 'a"', 'a\r\nx: y'])('the MAC id %j cannot be used', (macId) => {
    expect(() => createClient(clientOptions(root, { macId }))).toThrow(WalletError);
  });

  it.each(['ftp://x/rest', 'https://x/rest?a=1', 'https://x/rest#a', 'https://me@x/rest'])(
    'the address %s cannot be used',
    (address) => {
      expect(() => createClient(clientOptions(new URL(address)))).toThrow(/correct it/);
    },
  );
});
