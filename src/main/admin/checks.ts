import type { AdminInput } from '../../shared/admin.ts';
import type { AdminDesk } from '../ports/admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Finding } from '../doctor/doctor.ts';

/** Of the page that asks, in device pixels. */
type Screen = AdminInput<'checks'>['screen'];

interface CheckParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Looks at everything, telling each finding as soon as it is there. */
  readonly examine: (screen: Screen, onFinding: (finding: Finding) => void) => Promise<unknown>;
}

/** The live checks, in the background and one run at a time. */
export function checkDesk({ clock, log, examine }: CheckParts): Pick<AdminDesk, 'checks'> {
  let findings: Finding[] = [];
  let checking = false;
  let endedAt: number | null = null;

  function begin(screen: Screen): void {
    const found: Finding[] = [];
    findings = found;
    checking = true;
    endedAt = null;
    examine(screen, (finding) => found.push(finding))
      .catch((error: unknown) => {
        log.error('The checks ended before they were done.', { error: String(error) });
      })
      .finally(() => {
        checking = false;
        endedAt = clock.now();
      });
  }

  return {
    checks: (input) => {
      if (input.begin && !checking) begin(input.screen);
      return { findings: [...findings], checking, endedAt };
    },
  };
}
