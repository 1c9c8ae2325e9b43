import { readFileSync } from 'node:fs';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { fetchKey } from './fetch-key.ts';
import { keepKey, readKeptKey } from './kept-key.ts';
import { readPublicKey, type PublicKey } from './signature.ts';

/** The public key for callbacks cannot be used; `message` says what to do. */
export class CallbackKeyError extends Error {
  readonly code = 'callback_key_unusable';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'CallbackKeyError';
  }
}

/** Where the key for signatures of callbacks comes from. */
export interface KeySource {
  /** The key at hand; null when there is none yet. */
  readonly current: PublicKey | null;
  /**
   * Asks for another key, where that is possible and was not done lately; gives it when it is another one than before,
   * else null. Never throws.
   */
  renewed(): Promise<PublicKey | null>;
  stop(): Promise<void>;
}

/**
 * A key from a file that a technician put there. It stays until the next start.
 * @throws CallbackKeyError
 */
export function keyFromFile(path: string): KeySource {
  let key: PublicKey;
  try {
    key = readPublicKey(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof RangeError ? error.message : String(error);
    throw new CallbackKeyError(
      `The public key for callbacks at ${path} cannot be used. ${reason} Put Paysera's public key there, or leave ` +
        'callbacks.publicKeyFile out: then it is fetched.',
      error,
    );
  }
  return { current: key, renewed: () => Promise.resolve(null), stop: () => Promise.resolve() };
}

interface FetchedKeyOptions {
  /** The origin of the API, such as `https://wallet.paysera.com`. */
  readonly origin: string;
  /** File in which the key is kept over a restart. */
  readonly keptIn: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The longest wait for the key, in milliseconds. */
const deadlineMs = 5000;
/** Least time between two requests for the key, in milliseconds: while there is none, and while there is one. */
const retryAfterMs = 15_000;
const renewAfterMs = 600_000;

/**
 * The key from the API's own host, kept over a restart. It is fetched when there is none, and again when a signature does
 * not fit, because the key may have been changed; whoever sends forged callbacks causes one request in ten minutes.
 */
export function keyFromHost(options: FetchedKeyOptions): KeySource {
  return new FetchedKey(options);
}

class FetchedKey implements KeySource {
  readonly #options: FetchedKeyOptions;
  readonly #address: string;
  readonly #abort = new AbortController();
  #current: PublicKey | null;
  #askedAt: number | null = null;
  #asking: Promise<PublicKey | null> | null = null;

  constructor(options: FetchedKeyOptions) {
    this.#options = options;
    this.#address = `${options.origin}/publickey`;
    this.#current = readKeptKey(options.keptIn, this.#address, options.log);
    // Nobody waits for it: the terminal serves without callbacks too.
    if (!this.#current) void this.renewed();
  }

  get current(): PublicKey | null {
    return this.#current;
  }

  renewed(): Promise<PublicKey | null> {
    if (this.#asking) return this.#asking;
    const now = this.#options.clock.monotonic();
    const pause = this.#current ? renewAfterMs : retryAfterMs;
    if (this.#abort.signal.aborted || (this.#askedAt !== null && now - this.#askedAt < pause)) {
      return Promise.resolve(null);
    }
    this.#askedAt = now;
    this.#asking = this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#asking;
  }

  async #ask(): Promise<PublicKey | null> {
    const { clock, log, keptIn } = this.#options;
    const before = this.#current;
    try {
      const key = await fetchKey({ address: this.#address, clock, deadlineMs, signal: this.#abort.signal });
      if (key.fingerprint === before?.fingerprint) return null;
      log.info('The API has given its public key for callbacks.', { fingerprint: key.fingerprint });
      keepKey(keptIn, this.#address, { key, log });
      this.#current = key;
      return key;
    } catch (error) {
      if (this.#abort.signal.aborted) return null;
      log.warn(
        "The API's public key for callbacks could not be fetched. It is asked for again with a later callback.",
        {
          address: this.#address,
          error: error instanceof Error ? error.message : String(error),
        },
      );
      return null;
    }
  }
}
