import { displayContent } from '../core/display/content.ts';
import type { LinkEvent } from '../core/link/link.ts';
import type { Clock } from '../ports/clock.ts';
import type { DisplayPort } from '../ports/display.ts';
import type { Log } from '../ports/log.ts';
import type { ScreenSession } from '../../shared/contract.ts';
import { DisplayKeeper } from './display.ts';

/** A display of the configuration. */
export interface ConfiguredDisplay {
  readonly display: DisplayPort;
  /** 0 to 100; left out: as it is. */
  readonly brightness?: number | undefined;
}

interface DisplaysOptions {
  readonly displays: readonly ConfiguredDisplay[];
  readonly clock: Clock;
  readonly log: Log;
  /** What a customer may see. */
  readonly session: ScreenSession;
  readonly onLink: (event: LinkEvent) => void;
}

/** Keeps every display showing what the customer screen shows. Gives its stop, after which they are dark. */
export function keepDisplays({ displays, clock, log, session, onLink }: DisplaysOptions): () => Promise<void> {
  const keepers = displays.map(({ display, brightness }) => {
    const onProblem: (problem: { code: string; message: string } | null) => void = (problem) => {
      // Printers have codes of the same names.
      const told = problem && { code: `display_${problem.code}`, message: problem.message };
      onLink({ type: 'display', name: display.name, problem: told });
    };
    return new DisplayKeeper({ display, brightness, clock, log, onProblem });
  });
  const show = () => {
    const content = displayContent(session.snapshot());
    for (const keeper of keepers) keeper.show(content);
  };
  const stop = session.subscribe(show);
  show();
  return async () => {
    stop();
    session.close();
    await Promise.all(keepers.map((keeper) => keeper.stop()));
  };
}
