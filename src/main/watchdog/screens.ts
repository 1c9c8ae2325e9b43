import type { ScreenSession } from '../../shared/contract.ts';
import type { Clock } from '../ports/clock.ts';
import type { ScreenDesk } from '../ports/terminal.ts';

/** A desk that notes round trips, and when the last one was. */
export interface WatchedDesk {
  readonly desk: ScreenDesk;
  /** Monotonic milliseconds; null when there was none yet. */
  readonly lastRoundTrip: () => number | null;
}

/**
 * Looks over the shoulder of a desk. A screen that gets no answer hangs up, and whoever watches a screen asks again only
 * when the first answer was on the glass (src/main/chromium/probe.ts): so the second question of a session says that the
 * first was answered, and that the page is not stuck. The first, which each screen asks when it connects, proves nothing.
 */
export function watchScreens(desk: ScreenDesk, clock: Clock): WatchedDesk {
  let last: number | null = null;

  function watched(session: ScreenSession): ScreenSession {
    let asked = false;
    return {
      intent: (name, input) => session.intent(name, input),
      admin: (name, input) => session.admin(name, input),
      subscribe: (callback) => session.subscribe(callback),
      snapshot() {
        if (asked) last = clock.monotonic();
        asked = true;
        return session.snapshot();
      },
      close: () => {
        session.close();
      },
    };
  }

  return { desk: { openSession: () => watched(desk.openSession()) }, lastRoundTrip: () => last };
}
