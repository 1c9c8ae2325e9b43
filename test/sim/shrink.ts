import { playEvening, type Outcome } from './evening.ts';

/** More tries than a person wants to wait for. */
const mostTries = 150;

/**
 * Leaves out, piece by piece, what went wrong and what people did, as long as the same invariant breaks: what remains is
 * what it takes. Gives the last failing run, with its trace.
 */
export async function shrink(failed: Outcome): Promise<Outcome> {
  const invariant = failed.violation?.invariant;
  let left = new Set<string>();
  let best = failed;
  let tries = 0;
  const stillFails = async (without: ReadonlySet<string>): Promise<Outcome | undefined> => {
    tries += 1;
    const outcome = await playEvening({ seed: failed.seed, left: without });
    return outcome.violation?.invariant === invariant ? outcome : undefined;
  };
  for (let size = Math.ceil(best.happened.length / 2); size >= 1 && tries < mostTries; size = Math.floor(size / 2)) {
    for (let start = 0; start < best.happened.length && tries < mostTries;) {
      const without = new Set([...left, ...best.happened.slice(start, start + size)]);
      const outcome = await stillFails(without);
      if (outcome) {
        left = without;
        best = outcome;
      } else start += size;
    }
  }
  return playEvening({ seed: failed.seed, left, keepTrace: true });
}
