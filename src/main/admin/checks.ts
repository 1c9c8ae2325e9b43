import type { AdminDesk } from '../ports/admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Finding } from '../doctor/doctor.ts';

interface CheckParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Looks at everything, telling each finding as soon as it is there. */
  readonly examine: (onFinding: (finding: Finding) => void) => Promise<unknown>;
}

/** The live checks, in the background and one run at a time. */
export function checkDesk({ clock, log, examine }: CheckParts): Pick<AdminDesk, 'checks'> {
  let findings: Finding[] = [];
  let checking = false;
  let endedAt: number | null = null;

  function begin(): void {
    const found: Finding[] = [];
    findings = found;
    checking = true;
    endedAt = null;
    examine((finding) => found.push(finding))
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
      if (input.begin && !checking) begin();
      return { findings: [...findings], checking, endedAt };
    },
  };
}
