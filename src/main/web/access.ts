import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** True when both texts are the same, in a time that tells nothing about where they differ. */
export function sameSecret(left: string, right: string): boolean {
  return timingSafeEqual(digest(left), digest(right));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * What the cookie holds for those who have shown the token: as hard to guess as the token, and telling nothing of it. It is
 * the same after a restart, so that a screen that has lost its terminal finds back to it by itself.
 */
export function cookieFor(token: string): string {
  return createHmac('sha256', token).update('screens').digest('base64url');
}

/**
 * The token for the pages that stand for QR displays, made of the screens' token: who has it learns nothing of that, and gets no
 * further than to such a page.
 */
export function displayTokenFor(token: string): string {
  return createHmac('sha256', token).update('display page').digest('base64url');
}

/** The host of a `Host` header or of an address, without port and brackets, in lower case. */
function hostName(authority: string): string | undefined {
  // What an address may hold beside host and port has no place in a header.
  if (/[@/?#\\\s]/.test(authority)) return undefined;
  try {
    const { hostname } = new URL(`http://${authority}`);
    return hostname.replace(/^\[|\]$/g, '');
  } catch {
    return undefined;
  }
}

/**
 * True when a request with that `Host` header is meant for this server. A page elsewhere can make its own name lead to
 * this machine, but it cannot make a browser send another name than its own (DNS rebinding): so names are only
 * `localhost` and the configured one, and an address must be loopback, the configured one, or, when the server
 * listens on all addresses, any address, because an address cannot be made to lead elsewhere.
 * @param configured the host the server was told to listen on
 */
export function isOwnHost(header: string | undefined, configured: string): boolean {
  const name = header === undefined ? undefined : hostName(header);
  if (name === undefined) return false;
  if (name === 'localhost' || name === configured.toLowerCase() || isLoopback(name)) return true;
  return isEveryAddress(configured) && (isIPv4(name) || isIPv6(name));
}

/** True for addresses that lead to this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** True when a WebSocket was opened by a page that this server gave out: its origin is the host it was sent to. */
export function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && host !== undefined && origin.toLowerCase() === `http://${host.toLowerCase()}`;
}
