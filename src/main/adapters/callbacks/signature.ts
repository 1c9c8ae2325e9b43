import { constants, createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { Form } from './form.ts';

/** A public key that signatures are checked with. */
export interface PublicKey {
  readonly key: KeyObject;
  /** Its PEM, as it is kept. */
  readonly pem: string;
  /** SHA-256 of the key itself, in hexadecimal: for people to compare. */
  readonly fingerprint: string;
}

/**
 * The length of Paysera's key is not documented, so that a short one is not refused; a forger of callbacks could cause
 * readings, and nothing else.
 */
const fewestBits = 1024;

/**
 * Reads an RSA public key, or a certificate that holds one, from PEM.
 * @throws RangeError with a sentence that says why it cannot be used
 */
export function readPublicKey(pem: string): PublicKey {
  if (pem.includes('PRIVATE KEY')) throw new RangeError('It is a private key. Only the public key belongs there.');
  const key = keyOf(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new RangeError('It is not an RSA key.');
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < fewestBits) throw new RangeError(`It is an RSA key of only ${bits} bits.`);
  const der = key.export({ type: 'spki', format: 'der' });
  return {
    key,
    pem: key.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: createHash('sha256').update(der).digest('hex'),
  };
}

function keyOf(pem: string): KeyObject {
  try {
    return createPublicKey(pem);
  } catch (error) {
    throw new RangeError('It is not a public key in PEM.', { cause: error });
  }
}

/** Whether the event was signed with that key: RSA PKCS#1 v1.5 with SHA-256 over the event as it was sent (api.md 12). */
export function isSigned({ event, sign }: Form, { key }: PublicKey): boolean {
  if (!/^[A-Za-z0-9+/]{40,2000}={0,2}$/.test(sign)) return false;
  const padding = constants.RSA_PKCS1_PADDING;
  return verify('sha256', Buffer.from(event, 'utf8'), { key, padding }, Buffer.from(sign, 'base64'));
}
