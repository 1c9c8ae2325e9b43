import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { AdminOutput } from '../../shared/admin.ts';
import type { Configuration } from '../config.ts';
import type { Finding } from '../doctor/finding.ts';
import { AdminError, type AdminDesk } from '../ports/admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { JournalPort } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import { sticks } from '../setup/media.ts';
import { makeBundle, withoutSecrets } from '../support/bundle.ts';
import { nameOf, placeBundle } from '../support/place.ts';
import { version } from '../version.ts';
import { newestBills } from './journal.ts';
import { lifeOf } from './life.ts';

interface SupportParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly configuration: Configuration;
  /** Of the configuration. */
  readonly path: string;
  readonly journal: JournalPort;
  readonly logLines: () => readonly string[];
  readonly state: () => AdminOutput<'terminalState'>;
  readonly examine: () => Promise<readonly Finding[]>;
}

/** Bills whose lives go into a bundle. */
const mostLives = 25;

/** Gathers a support bundle and puts it where a technician can take it along. */
export function supportDesk(parts: SupportParts): Pick<AdminDesk, 'saveSupport'> {
  const { clock, log, configuration } = parts;
  return {
    saveSupport: async () => {
      const findings = await parts.examine();
      const bundle = makeBundle({
        about: about(configuration, clock.now()),
        state: parts.state(),
        findings,
        configuration: withoutSecrets(read(parts.path)),
        lives: livesIn(parts.journal),
        logLines: parts.logLines(),
      });
      const name = nameOf(configuration.terminal.name, clock.now());
      const folder = join(configuration.terminal.dataFolder, 'support');
      try {
        const placed = placeBundle({ bundle, name, sticks: sticks(), folder });
        log.info('A support bundle was written.', { file: placed.file, bytes: bundle.length });
        return { ...placed, bytes: bundle.length };
      } catch (error) {
        throw new AdminError(
          'support_unwritable',
          `The support bundle could neither be written to a stick nor to ${folder}. Put another stick in, or make room on the disk.`,
          { cause: error },
        );
      }
    },
  };
}

function about({ terminal, spot }: Configuration, now: number): object {
  return {
    terminal: terminal.name,
    spot,
    made: new Date(now).toISOString(),
    version,
    program: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    processors: cpus().map(({ model }) => model),
    memoryBytes: totalmem(),
  };
}

/** Its text as it is; where it cannot be read any more, why. */
function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) };
  }
}

function livesIn(journal: JournalPort): Record<string, string> {
  const lives = newestBills(journal)
    .slice(0, mostLives)
    .map(({ id }) => [id, `${[...lifeOf(id, journal.life(id))].join('\n')}\n`]);
  return Object.fromEntries(lives) as Record<string, string>;
}
