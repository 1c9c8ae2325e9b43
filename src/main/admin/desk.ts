import { AdminError, type AdminDesk } from '../ports/admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** What the admin screen works on. */
export interface AdminParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a restart would disturb nobody. */
  readonly isAtRest: () => boolean;
  /** Ends this process in order and has it started again. */
  readonly restart: () => void;
}

/** The answer goes out before the terminal ends, milliseconds. */
const restartAfterMs = 300;

/** What answers the admin screen: one entry for each request, each made in a file of its own. */
export function createAdminDesk({ clock, log, isAtRest, restart }: AdminParts): AdminDesk {
  return {
    restartTerminal: ({ anyway }) => {
      if (!anyway && !isAtRest()) {
        throw new AdminError('in_use', 'Somebody is paying or a bill is open. Wait until the spot is free.');
      }
      log.info('The terminal is restarted from its screen.');
      clock.after(restartAfterMs, restart);
      return {};
    },
  };
}
