import { refusal, type Answer } from '../../shared/contract.ts';
import type { Role } from '../../shared/roles.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { Loop } from './loop.ts';

interface PinDeskOptions {
  /** Whose PIN this is; undefined: nobody's. Left out when no PIN is configured. */
  readonly roleOf: ((pin: string) => Promise<Role | undefined>) | undefined;
  readonly loop: Loop;
  readonly clock: Clock;
  readonly lockOutMs: number;
}

/** Where PINs are tried. */
export interface PinDesk {
  /** Whose PIN it is, or why not. */
  readonly attempt: (pin: string) => Promise<Role | Answer>;
  readonly stop: Stop;
}

const lockedOut = () => refusal('pin_locked', 'Too many wrong tries. Wait until the PIN can be tried again.');

/**
 * Tries PINs, one at a time, so that many at once do not slip past the counting; wrong ones are counted in the journal. A lock-out lasts
 * for so long of this process's own time: no clock that is put forward ends it, and a restart begins it anew.
 */
export function openPinDesk({ roleOf, loop, clock, lockOutMs }: PinDeskOptions): PinDesk {
  let turn: Promise<unknown> = Promise.resolve();
  let stopWait: Stop = () => undefined;
  const isLockedOut = () => loop.state.pin.lockedUntil > 0;
  const wait = () => {
    stopWait();
    stopWait = clock.after(lockOutMs, () => {
      loop.dispatch({ type: 'pinLockOver' });
    });
  };
  if (isLockedOut()) wait();

  const attempt = async (pin: string): Promise<Role | Answer> => {
    if (!roleOf) return refusal('wrong_pin', 'No PIN is set. Put one into the configuration with npm run -s pin.');
    if (isLockedOut()) return lockedOut();
    const role = await roleOf(pin);
    loop.dispatch({ type: 'pinTried', right: role !== undefined });
    if (role !== undefined) return role;
    if (!isLockedOut()) return refusal('wrong_pin', 'This PIN is nobody’s. Try again.');
    wait();
    return lockedOut();
  };
  return {
    attempt: (pin) => {
      const next = turn.then(() => attempt(pin));
      turn = next.catch(() => undefined);
      return next;
    },
    stop: () => {
      stopWait();
    },
  };
}
