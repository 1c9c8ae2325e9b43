import { expect, test } from 'vitest';
import { cookieFor, isOwnHost, isOwnOrigin, sameSecret } from '../../../src/main/web/access.ts';

test('secrets are compared whole, whatever their lengths', () => {
  expect(sameSecret('abc', 'abc')).toBe(true);
  expect(sameSecret('abc', 'abd')).toBe(false);
  expect(sameSecret('abc', 'abcd')).toBe(false);
  expect(sameSecret('', '')).toBe(true);
});

test('the cookie is the same after a restart, another for another token, and tells nothing of either', () => {
  expect(cookieFor('a token')).toBe(cookieFor('a token'));
  expect(cookieFor('a token')).not.toBe(cookieFor('another token'));
  expect(Buffer.from(cookieFor('a token'), 'base64url')).toHaveLength(32);
});

test.each(['127.0.0.1:8080', '127.0.0.1', '127.8.8.8:1', 'localhost:8080', 'LOCALHOST', '[::1]:8080'])(
  'the host %s is our own',
  (host) => {
    expect(isOwnHost(host, '127.0.0.1')).toBe(true);
  },
);

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:8080',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '192.168.1.5:8080',
  '[fe80::1]:8080',
  'a b',
  '@127.0.0.1',
  'localhost@evil.example',
])('the host %j is not our own', (host) => {
  expect(isOwnHost(host, '127.0.0.1')).toBe(false);
});

test('on all addresses any address is our own, and still no name', () => {
  expect(isOwnHost('192.168.1.5:8080', '0.0.0.0')).toBe(true);
  expect(isOwnHost('[fe80::1]:8080', '::')).toBe(true);
  expect(isOwnHost('evil.example', '0.0.0.0')).toBe(false);
});

test('a configured name is our own', () => {
  expect(isOwnHost('Kiosk-7.local:8080', 'kiosk-7.local')).toBe(true);
  expect(isOwnHost('kiosk-8.local:8080', 'kiosk-7.local')).toBe(false);
});

test('the origin is that of the host which was asked, letter for letter', () => {
  expect(isOwnOrigin('http://127.0.0.1:8080', '127.0.0.1:8080')).toBe(true);
  expect(isOwnOrigin('http://127.0.0.1:8081', '127.0.0.1:8080')).toBe(false);
  expect(isOwnOrigin('https://127.0.0.1:8080', '127.0.0.1:8080')).toBe(false);
  expect(isOwnOrigin('http://localhost:8080', '127.0.0.1:8080')).toBe(false);
  expect(isOwnOrigin('null', '127.0.0.1:8080')).toBe(false);
  expect(isOwnOrigin(undefined, '127.0.0.1:8080')).toBe(false);
  expect(isOwnOrigin('http://127.0.0.1:8080', undefined)).toBe(false);
});
