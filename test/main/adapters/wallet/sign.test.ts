import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  authorization,
  createNonce,
  extOf,
  isMacText,
  macOf,
  requestString,
  type SignedRequest,
} from '../../../../src/main/adapters/wallet/sign.ts';

const vectorSchema = z.object({
  method: z.string(),
  uri: z.string(),
  body: z.string().nullable(),
  ext: z.string(),
  ts: z.string(),
  nonce: z.string(),
  host: z.string(),
  port: z.int(),
  key: z.string(),
  mac: z.string(),
});
const vectorFile = new URL('../../../vectors/mac.json', import.meta.url);
const vectors = z.array(vectorSchema).parse(JSON.parse(readFileSync(vectorFile, 'utf8')));

const id = 'wkVd93h2uS';
const key = 'IrdTc8uQodU7PRpLzzLTW6wqZAO6tAMU';
const common = {
  timestamp: 1343811600,
  nonce: 'nQnNaSNyubfPErjRO55yaaEYo9YZfKHN',
  host: 'wallet.paysera.com',
  port: 443,
  ext: '',
};
const compactBody = Buffer.from('{"transaction_key":"Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR"}');
const confirmUri = '/rest/v1/transaction/Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR/confirm';

describe('the ten vectors of the API documentation', () => {
  it('are all here', () => {
    expect(vectors).toHaveLength(10);
  });

  for (const vector of vectors) {
    it(`${vector.method} ${vector.uri} has the documented ext and MAC`, () => {
      const ext = extOf(vector.body === null ? undefined : Buffer.from(vector.body), {});
      expect(ext).toBe(vector.ext);
      const request: SignedRequest = {
        timestamp: Number(vector.ts),
        nonce: vector.nonce,
        method: vector.method,
        uri: vector.uri,
        host: vector.host,
        port: vector.port,
        ext,
      };
      expect(macOf(vector.key, request)).toBe(vector.mac);
    });
  }
});

describe('the worked examples of api.md 3.8', () => {
  const compactExt = 'body_hash=68dmCeBAXs2UZBNujGQBl8fQqt2VgnzIUqFQOsjTYuE%3D';
  const post = { ...common, method: 'POST', uri: '/rest/v1/spot/1/order' };

  it('compact body', () => {
    expect(extOf(compactBody, {})).toBe(compactExt);
    expect(macOf(key, { ...post, ext: compactExt })).toBe('sXDlgZrqGjoXiBerKMcacKcokmYcSP5NKedQ1FxHSoE=');
  });

  it('compact body with project and location', () => {
    const ext = extOf(compactBody, { projectId: 77, locationId: 3 });
    expect(ext).toBe(`${compactExt}&project_id=77&location_id=3`);
    expect(macOf(key, { ...post, ext })).toBe('iXDB1Xo/skxnHI+m5MhdhoFwpw9JuGc6YG1pJ/BmRKc=');
  });

  it('no body with project and location', () => {
    const ext = extOf(undefined, { projectId: 77, locationId: 3 });
    const mac = macOf(key, { ...common, method: 'PUT', uri: confirmUri, ext });
    expect(mac).toBe('TQHVj4gb+iQ+bd7Zyd8gvuOMHw6Xe+iWkJz8g302A+g=');
  });

  it.each([
    ['wallet-sandbox.paysera.com', 443, 'IpOsuevrtwfsxnf9g2f4V4iEUpKNz1rcCW4zE4FZDc8='],
    ['localhost', 8443, 'gDAZ0kgaQmBmrkpb/B5e8VsQgLs2blcMUb4+bOtTiwA='],
  ])('host %s port %i', (host, port, mac) => {
    expect(macOf(key, { ...common, host, port, method: 'GET', uri: '/rest/v1/spot/1' })).toBe(mac);
  });
});

describe('the request string', () => {
  it('holds seven values, each followed by a line feed, the empty ext too', () => {
    const text = requestString({ ...common, method: 'GET', uri: '/rest/v1/spot/1' });
    expect(text).toBe(`1343811600\n${common.nonce}\nGET\n/rest/v1/spot/1\nwallet.paysera.com\n443\n\n`);
  });

  it.each(['/rest/v1/spot?code=PAYSERA*3:TABLE1', '/rest/v1/spot?code=PAYSERA%2A3%3aTABLE1'])(
    'is about the exact bytes: %s is signed differently',
    (uri) => {
      expect(macOf(key, { ...common, method: 'GET', uri })).not.toBe(vectors[0]?.mac);
    },
  );
});

describe('the ext string', () => {
  it('has no body hash for an empty body', () => {
    expect(extOf(Buffer.alloc(0), {})).toBe('');
    expect(extOf(undefined, {})).toBe('');
  });

  it('decodes to the hash of any body, with nothing left that a query string would change', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (body) => {
        const ext = extOf(body, {});
        expect(ext).toMatch(/^body_hash=[A-Za-z0-9%]+$/);
        const hash = new URLSearchParams(ext).get('body_hash');
        expect(hash).toBe(createHash('sha256').update(body).digest('base64'));
      }),
    );
  });
});

describe('the Authorization header', () => {
  const request = { ...common, method: 'GET', uri: '/rest/v1/spot/1' };

  it('leaves an empty ext out', () => {
    expect(authorization(id, () => key, request)).toBe(
      `MAC id="wkVd93h2uS", ts="1343811600", nonce="${common.nonce}", mac="${macOf(key, request)}"`,
    );
  });

  it('ends with the ext when there is one', () => {
    expect(authorization(id, () => key, { ...request, ext: 'project_id=77' })).toMatch(/", ext="project_id=77"$/);
  });

  it.each([
    ['wkVd93h2uS', true],
    ['', false],
    ['a"b', false],
    ['a\\b', false],
    ['a\nb', false],
    ['a b', false],
    ['ą', false],
  ])('takes the id %j: %s', (text, usable) => {
    expect(isMacText(text)).toBe(usable);
  });
});

describe('a nonce', () => {
  it('has 32 characters A-Z, a-z, 0-9, all of them used', () => {
    const nonces = Array.from({ length: 500 }, () => createNonce(randomBytes));
    expect(nonces.every((nonce) => /^[A-Za-z0-9]{32}$/.test(nonce))).toBe(true);
    expect(new Set(nonces).size).toBe(500);
    expect(new Set(nonces.join('')).size).toBe(62);
  });

  it('leaves out bytes that would make some characters likelier', () => {
    const bytes = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_, index) => (index % 2 ? 255 : 61));
    expect(createNonce(bytes)).toBe('9'.repeat(32));
  });

  it('gives up on a source without randomness', () => {
    expect(() => createNonce((size) => new Uint8Array(size).fill(255))).toThrow(/randomness/);
  });
});
