import { request as httpRequest } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { KeySource } from '../../../../src/main/adapters/callbacks/keys.ts';
import { isProxy, startCallbackListener } from '../../../../src/main/adapters/callbacks/server.ts';
import { readPublicKey, type PublicKey } from '../../../../src/main/adapters/callbacks/signature.ts';
import type { Callback, CallbackDesk } from '../../../../src/main/ports/callbacks.ts';
import { VirtualClock } from '../../../fakes/virtual-clock.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { until } from '../../../fakes/until.ts';
import { eventOf, newKeyPair } from './keypair.ts';

const own = newKeyPair();
const other = newKeyPair();

/** A source whose next key the test gives. */
function sourceWith(first: PublicKey | null, next: PublicKey | null = null) {
  const source = { current: first, asked: 0, renewed: () => Promise.resolve<PublicKey | null>(null) };
  source.renewed = () => {
    source.asked += 1;
    if (next) source.current = next;
    return Promise.resolve(next);
  };
  return { ...source, stop: () => Promise.resolve(), seen: source } satisfies KeySource & { seen: typeof source };
}

async function listening(keys: KeySource = sourceWith(readPublicKey(own.publicPem))) {
  const heard: Callback[] = [];
  const desk: CallbackDesk = { hear: (callback) => heard.push(callback) };
  const clock = new VirtualClock();
  const log = keepingLog();
  const options = { desk, host: '127.0.0.1', port: 0, path: '/callbacks/T1', keys, clock, log };
  const listener = await startCallbackListener(options);
  onTestFinished(() => listener.stop());
  const send = async (body: string | Buffer, headers: Readonly<Record<string, string>> = {}, url = listener.url) => {
    const response = await fetch(url, {
      method: 'POST',
      body: typeof body === 'string' ? body : new Uint8Array(body),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
    return `${String(response.status)} ${await response.text()}`;
  };
  return { listener, heard, clock, log, send, options };
}

describe('a callback', () => {
  it('is answered with OK and handed on', async () => {
    const { send, heard } = await listening();
    expect(await send(own.body(eventOf('k1')))).toBe('200 OK');
    expect(heard).toEqual([{ key: 'k1', kind: 'reserved' }]);
  });

  it('that comes again is answered with OK, and handed on once', async () => {
    const { send, heard } = await listening();
    for (let count = 0; count < 3; count += 1) expect(await send(own.body(eventOf('k1')))).toBe('200 OK');
    expect(heard).toHaveLength(1);
    await send(own.body(eventOf('k1', 'rejected')));
    await send(own.body(eventOf('k1', 'waiting_funds')));
    expect(heard.map(({ kind }) => kind)).toEqual(['reserved', 'rejected', 'waiting_funds']);
  });

  it('about something unknown is answered with OK, so that it is not sent for ever, and not handed on', async () => {
    const { send, heard, log } = await listening();
    for (const event of [eventOf('k', 'done', 'payment'), eventOf('k', 'x', 'spaceship'), '{', '[]', 'null']) {
      expect(await send(own.body(event))).toBe('200 OK');
    }
    expect(heard).toEqual([]);
    expect(log.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('is remembered among a thousand, and not longer', async () => {
    const { send, heard } = await listening();
    const body = own.body(eventOf('k0'));
    await send(body);
    for (let index = 1; index <= 1000; index += 1) await send(own.body(eventOf(`k${String(index)}`)));
    await send(body);
    expect(heard).toHaveLength(1002);
  });
});

describe('what is no callback', () => {
  it.each<[string, string, RegExp]>([
    ['a changed event', own.body(eventOf('k1')).replace('k1', 'k2'), /^403 /],
    ['an event of somebody else', other.body(eventOf('k1')), /^403 /],
    ['an event without signature', new URLSearchParams({ event: '{}' }).toString(), /^400 /],
    ['a signature without event', 'sign=abc', /^400 /],
    ['two events', `${own.body(eventOf('k1'))}&event=1`, /^400 /],
    ['nothing', '', /^400 /],
    ['the try in the handbook', 'event=x&sign=y', /^403 The signature is not right\.$/],
  ])('%s is refused', async (_name, body, answer) => {
    const { send, heard } = await listening();
    expect(await send(body)).toMatch(answer);
    expect(heard).toEqual([]);
  });

  it('other content is refused unread, other paths and methods are not there', async () => {
    const { send, listener, heard } = await listening();
    const body = own.body(eventOf('k1'));
    expect(await send(body, { 'content-type': 'application/json' })).toMatch(/^415 /);
    expect(await send(body, { 'content-type': 'text/plain' })).toMatch(/^415 /);
    for (const path of ['/', '/callbacks', '/callbacks/T2', '/callbacks/T1/', '/publickey']) {
      expect(await send(body, {}, new URL(path, listener.url).href)).toMatch(/^404 /);
    }
    expect((await fetch(listener.url)).status).toBe(404);
    expect(heard).toEqual([]);
  });

  it('more than 64 kB is refused', async () => {
    const { send } = await listening();
    expect(await send(own.body('x'.repeat(70_000)))).toMatch(/^413 /);
    expect(await send(own.body(JSON.stringify('x'.repeat(60_000))))).toBe('200 OK');
  });

  it('a broken request harms nobody', async () => {
    const { listener, send } = await listening();
    const { port } = new URL(listener.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end('NONSENSE\r\n\r\n');
    expect(await text(socket)).toContain('400 Bad Request');
    expect(await send(own.body(eventOf('k1')))).toBe('200 OK');
  });
});

describe('a forger', () => {
  const forged = other.body(eventOf('k1'));
  const right = own.body(eventOf('k1'));
  const from = (address: string) => ({ 'x-forwarded-for': address });

  it('is refused without any work after ten tries, told of once, and let in again after a minute', async () => {
    const { send, clock, log } = await listening();
    for (let count = 0; count < 10; count += 1) expect(await send(forged)).toMatch(/^403 /);
    expect(await send(forged)).toBe('429 Too many forged callbacks.');
    expect(await send(right)).toMatch(/^429 /);
    expect(log.lines.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { sender: '127.0.0.1' } }]);
    await clock.advance(60_000);
    expect(await send(right)).toBe('200 OK');
  });

  it('does not shut out others behind the same proxy, whatever addresses he claims to have', async () => {
    const { send } = await listening();
    for (let count = 0; count < 10; count += 1) await send(forged, from(`198.51.100.${String(count)}, 203.0.113.7`));
    expect(await send(forged, from('198.51.100.99, 203.0.113.7'))).toMatch(/^429 /);
    expect(await send(right, from('192.0.2.1'))).toBe('200 OK');
    expect(await send(other.body(eventOf('k2')), from('203.0.113.7, 192.0.2.1'))).toMatch(/^403 /);
  });

  it('causes no renewal of the key but what the source allows, and no reading', async () => {
    const keys = sourceWith(readPublicKey(own.publicPem));
    const { send, heard } = await listening(keys);
    for (let count = 0; count < 20; count += 1) await send(forged);
    expect(keys.seen.asked).toBe(10);
    expect(heard).toEqual([]);
  });
});

describe('whoever connects', () => {
  it.each([
    ['127.0.0.1', undefined, true],
    ['::1', undefined, true],
    ['::ffff:127.0.0.1', undefined, true],
    ['192.0.2.9', undefined, false],
    ['192.0.2.9', '192.0.2.9', true],
    ['::ffff:192.0.2.9', '192.0.2.9', true],
    ['192.0.2.90', '192.0.2.9', false],
    ['2001:db8::127', undefined, false],
  ])('from %s, with the proxy at %s, is the proxy: %s', (address, proxyAddress, expected) => {
    expect(isProxy(address, proxyAddress)).toBe(expected);
  });
});

describe('the key', () => {
  it('that was changed is asked for, and the callback taken', async () => {
    const keys = sourceWith(readPublicKey(other.publicPem), readPublicKey(own.publicPem));
    const { send, heard } = await listening(keys);
    expect(await send(own.body(eventOf('k1')))).toBe('200 OK');
    expect(heard).toHaveLength(1);
    expect(keys.seen.asked).toBe(1);
  });

  it('that is not there yet is asked for, and whoever sent the callback is asked to send it again', async () => {
    const keys = sourceWith(null);
    const { send, heard, log } = await listening(keys);
    expect(await send(own.body(eventOf('k1')))).toMatch(/^503 /);
    expect(heard).toEqual([]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
    const came = sourceWith(null, readPublicKey(own.publicPem));
    const again = await listening(came);
    expect(await again.send(own.body(eventOf('k1')))).toBe('200 OK');
  });
});

describe('the listener', () => {
  it('that cannot listen says why', async () => {
    const { options, listener } = await listening();
    const port = Number(new URL(listener.url).port);
    await expect(startCallbackListener({ ...options, port })).rejects.toMatchObject({
      code: 'port_taken',
      message: `Port ${String(port)} for callbacks is taken. Stop the program that uses it, or set callbacks.port to another.`,
    });
    await expect(startCallbackListener({ ...options, host: '192.0.2.1' })).rejects.toMatchObject({
      code: 'listen_failed',
      message: expect.stringContaining('Check callbacks.host.') as string,
    });
  });

  it('ends although somebody is half-way through a callback, and leaves its port free', async () => {
    const { listener } = await listening();
    const port = Number(new URL(listener.url).port);
    const half = httpRequest(listener.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 500 },
    });
    const cut = new Promise((resolve) => half.on('error', resolve));
    half.write('event=');
    await until(() => half.socket?.readyState === 'open', 'the connection');
    await listener.stop();
    await cut;
    const next = createServer();
    await new Promise<void>((resolve) => next.listen(port, '127.0.0.1', resolve));
    expect((next.address() as AddressInfo).port).toBe(port);
    next.close();
  });
});
