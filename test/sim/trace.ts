import { createHash, type Hash } from 'node:crypto';
import type { Universe } from './universe.ts';

/** What happened in a run, in order: every line counts for the fingerprint, and is kept only when it is to be read. */
export class Trace {
  readonly #universe: Universe;
  readonly #keep: boolean;
  readonly #hash: Hash = createHash('sha256');
  readonly lines: string[] = [];

  constructor(universe: Universe, keep: boolean) {
    this.#universe = universe;
    this.#keep = keep;
  }

  tell(who: string, what: string): void {
    const seconds = (this.#universe.elapsed / 1000).toFixed(3).padStart(9);
    const line = `${seconds}  ${who.padEnd(9)} ${what}`;
    this.#hash.update(line);
    if (this.#keep) this.lines.push(line);
  }

  /** The same for two runs only if they were the same to the byte. */
  fingerprint(): string {
    return this.#hash.copy().digest('hex').slice(0, 16);
  }
}
