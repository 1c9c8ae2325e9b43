/**
 * Waits that survive a clock that jumps. Moments are journaled by the clock at hand, and before the API has answered
 * that clock may be days off in either direction; corrected, it must neither end things early nor strand them.
 */

/** No wait of the core is longer, in milliseconds: a moment further ahead was written by a clock that was ahead. */
const longestWaitMs = 1_200_000;

/** Whether a moment to wait for has come, or lies further ahead than any wait reaches. */
export function isDue(moment: number, at: number): boolean {
  return moment <= at || moment > at + longestWaitMs;
}

/** When to look at a moment: now, if it is due in either way. */
export function lookAt(moment: number, at: number): number {
  return isDue(moment, at) ? at : moment;
}
