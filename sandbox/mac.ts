import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A request as it arrived, for checking its signature. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as on the wire. */
  readonly uri: string;
  /** Without the port, lower case. */
  readonly host: string;
  readonly port: number;
}

/** The parts of an `Authorization: MAC …` header. */
export interface MacHeader {
  readonly id: string;
  readonly ts: string;
  readonly nonce: string;
  readonly mac: string;
  readonly ext: string;
}

/** Printable ASCII without the quote and the backslash (api.md 3.4). */
const nonceCharacters = /^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/;

/** Reads the header; undefined when it is none, lacks a part or has a nonce of other characters (api.md 3.3). */
export function readMacHeader(header: string | undefined): MacHeader | undefined {
  if (!header?.startsWith('MAC ')) return undefined;
  const parts: Record<string, string> = {};
  for (const [, name, value] of header.slice(4).matchAll(/(\w+)="([^"]*)"/g)) if (name) parts[name] = value ?? '';
  const { id, ts, nonce = '', mac, ext = '' } = parts;
  return id && ts && mac && nonceCharacters.test(nonce) ? { id, ts, nonce, mac, ext } : undefined;
}

/**
 * Whether the signature is right: its own few lines, so that one mistake cannot sign and verify itself. Both this and
 * the signer are held to the published vectors.
 */
export function isSignedWith(key: string, header: MacHeader, request: SignedRequest): boolean {
  const lines = [
    header.ts,
    header.nonce,
    request.method.toUpperCase(),
    request.uri,
    request.host,
    String(request.port),
    header.ext,
  ];
  const message = lines.map((line) => `${line}\n`).join('');
  const expected = Buffer.from(createHmac('sha256', key).update(message).digest('base64'));
  const given = Buffer.from(header.mac);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Whether `ext` vouches for the body: its hash when there is one, none when there is not (api.md 3.2). */
export function vouchesForBody(ext: string, body: Uint8Array): boolean {
  const hash = new URLSearchParams(ext.replaceAll('+', '%2B')).get('body_hash');
  if (body.length === 0) return hash === null;
  return hash === createHash('sha256').update(body).digest('base64');
}
