import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';

/** Cost of a hash: about a tenth of a second and 32 MiB on a small machine (OWASP's advice for scrypt with r=8). */
const cost = { N: 2 ** 15, r: 8, p: 1 } as const;
const keyLength = 32;

/** A PIN hash that was not made by `npm run pin`. */
export class PinHashError extends Error {
  readonly code = 'pin_hash_invalid';
}

/** Off the main thread: a PIN must not stop the polling. */
function derive(pin: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, keyLength, { ...options, maxmem: 256 * 1024 * 1024 }, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

/** The hash of a PIN for the configuration: `scrypt$N$r$p$salt$key`, the last two in base64url. */
export async function hashPin(pin: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(pin, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/**
 * Whether this is the PIN of a hash; takes the same time for a right and a wrong one.
 * @throws PinHashError when the hash is none
 */
export async function verifyPin(pin: string, hash: string): Promise<boolean> {
  const [kind, N, r, p, salt, key, ...more] = hash.split('$');
  const numbers = [N, r, p].map(Number);
  const sound = numbers.every((value) => Number.isSafeInteger(value) && value >= 1 && value <= 2 ** 20);
  if (kind !== 'scrypt' || !sound || !salt || !key || more.length > 0) {
    throw new PinHashError('The PIN hash in the configuration is not right. Make a new one with npm run -s pin.');
  }
  const expected = Buffer.from(key, 'base64url');
  const [cpu = 1, block = 1, parallel = 1] = numbers;
  const found = await derive(pin, Buffer.from(salt, 'base64url'), { N: cpu, r: block, p: parallel });
  return expected.length === found.length && timingSafeEqual(expected, found);
}
