/** When the screen's page was lost, milliseconds of a monotonic clock, oldest first; only the last minute's. */
export interface Losses {
  readonly at: readonly number[];
}

/** What to do about a lost page. `exit`: the service manager starts the terminal anew, which is all that is left. */
export type Remedy =
  | { readonly do: 'reload'; readonly afterMs: number }
  | { readonly do: 'recreate'; readonly afterMs: number }
  | { readonly do: 'exit' };

export const noLosses: Losses = { at: [] };

/** Losses further back than this are forgotten, milliseconds. */
const memoryMs = 60_000;
/** That many losses in a minute ask for a new window, and that many for a new process (hardware.md 4.5). */
const enoughToRecreate = 3;
const enoughToExit = 5;
/** The first wait, milliseconds; each loss within the minute doubles it. */
const firstWaitMs = 250;

/** Notes one more loss and says what to do about it. */
export function afterLoss(losses: Losses, now: number): { readonly losses: Losses; readonly remedy: Remedy } {
  const at = [...losses.at.filter((earlier) => now - earlier < memoryMs), now];
  if (at.length >= enoughToExit) return { losses: { at }, remedy: { do: 'exit' } };
  const afterMs = firstWaitMs * 2 ** (at.length - 1);
  return { losses: { at }, remedy: { do: at.length >= enoughToRecreate ? 'recreate' : 'reload', afterMs } };
}
