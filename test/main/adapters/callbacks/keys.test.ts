import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { keyFromFile, keyFromHost, type KeySource } from '../../../../src/main/adapters/callbacks/keys.ts';
import { VirtualClock } from '../../../fakes/virtual-clock.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { until } from '../../../fakes/until.ts';
import { newKeyPair } from './keypair.ts';

const first = newKeyPair();
const second = newKeyPair();

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'callbacks-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** A host that has a public key, or does what is said. */
async function hostOf(answer: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const giving = (pem: () => string) => hostOf((_request, response) => response.end(pem()));

function sourceOf(origin: string) {
  const clock = new VirtualClock();
  const log = keepingLog();
  const keptIn = join(folder, 'callbacks-key.json');
  const source = keyFromHost({ origin, keptIn, clock, log });
  onTestFinished(() => source.stop());
  return { source, clock, log, keptIn, warned: () => log.lines.filter(({ level }) => level === 'warn') };
}

const pemOf = ({ current }: KeySource) => current?.pem;
const arrived = (source: KeySource) => until(() => source.current ?? undefined, 'the key');

describe('the key of a host', () => {
  it('is fetched once from /publickey, and kept for ourselves', async () => {
    const { asked, origin } = await giving(() => first.publicPem);
    const { source, keptIn, log, clock } = sourceOf(origin);
    await arrived(source);
    expect(pemOf(source)).toBe(first.publicPem);
    expect(asked).toEqual(['/publickey']);
    expect(statSync(keptIn).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(keptIn, 'utf8'))).toEqual({
      version: 1,
      address: `${origin}/publickey`,
      pem: first.publicPem,
    });
    expect(log.lines).toMatchObject([{ level: 'info', fields: { fingerprint: source.current?.fingerprint } }]);
    expect(clock.pending).toBe(0);
  });

  it('is not fetched where it was kept', async () => {
    const { asked, origin } = await giving(() => first.publicPem);
    await arrived(sourceOf(origin).source);
    expect(pemOf(sourceOf(origin).source)).toBe(first.publicPem);
    expect(asked).toHaveLength(1);
  });

  it('is renewed when it was changed, at most once in ten minutes', async () => {
    let pem = first.publicPem;
    const { asked, origin } = await giving(() => pem);
    await arrived(sourceOf(origin).source);
    const { source, clock, keptIn } = sourceOf(origin);
    expect(await source.renewed()).toBeNull();
    pem = second.publicPem;
    await clock.advance(599_999);
    expect(await source.renewed()).toBeNull();
    expect(asked).toHaveLength(2);
    await clock.advance(1);
    const [renewed, same] = await Promise.all([source.renewed(), source.renewed()]);
    expect(renewed?.pem).toBe(second.publicPem);
    expect(same).toBe(renewed);
    expect(source.current).toBe(renewed);
    expect(asked).toHaveLength(3);
    expect(readFileSync(keptIn, 'utf8')).toContain(JSON.stringify(second.publicPem).slice(1, -1));
  });

  const failures: readonly [string, RequestListener, string][] = [
    [
      'redirects, even to a right key',
      (request, response) => {
        if (request.url === '/publickey') response.writeHead(302, { location: '/elsewhere' }).end();
        else response.end(first.publicPem);
      },
      'HTTP status 302',
    ],
    ['has none', (_request, response) => response.writeHead(404).end(first.publicPem), 'HTTP status 404'],
    ['answers with a web page', (_request, response) => response.end('<html></html>'), 'not a public key in PEM'],
    ['answers endlessly', (_request, response) => response.end('x'.repeat(20_000)), 'max'],
    ['cuts the connection', (request) => request.socket.destroy(), ''],
  ];
  it.each(failures)('that %s is not taken, and the host is asked again only later', async (_name, answer, reason) => {
    const { asked, origin } = await hostOf(answer);
    const { source, clock, keptIn, warned } = sourceOf(origin);
    await until(() => warned().length === 1, 'the warning');
    expect(source.current).toBeNull();
    expect(String(warned()[0]?.fields['error']).toLowerCase()).toContain(reason.toLowerCase());
    expect(existsSync(keptIn)).toBe(false);
    expect(await source.renewed()).toBeNull();
    expect(asked).toEqual(['/publickey']);
    await clock.advance(15_000);
    expect(await source.renewed()).toBeNull();
    expect(asked).toEqual(['/publickey', '/publickey']);
    expect(clock.pending).toBe(0);
  });

  it('that does not come is waited for until the deadline, and no longer than until the stop', async () => {
    const { asked, origin } = await hostOf(() => undefined);
    const { source, clock, warned } = sourceOf(origin);
    await until(() => asked.length === 1, 'the request');
    await clock.advance(5000);
    await until(() => warned().length === 1, 'the warning');
    expect(warned()[0]?.fields['error']).toBe('It did not come within 5000 ms.');
    await clock.advance(15_000);
    const waiting = source.renewed();
    await until(() => asked.length === 2, 'the second request');
    await source.stop();
    expect(await waiting).toBeNull();
    expect(await source.renewed()).toBeNull();
    expect(warned()).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  const spoiled: readonly [string, (path: string) => void][] = [
    [
      'others may write it',
      (path) => {
        chmodSync(path, 0o620);
      },
    ],
    [
      'it is damaged',
      (path) => {
        writeFileSync(path, '{"version":1');
      },
    ],
    [
      'it is from a newer program',
      (path) => {
        writeFileSync(path, '{"version":2}');
      },
    ],
    [
      'it is of another host',
      (path) => {
        rewrite(path, { address: 'https://elsewhere.example/publickey' });
      },
    ],
    [
      'it holds something else',
      (path) => {
        rewrite(path, { pem: first.privatePem });
      },
    ],
    [
      'it is too large',
      (path) => {
        rewrite(path, { pem: 'x'.repeat(20_000) });
      },
    ],
  ];
  it.each(spoiled)('is fetched anew when %s', async (_name, spoil) => {
    const { asked, origin } = await giving(() => first.publicPem);
    const before = sourceOf(origin);
    await arrived(before.source);
    spoil(before.keptIn);
    const { source } = sourceOf(origin);
    expect(source.current).toBeNull();
    await arrived(source);
    expect(asked).toHaveLength(2);
    expect(pemOf(sourceOf(origin).source)).toBe(first.publicPem);
  });

  it('is used although it cannot be kept', async () => {
    const { origin } = await giving(() => first.publicPem);
    rmSync(folder, { recursive: true });
    const { source, warned } = sourceOf(origin);
    await arrived(source);
    expect(warned()).toMatchObject([{ message: expect.stringContaining('could not be kept') as string }]);
    folder = mkdtempSync(join(tmpdir(), 'callbacks-'));
  });
});

describe('the key in a file', () => {
  it('is used as it is', async () => {
    const path = join(folder, 'paysera.pem');
    writeFileSync(path, first.publicPem);
    const source = keyFromFile(path);
    expect(pemOf(source)).toBe(first.publicPem);
    expect(await source.renewed()).toBeNull();
    await source.stop();
  });

  it.each([
    ['is missing', () => undefined, 'ENOENT'],
    [
      'holds no key',
      (path: string) => {
        writeFileSync(path, 'x');
      },
      'It is not a public key in PEM.',
    ],
    [
      'holds a private key',
      (path: string) => {
        writeFileSync(path, first.privatePem);
      },
      'It is a private key.',
    ],
  ])('that %s stops the start with a sentence', (_name, write, reason) => {
    const path = join(folder, 'paysera.pem');
    write(path);
    expect(() => keyFromFile(path)).toThrow(
      expect.objectContaining({
        code: 'callback_key_unusable',
        message: expect.stringContaining(`The public key for callbacks at ${path} cannot be used. `) as string,
      }),
    );
    expect(() => keyFromFile(path)).toThrow(reason);
  });
});

function rewrite(path: string, change: object): void {
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...change }));
}
