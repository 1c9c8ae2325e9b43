import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { World } from '../../sandbox/world/world.ts';
import type { TerminalState } from '../../src/main/core/bill/state.ts';
import { openMs, ownTerminal } from '../bench/shop.ts';
import { Visitors } from '../bench/visitors.ts';
import { Api } from '../sim/api.ts';
import { Chance, Mischief } from '../sim/mischief.ts';
import { Network } from '../sim/network.ts';
import { Trace } from '../sim/trace.ts';
import { Universe } from '../sim/universe.ts';

/** How long and how busy. */
export interface Recording {
  readonly seed: number;
  readonly salesAnHour: number;
  readonly hours: number;
  /** The folder for the journal's files. */
  readonly into: string;
}

/** The files of a journal, by what follows its name. */
export const parts = ['', '-wal', '-head'] as const;

/** Copies the files of a journal as they are, also while it is being written. */
export function copyJournal(from: string, to: string): void {
  for (const part of parts) if (existsSync(from + part)) copyFileSync(from + part, to + part);
}

/**
 * Has the real terminal take payments for some hours of simulated time, and keeps its journal as a power cut would leave
 * it. Gives its path and the state that was committed last.
 */
export async function recorded({ seed, salesAnHour, hours, into }: Recording): Promise<{
  readonly path: string;
  readonly state: TerminalState;
}> {
  const universe = new Universe();
  const chance = new Chance(seed);
  const world = new World({ now: () => universe.now(), chance: () => chance.draw('world'), users: 12 });
  const merchant = { macId: 'merchant', macKey: 'a key of the recording' };
  const common = {
    universe,
    chance,
    mischief: new Mischief(chance, new Set(), () => undefined),
    trace: new Trace(universe, false),
  };
  const quiet = () => undefined;
  const traffic = { onSent: quiet, onNotSent: quiet, onAnswer: quiet };
  const api = new Api(world, merchant);
  const network = new Network({ ...common, api, trouble: 0, latency: [50, 50], traffic });
  const closes = openMs + hours * 3_600_000;
  const visitors = new Visitors({ universe, chance, world, salesAnHour, opens: openMs, closes });
  const process = ownTerminal({ ...common, world, network, merchant, visitors });
  await universe.runUntil(closes);
  const path = join(into, 'journal.db');
  copyJournal(process.journalPath, path);
  const { state } = process;
  process.remove();
  if (!state) throw new Error('Nothing was recorded.');
  return { path, state };
}
