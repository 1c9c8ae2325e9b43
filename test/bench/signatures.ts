import { randomBytes } from 'node:crypto';
import { authorization, createNonce, extOf } from '../../src/main/adapters/wallet/sign.ts';

interface SignatureBench {
  /** Signatures in each run. */
  readonly count?: number;
  readonly runs?: number;
}

/**
 * Signatures a second, the median of several runs after one to warm up. One signature is all that one request needs:
 * nonce, body hash, ext and header of a POST with a typical body.
 */
export function measureSignaturesPerSecond({ count = 20_000, runs = 5 }: SignatureBench = {}): number {
  const body = Buffer.from(JSON.stringify({ transaction_key: 'Pu5CPePCkm3TJPlkcbcshzkIlxeLU3WR' }));
  const key = (): string => 'IrdTc8uQodU7PRpLzzLTW6wqZAO6tAMU';

  const run = (): number => {
    const startedAt = performance.now();
    for (let index = 0; index < count; index += 1) {
      authorization('wkVd93h2uS', key, {
        timestamp: 1_343_811_600 + index,
        nonce: createNonce(randomBytes),
        method: 'POST',
        uri: '/rest/v1/spot/1/order',
        host: 'wallet.paysera.com',
        port: 443,
        ext: extOf(body, { projectId: 77, locationId: 3 }),
      });
    }
    return count / ((performance.now() - startedAt) / 1000);
  };

  run();
  const results = Array.from({ length: runs }, run).sort((left, right) => left - right);
  return results[Math.floor(results.length / 2)] ?? 0;
}
