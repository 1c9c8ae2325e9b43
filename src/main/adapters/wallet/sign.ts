import { createHash, createHmac } from 'node:crypto';

/**
 * MAC authentication of the Wallet API (api.md 3): seven values, each followed by a line feed, signed with
 * HMAC-SHA-256. What is signed here is what is sent, byte for byte.
 */

/** Gives a secret when it is needed, so that it is nowhere a property that could be logged or serialised. */
export type Secret = () => string;

/** The values under a signature, exactly as they go out (api.md 3.1). */
export interface SignedRequest {
  /** UNIX seconds. */
  readonly timestamp: number;
  readonly nonce: string;
  /** Upper case. */
  readonly method: string;
  /** Path and query as on the wire; no scheme, host or fragment. */
  readonly uri: string;
  /** Lower case, without port. */
  readonly host: string;
  readonly port: number;
  /** The ext string as sent, or empty. */
  readonly ext: string;
}

/** On whose behalf a client with several projects acts (api.md 3.2). */
export interface Behalf {
  readonly projectId?: number | undefined;
  readonly locationId?: number | undefined;
}

export type RandomBytes = (size: number) => Uint8Array;

const nonceLength = 32;
const nonceCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** The largest multiple of 62 that fits a byte: bytes from here on would make some characters likelier. */
const fairBytes = 248;

/** A new nonce: 32 characters `[A-Za-z0-9]`, each equally likely (api.md 3.4). One for each attempt. */
export function createNonce(randomBytes: RandomBytes): string {
  let nonce = '';
  for (let draw = 0; draw < 100; draw += 1) {
    for (const byte of randomBytes(nonceLength + 8)) {
      if (byte < fairBytes) nonce += nonceCharacters.charAt(byte % nonceCharacters.length);
      if (nonce.length === nonceLength) return nonce;
    }
  }
  throw new Error('The source of randomness gives no usable bytes: check the operating system.');
}

/** True when the text may stand between quotes in the Authorization header (api.md 3.4: no `"` and no `\`). */
export function isMacText(text: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);
}

/** The ext string: `body_hash` first when there is a body, then project and location (api.md 3.2). */
export function extOf(body: Uint8Array | undefined, behalf: Behalf): string {
  const pairs: string[] = [];
  if (body && body.length > 0) {
    const hash = createHash('sha256').update(body).digest('base64');
    pairs.push(`body_hash=${encodeURIComponent(hash)}`);
  }
  if (behalf.projectId !== undefined) pairs.push(`project_id=${behalf.projectId}`);
  if (behalf.locationId !== undefined) pairs.push(`location_id=${behalf.locationId}`);
  return pairs.join('&');
}

/** The normalised request string: seven values, each followed by one line feed, the last one too. */
export function requestString(request: SignedRequest): string {
  const { timestamp, nonce, method, uri, host, port, ext } = request;
  return `${timestamp}\n${nonce}\n${method}\n${uri}\n${host}\n${port}\n${ext}\n`;
}

/** The signature, in base64 with padding. The key is used as text; it is not decoded (api.md 3.1). */
export function macOf(key: string, request: SignedRequest): string {
  return createHmac('sha256', key).update(requestString(request)).digest('base64');
}

/** The Authorization header (api.md 3.3). An empty ext is left out (api.md 16.17). */
export function authorization(id: string, key: Secret, request: SignedRequest): string {
  const mac = macOf(key(), request);
  const head = `MAC id="${id}", ts="${request.timestamp}", nonce="${request.nonce}", mac="${mac}"`;
  return request.ext === '' ? head : `${head}, ext="${request.ext}"`;
}
