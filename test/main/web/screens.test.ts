import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { ScreensError } from '../../../src/main/web/screens.ts';
import { ask, letIn, screensFolder, serve, token } from './bench.ts';

test('the address that is printed holds the port and the token, and lets a browser in once', async () => {
  const { screens, origin, host } = await serve();
  expect(screens.url).toBe(`http://${host}/?token=${encodeURIComponent(token)}`);
  const { status, headers } = await ask(origin, screens.url.slice(origin.length));
  expect(status).toBe(303);
  expect(headers.location).toBe('/');
  const [cookie = ''] = headers['set-cookie'] ?? [];
  expect(cookie).toContain('; HttpOnly');
  expect(cookie).toContain('; SameSite=Strict');
  expect(cookie).toContain(`terminal_${host.split(':')[1]}=`);
  expect(cookie).not.toContain(encodeURIComponent(token));
  expect(headers['cache-control']).toBe('no-store');
});

test('with the cookie the page and its files are served, each with the security headers', async () => {
  const { origin } = await serve();
  const cookie = await letIn(origin);
  const page = await ask(origin, '/', { cookie });
  expect(page.status).toBe(200);
  expect(page.body).toContain('Hello');
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['cache-control']).toBe('no-store');
  const script = await ask(origin, '/assets/index-abc123.js', { cookie });
  expect(script.status).toBe(200);
  expect(script.headers['content-type']).toContain('javascript');
  expect(script.headers['cache-control']).toContain('immutable');
  for (const { headers } of [page, script]) {
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  }
});

test.each([
  ['/', {}],
  ['/index.html', {}],
  ['/assets/index-abc123.js', {}],
  ['/nothing', {}],
  ['/', { cookie: 'terminal_1=guessed' }],
  ['/?token=', {}],
  ['/?token=wrong', {}],
  [`/index.html?token=${encodeURIComponent(token)}`, {}],
])('%s with %j is refused with a sentence', async (path, headers) => {
  const { origin } = await serve();
  const reply = await ask(origin, path, headers);
  expect(reply.status).toBe(403);
  expect(reply.headers['content-type']).toBe('text/plain; charset=utf-8');
  expect(reply.body).toMatch(/^[A-Z].*open the address.*\n$/);
  expect(reply.headers['set-cookie']).toBeUndefined();
  expect(reply.headers['content-security-policy']).toContain("default-src 'none'");
});

test('a cookie with another value lets nobody in', async () => {
  const { origin } = await serve();
  const name = (await letIn(origin)).split('=')[0] ?? '';
  expect((await ask(origin, '/', { cookie: `${name}=other` })).status).toBe(403);
  expect((await ask(origin, '/', { cookie: `${name}=` })).status).toBe(403);
});

test('a cookie from before a restart lets its screen in again, unless the token has changed', async () => {
  const before = await serve();
  const port = Number(before.host.split(':')[1]);
  const cookie = await letIn(before.origin);
  await before.screens.stop();
  const again = await serve({ port });
  expect((await ask(again.origin, '/', { cookie })).status).toBe(200);
  await again.screens.stop();
  const other = await serve({ port, token: 'another token of 24 characters' });
  expect((await ask(other.origin, '/', { cookie })).status).toBe(403);
});

test.each(['evil.example', 'evil.example:80', '192.168.7.7'])(
  'asked as %s the server refuses, token or not',
  async (host) => {
    const { origin } = await serve();
    const cookie = await letIn(origin);
    for (const path of ['/', `/?token=${encodeURIComponent(token)}`]) {
      const reply = await ask(origin, path, { host, cookie });
      expect(reply.status).toBe(403);
      expect(reply.headers['set-cookie']).toBeUndefined();
    }
  },
);

test.each([
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/.hidden',
  '/assets/',
])('%s gives no file', async (path) => {
  const { origin } = await serve();
  const reply = await ask(origin, path, { cookie: await letIn(origin) });
  expect([400, 403, 404]).toContain(reply.status);
  expect(reply.body).not.toMatch(/^(secret|hidden)/);
});

test('a port that is taken is said so, with a code', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const error = await serve({ port }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ScreensError);
  expect(error).toMatchObject({
    code: 'port_taken',
    message: `Port ${port} for the screens is taken: stop the program that uses it, or configure another port.`,
  });
});

test('a host that is not this machine’s is said so', async () => {
  await expect(serve({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'address_unknown' });
});

test('screens that were not built are said so', async () => {
  const folder = `${screensFolder()}/assets`;
  await expect(serve({ folder })).rejects.toMatchObject({ code: 'screens_missing' });
});

test('after stopping, the port is free and stopping again does no harm', async () => {
  const { screens, origin } = await serve();
  await screens.stop();
  await screens.stop();
  await expect(ask(origin, '/')).rejects.toThrow();
});
