import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isSigned, readPublicKey } from '../../../../src/main/adapters/callbacks/signature.ts';
import { certificate, newKeyPair } from './keypair.ts';

interface Vector {
  readonly public_key: string;
  readonly event: string;
  readonly sign: string;
}
const vector = JSON.parse(readFileSync(new URL('../../../vectors/callback.json', import.meta.url), 'utf8')) as Vector;

describe('a signature', () => {
  const key = readPublicKey(vector.public_key);
  const { event, sign: right } = vector;

  it('made by another program over the event as it stands is right', () => {
    expect(isSigned({ event, sign: right }, key)).toBe(true);
  });

  it.each([
    ['another amount', event.replace('4512', '4513')],
    ['one more space', `${event} `],
    ['an escape written out', event.replace('\\u0105', 'ą')],
    ['the same JSON, written anew', JSON.stringify(JSON.parse(event))],
    ['nothing', ''],
  ])('does not cover %s', (_name, other) => {
    expect(other).not.toBe(event);
    expect(isSigned({ event: other, sign: right }, key)).toBe(false);
  });

  it.each([
    ['empty', ''],
    ['cut short', right.slice(0, -8)],
    ['one letter different', `${right.startsWith('A') ? 'B' : 'A'}${right.slice(1)}`],
    ['with something in it that is no base64', `${right.slice(0, 100)}!${right.slice(101)}`],
    ['very long', 'A'.repeat(100_000)],
  ])('that is %s is wrong', (_name, other) => {
    expect(isSigned({ event, sign: other }, key)).toBe(false);
  });

  it('of another construction is wrong: SHA-1, PSS, another key', () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const own = readPublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString());
    const bytes = Buffer.from(event);
    const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
    const by = (signed: Buffer) => isSigned({ event, sign: signed.toString('base64') }, own);
    expect(by(sign('sha256', bytes, privateKey))).toBe(true);
    expect(by(sign('sha1', bytes, privateKey))).toBe(false);
    expect(by(sign('sha512', bytes, privateKey))).toBe(false);
    expect(by(sign('sha256', bytes, pss))).toBe(false);
    expect(isSigned({ event, sign: sign('sha256', bytes, privateKey).toString('base64') }, key)).toBe(false);
  });
});

describe('a public key', () => {
  it('is read from PEM of either kind, and from a certificate', () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const forms = (['spki', 'pkcs1'] as const).map((type) => publicKey.export({ type, format: 'pem' }).toString());
    const [first, second] = forms.map((pem) => readPublicKey(pem));
    expect(first?.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(second).toMatchObject({ fingerprint: first?.fingerprint, pem: forms[0] });
    expect(readPublicKey(certificate).pem).toContain('BEGIN PUBLIC KEY');
  });

  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey;
  it.each([
    ['an empty text', '', 'It is not a public key in PEM.'],
    ['a web page', '<html>Sign in</html>', 'It is not a public key in PEM.'],
    ['a private key', newKeyPair().privatePem, 'It is a private key.'],
    ['a key of another kind', ec.export({ type: 'spki', format: 'pem' }).toString(), 'It is not an RSA key.'],
    ['an RSA key for PSS only', pss.export({ type: 'spki', format: 'pem' }).toString(), 'It is not an RSA key.'],
    ['a short key', newKeyPair(512).publicPem, 'It is an RSA key of only 512 bits.'],
  ])('is not %s', (_name, pem, sentence) => {
    expect(() => readPublicKey(pem)).toThrow(sentence);
  });
});
