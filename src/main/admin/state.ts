import { statfsSync, statSync } from 'node:fs';
import { freemem, release, type as kernel, uptime } from 'node:os';
import { join } from 'node:path';
import type { AdminOutput } from '../../shared/admin.ts';
import type { ServiceDesk } from '../ports/admin.ts';
import type { Clock } from '../ports/clock.ts';
import type { Returned } from '../settings-trial.ts';

interface StateParts {
  readonly clock: Clock;
  readonly service: () => ServiceDesk;
  readonly dataFolder: string;
  readonly machineOffsetMs: () => number;
  readonly version: string;
  /** What was changed and taken back, if so. */
  readonly returned: () => Returned | null;
}

/** Everything at a glance. */
export function terminalState({ clock, service, dataFolder, machineOffsetMs, version, returned }: StateParts) {
  return (): AdminOutput<'terminalState'> => ({
    at: clock.now(),
    standings: [...service().standings()],
    machine: {
      uptime: Math.floor(process.uptime()),
      machineUptime: Math.floor(uptime()),
      memory: process.memoryUsage.rss(),
      memoryFree: freemem(),
      diskFree: freeOn(dataFolder),
      journalBytes: sizeOf(join(dataFolder, 'journal.db')) + sizeOf(join(dataFolder, 'journal.db-wal')),
      clockOffset: Math.round(machineOffsetMs()),
      system: `${kernel()} ${release()}`,
      program: `${version}, Node ${process.versions.node}`,
    },
    returned: returned(),
  });
}

function freeOn(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // A disk that is gone has its own health; here it only says nothing.
    return null;
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
