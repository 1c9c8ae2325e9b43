import { generateKeyPairSync, sign } from 'node:crypto';

/** A key pair that signs callbacks as the API does. */
export interface KeyPair {
  readonly publicPem: string;
  readonly privatePem: string;
  sign(event: string): string;
  /** The body of a callback. */
  body(event: string | object): string;
}

/** A new RSA key pair. */
export function newKeyPair(modulusLength = 2048): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength });
  const signed = (event: string) => sign('sha256', Buffer.from(event), privateKey).toString('base64');
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    sign: signed,
    body: (event) => {
      const text = typeof event === 'string' ? event : JSON.stringify(event);
      return new URLSearchParams({ event: text, sign: signed(text) }).toString();
    },
  };
}

/** An event about a transaction. */
export function eventOf(key: string, type = 'reserved', object = 'transaction'): object {
  return { type, object, data: { transaction_key: key, status: type } };
}

/** A certificate with an RSA key, made for the tests: it opens nothing. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIDCzCCAfOgAwIBAgIUG+4XsYFMBgqY7GxxiBCGNlmxCPcwDQYJKoZIhvcNAQEL
BQAwFDESMBAGA1UEAwwJY2FsbGJhY2tzMCAXDTI2MTEyMzExNTE1OVoYDzIxMjYx
MDMwMTE1MTU5WjAUMRIwEAYDVQQDDAljYWxsYmFja3MwggEiMA0GCSqGSIb3DQEB
AQUAA4IBDwAwggEKAoIBAQCWQGSXbi2E7Of8Ksxb8xEPScJJQDDvQVmnNipeieG/
HTsNFD5ajYqPNyYR5o5Bo2iQt0kZUMn0DNnDJrxn3O7F1V3L82AZz/dLrWKQojuq
taMYPumbQFanDiowB4u1llKLmmSamq0bmwFYTlWrLrDF/2fMfhFaFZR+5SW5CvKv
v9jswgYUKiEZUzsTcxKCfIyZCuW17CwUWXohb7/5Riqs2FAh2jaAqMOuyZDwYAbV
TfmRsE5r3VzB8va0r0Rsh2MB+r24/4tzHff7i6UsLOFlxHZ16avKEBan7LoHvd3h
K53F455+uuG+SU7D71T+W/K0l/0lpSd22pMvnHgWJ2OLAgMBAAGjUzBRMB0GA1Ud
DgQWBBQ1fRxRzwdIn0MAf3bF1Cg9BpJXATAfBgNVHSMEGDAWgBQ1fRxRzwdIn0MA
f3bF1Cg9BpJXATAPBgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBCwUAA4IBAQBO
Xtzp7ynNuuMbMQ7MbiR1VdbyjB8uGP0HigQEwkAuiGXfdYecTZCPAvTSmBhkiCet
T54nyDST2qVcBolMSDGY+SGwG9rEuHVwYt0oZ8D5QKZzFM5Ll9qPJxxbCbAF33PZ
E5W+hXGd5YfUD/GFKqPSIoR7sGwObe+xIW3KejYI8khiDvFLwV9j/aD79JLcc5/B
ZB0TdjpFDayouoUPKdmaxe1KWm6n3pdK0T8aCdxqZuUkAxuXrdukr5eVtw3mUXI6
Dv+a6RAhFOQ0n1MnfWuxjZrYQ+GwyKew+g5St0PRReDCXTn6TWbnk2LOq16yEWsP
swXP1g6FWSgXJa/bvuXa
-----END CERTIFICATE-----`;
