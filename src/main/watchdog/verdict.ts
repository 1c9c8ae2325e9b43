/** What is known of the terminal when the watchdog asks; times are milliseconds of one monotonic clock. */
export interface Signs {
  readonly now: number;
  readonly startedAt: number;
  /** When a screen last showed what the core says, and said so; null when none ever did. */
  readonly screenAt: number | null;
  /** Why the core could not answer just now; null when it did. */
  readonly coreProblem: string | null;
}

/** How long a screen may be silent, in milliseconds. */
export interface Patience {
  /** From the start to its first sign: a browser on a small board, with cold storage. */
  readonly firstSignWithinMs: number;
  /** From one sign to the next. Whoever keeps the screen tries for 24 s to bring it back (src/main/chromium/keep.ts). */
  readonly nextSignWithinMs: number;
}

export const usualPatience: Patience = { firstSignWithinMs: 90_000, nextSignWithinMs: 35_000 };

/** Whether the terminal is well, or what is wrong with it: a code, and a sentence for the log. */
export type Verdict =
  | { readonly well: true }
  | {
      readonly well: false;
      readonly code: 'core_failing' | 'screen_never_came' | 'screen_silent';
      readonly sentence: string;
    };

const well: Verdict = { well: true };

/**
 * Whether the service manager may be told that the terminal lives. Only a whole round trip counts: from the core to a
 * screen, onto its glass, and back (hardware.md 4.5). `patience` is null where there is no screen to wait for.
 */
export function verdictOf({ now, startedAt, screenAt, coreProblem }: Signs, patience: Patience | null): Verdict {
  if (coreProblem !== null) {
    return { well: false, code: 'core_failing', sentence: `The core does not answer (${coreProblem}).` };
  }
  if (patience === null) return well;
  if (screenAt === null) {
    if (now - startedAt <= patience.firstSignWithinMs) return well;
    return { well: false, code: 'screen_never_came', sentence: 'No screen has shown anything since the start.' };
  }
  if (now - screenAt <= patience.nextSignWithinMs) return well;
  return { well: false, code: 'screen_silent', sentence: 'The screen does not show any more what the core says.' };
}
