import { createPrivateKey, createPublicKey, generateKeyPair, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** Signs callbacks as the API does: RSA PKCS#1 v1.5 with SHA-256 over the event as it is sent (api.md 12). */
export class CallbackKey {
  readonly #given: KeyObject | undefined;
  #key: Promise<KeyObject> | undefined;

  /** With a private key in PEM, or with one that is made when it is first needed. @throws Error when the PEM is none */
  constructor(pem?: string) {
    this.#given = pem === undefined ? undefined : rsaKey(pem);
  }

  /** What `GET /publickey` answers. */
  async publicPem(): Promise<string> {
    return createPublicKey(await this.#own())
      .export({ type: 'spki', format: 'pem' })
      .toString();
  }

  /** Base64. */
  async sign(event: string): Promise<string> {
    return sign('sha256', Buffer.from(event, 'utf8'), await this.#own()).toString('base64');
  }

  /** From now on another key, as when the API changes its own. */
  renew(): void {
    this.#key = newKey();
  }

  #own(): Promise<KeyObject> {
    return (this.#key ??= this.#given ? Promise.resolve(this.#given) : newKey());
  }
}

function rsaKey(pem: string): KeyObject {
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'rsa') throw new Error('It is not an RSA key.');
  return key;
}

async function newKey(): Promise<KeyObject> {
  return (await generate('rsa', { modulusLength: 2048 })).privateKey;
}
