import type { Turn } from '../turn.ts';
import type { SpotState } from './state.ts';

/** Done with, and not to be looked at again for as long as it may be listed. */
export function remember(turn: Turn, key: string): void {
  const { past } = turn.state.spot;
  if (!(key in past)) turn.setSpot({ past: { ...past, [key]: turn.revision } });
}

/**
 * What must still be remembered after a reading that was asked for at revision `asOf` and listed these keys: what is
 * listed, and what was forgotten only after the question.
 */
export function stillPast({ past }: SpotState, keys: readonly string[], asOf: number): SpotState['past'] {
  return Object.fromEntries(Object.entries(past).filter(([key, revision]) => keys.includes(key) || revision > asOf));
}
