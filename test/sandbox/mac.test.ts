import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isSignedWith, readMacHeader, vouchesForBody, type MacHeader } from '../../sandbox/mac.ts';

const vectorSchema = z.object({
  method: z.string(),
  uri: z.string(),
  body: z.string().nullable(),
  ext: z.string(),
  ts: z.string(),
  nonce: z.string(),
  host: z.string(),
  port: z.int(),
  id: z.string(),
  key: z.string(),
  mac: z.string(),
});
type Vector = z.infer<typeof vectorSchema>;
const file = new URL('../vectors/mac.json', import.meta.url);
const vectors = z.array(vectorSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
const [, , , , , , , withBody] = vectors;
const [first] = vectors;
if (!first || !withBody) throw new Error('The vectors are missing.');

const headerOf = ({ id, ts, nonce, mac, ext }: Vector): string =>
  `MAC id="${id}", ts="${ts}", nonce="${nonce}", mac="${mac}"${ext === '' ? '' : `, ext="${ext}"`}`;

function parse(text: string): MacHeader {
  const header = readMacHeader(text);
  if (!header) throw new Error(`Not a header: ${text}`);
  return header;
}

describe('the ten vectors of the API documentation', () => {
  it('are all here', () => {
    expect(vectors).toHaveLength(10);
  });

  it.each(vectors.map((vector) => [`${vector.method} ${vector.uri}`, vector] as const))('%s verifies', (_, vector) => {
    const header = parse(headerOf(vector));
    expect(isSignedWith(vector.key, header, vector)).toBe(true);
    expect(vouchesForBody(header.ext, Buffer.from(vector.body ?? ''))).toBe(true);
  });

  const spoilt: readonly (readonly [string, Partial<Vector>])[] = [
    ['another key', { key: 'IrdTc8uQodU7PRpLzzLTW6wqZAO6tAMV' }],
    ['another time', { ts: '1343811601' }],
    ['another nonce', { nonce: 'nQnNaSNyubfPErjRO55yaaEYo9YZfKHM' }],
    ['another method', { method: 'POST' }],
    ['a decoded colon', { uri: '/rest/v1/spot?code=PAYSERA*3:TABLE1' }],
    ['a lower-case escape', { uri: '/rest/v1/spot?code=PAYSERA*3%3aTABLE1' }],
    ['an escaped asterisk', { uri: '/rest/v1/spot?code=PAYSERA%2A3%3ATABLE1' }],
    ['another host', { host: 'wallet-sandbox.paysera.com' }],
    ['another port', { port: 8443 }],
    ['another ext', { ext: 'project_id=77' }],
    ['another mac', { mac: 'Gq2JdkPxXggdNUjjhMuMXD6TNxwyTC8bkG3bJGIx3L4=' }],
    ['a mac without padding', { mac: first.mac.slice(0, -1) }],
    ['a mac of other length', { mac: 'AAAA' }],
    ['a mac in the other base64', { mac: first.mac.replaceAll('+', '-').replaceAll('/', '_').slice(0, -1) }],
  ];

  it.each(spoilt)('do not verify with %s', (_name, change) => {
    const vector = { ...first, ...change };
    expect(isSignedWith(vector.key, parse(headerOf(vector)), vector)).toBe(false);
  });
});

describe('the header', () => {
  it('may come in any order, with an empty ext', () => {
    const text = 'MAC mac="m=", nonce="n !#", ext="", id="i", ts="1"';
    expect(readMacHeader(text)).toEqual({ id: 'i', ts: '1', nonce: 'n !#', mac: 'm=', ext: '' });
  });

  it.each([
    ['none at all', undefined],
    ['another scheme', 'Bearer id="i", ts="1", nonce="n", mac="m"'],
    ['no id', 'MAC ts="1", nonce="n", mac="m"'],
    ['no time', 'MAC id="i", nonce="n", mac="m"'],
    ['no nonce', 'MAC id="i", ts="1", mac="m"'],
    ['no mac', 'MAC id="i", ts="1", nonce="n"'],
    ['an empty nonce', 'MAC id="i", ts="1", nonce="", mac="m"'],
    ['a nonce with a backslash', 'MAC id="i", ts="1", nonce="a\\b", mac="m"'],
    ['a nonce with another alphabet', 'MAC id="i", ts="1", nonce="ž", mac="m"'],
    ['no quotes', 'MAC id=i, ts=1, nonce=n, mac=m'],
  ])('is not read with %s', (_name, text) => {
    expect(readMacHeader(text)).toBeUndefined();
  });
});

describe('the hash of the body', () => {
  const body = Buffer.from('{"price":1}');
  const hash = createHash('sha256').update(body).digest('base64');
  const rows: readonly (readonly [string, string, Uint8Array, boolean])[] = [
    ['is needed when there is a body', '', body, false],
    ['is right as encodeURIComponent writes it', `body_hash=${encodeURIComponent(hash)}`, body, true],
    ['is right with a slash left as it is', `body_hash=${hash.replace('=', '%3D')}`, body, true],
    ['comes with others', `body_hash=${encodeURIComponent(hash)}&project_id=77`, body, true],
    ['is wrong for another body', `body_hash=${encodeURIComponent(hash)}`, Buffer.from('{"price":2}'), false],
    ['must not be there without a body', `body_hash=${encodeURIComponent(hash)}`, Buffer.alloc(0), false],
    ['may be missing without a body', 'project_id=77', Buffer.alloc(0), true],
  ];
  it.each(rows)('%s', (_name, ext, bytes, right) => {
    expect(vouchesForBody(ext, bytes)).toBe(right);
  });

  it('counts every byte, as the vectors with a body show', () => {
    expect(vouchesForBody(withBody.ext, Buffer.from(`${withBody.body ?? ''}\n`))).toBe(false);
  });
});
