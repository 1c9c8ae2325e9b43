import { showingOf } from '../core/display/showing.ts';
import type { Clock } from '../ports/clock.ts';
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

/**
 * Has every configured QR display show the present state, from the start on, and tells staff how each is doing. Gives what
 * takes everything off them and ends it.
 */
export function keepDisplays({ displays, publisher, clock, log }: DisplaysOptions): () => Promise<void> {
  const keepers = displays.map((display) => {
    const { name } = display;
    publisher.linkChanged({ type: 'display', name, problem: 'unknown' });
    const onProblem = (problem: { code: string; message: string } | null) => {
      publisher.linkChanged({ type: 'display', name, problem });
    };
    return new DisplayKeeper({ display, clock, log, onProblem });
  });
  const showAll = () => {
    const showing = showingOf(publisher.snapshot());
    for (const keeper of keepers) keeper.show(showing);
  };
  const stopFollowing = keepers.length > 0 ? publisher.onChange(showAll) : () => undefined;
  if (keepers.length > 0) showAll();
  return async () => {
    stopFollowing();
    await Promise.all(keepers.map((keeper) => keeper.stop()));
  };
}
