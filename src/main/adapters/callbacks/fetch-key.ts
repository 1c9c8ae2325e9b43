import { Agent, request } from 'undici';
import type { Clock } from '../../ports/clock.ts';
import { readPublicKey, type PublicKey } from './signature.ts';

/** How the key is asked for. */
export interface KeyRequest {
  /** Where it is, such as `https://wallet.paysera.com/publickey`. */
  readonly address: string;
  readonly clock: Clock;
  /** For the whole request, in milliseconds. */
  readonly deadlineMs: number;
  /** Ends it before. */
  readonly signal: AbortSignal;
}

const largestAnswer = 16 * 1024;

/**
 * Asks the API's own host for its public key, once. Redirects are not followed: a key from elsewhere would let elsewhere
 * speak for the API.
 * @throws RangeError with a sentence that says why there is no key
 */
export async function fetchKey({ address, clock, deadlineMs, signal }: KeyRequest): Promise<PublicKey> {
  const agent = new Agent({ maxResponseSize: largestAnswer, connect: { rejectUnauthorized: true } });
  const deadline = new AbortController();
  const cancel = clock.after(deadlineMs, () => {
    deadline.abort(new RangeError(`It did not come within ${deadlineMs} ms.`));
  });
  try {
    const { statusCode, body } = await request(address, {
      dispatcher: agent,
      signal: AbortSignal.any([signal, deadline.signal]),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const text = await body.text();
    if (statusCode !== 200) throw new RangeError(`It was answered with HTTP status ${statusCode}.`);
    return readPublicKey(text);
  } finally {
    cancel();
    await agent.destroy();
  }
}
