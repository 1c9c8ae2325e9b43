import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { z } from 'zod';
import type { Log } from '../../ports/log.ts';
import { readPublicKey, type PublicKey } from './signature.ts';

/** What is kept of a key that was fetched: a key of another address is not used. */
const keptSchema = z.strictObject({ version: z.literal(1), address: z.string(), pem: z.string() });

const largestFile = 16 * 1024;

/**
 * The key that was fetched from that address before; null when there is none that can be trusted: the file must be ours
 * alone to write, and hold a right key of this address. Then the key is fetched anew.
 */
export function readKeptKey(path: string, address: string, log: Log): PublicKey | null {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > largestFile || (stats.mode & 0o022) !== 0) {
      log.warn('The kept key for callbacks may have been written by others and is not used. It is fetched anew.');
      return null;
    }
    const kept = keptSchema.parse(JSON.parse(readFileSync(descriptor, 'utf8')));
    return kept.address === address ? readPublicKey(kept.pem) : null;
  } catch (error) {
    log.warn('The kept key for callbacks cannot be read. It is fetched anew.', { error: String(error) });
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** Keeps a key for the next start; a disk that takes nothing only means that it is fetched again. */
export function keepKey(path: string, address: string, { key, log }: { key: PublicKey; log: Log }): void {
  const kept: z.infer<typeof keptSchema> = { version: 1, address, pem: key.pem };
  try {
    const descriptor = openSync(`${path}.new`, 'w', 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify(kept)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(`${path}.new`, path);
  } catch (error) {
    log.warn('The key for callbacks could not be kept. It is fetched again at the next start.', {
      error: String(error),
    });
  }
}
