import { showingOf, testShowing } from '../core/display/showing.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import type { DisplayPort } from '../ports/display.ts';
import type { Log } from '../ports/log.ts';
import { DisplayKeeper } from './display.ts';
import type { Publisher } from './publisher.ts';

interface DisplaysOptions {
  readonly displays: readonly DisplayPort[];
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly log: Log;
}

/** The displays, kept. */
export interface KeptDisplays {
  /**
   * Shows on one of them, instead of the present state, what nobody takes for a bill; ends by itself, and at once when there is something to
   * pay. False when there is no such display, or when the present state must not be covered.
   */
  showTest(name: string, forMs: number): boolean;
  /** Takes everything off them and ends it. */
  stop(): Promise<void>;
}

/**
 * Has every configured QR display show the present state, from the start on, and tells staff how each is doing. Gives what
 * takes everything off them and ends it.
 */
export function keepDisplays({ displays, publisher, clock, log }: DisplaysOptions): KeptDisplays {
  const keepers = displays.map((display) => {
    const { name } = display;
    publisher.linkChanged({ type: 'display', name, problem: 'unknown' });
    const onProblem = (problem: { code: string; message: string } | null) => {
      publisher.linkChanged({ type: 'display', name, problem });
    };
    const onHeard = () => {
      publisher.heard(`display:${name}`);
    };
    return { name, keeper: new DisplayKeeper({ display, clock, log, onProblem, onHeard }) };
  });
  const tests = new Map<string, Stop>();
  const showAll = () => {
    const snapshot = publisher.snapshot();
    if (!mayBeCovered(snapshot)) endTests();
    const showing = showingOf(snapshot);
    for (const { name, keeper } of keepers) if (!tests.has(name)) keeper.show(showing);
  };
  const endTests = () => {
    for (const stop of tests.values()) stop();
    tests.clear();
  };
  const stopFollowing = keepers.length > 0 ? publisher.onChange(showAll) : () => undefined;
  if (keepers.length > 0) showAll();
  return {
    showTest(name, forMs) {
      const found = keepers.find((each) => each.name === name);
      const snapshot = publisher.snapshot();
      if (!found || !mayBeCovered(snapshot)) return false;
      tests.get(name)?.();
      const end = clock.after(forMs, () => {
        tests.delete(name);
        showAll();
      });
      tests.set(name, end);
      found.keeper.show(testShowing(snapshot));
      return true;
    },
    async stop() {
      endTests();
      stopFollowing();
      await Promise.all(keepers.map(({ keeper }) => keeper.stop()));
    },
  };
}

/** Nobody looks for a bill, or for whether it was paid. */
function mayBeCovered({ customer }: Snapshot): boolean {
  return customer.view === 'idle' || customer.view === 'unavailable';
}
