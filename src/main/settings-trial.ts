import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { z } from 'zod';
import { replace } from './adapters/setup/install.ts';
import type { Clock, Stop } from './ports/clock.ts';
import type { ServiceDesk } from './ports/admin.ts';
import type { Log } from './ports/log.ts';

/**
 * New settings are on trial until the terminal was well with them; when it is not, those before come back by themselves. Beside the
 * configuration lie, meanwhile, `.previous` (what to go back to) and `.trial` (how far the trial is); `.returned` says, until settings
 * are saved again, that and why they came back.
 */

/** How long the terminal has to become well with new settings, milliseconds. */
export const trialMs = 90_000;
/** Starts that a trial may take: more means that the terminal does not come up. */
const mostStarts = 3;
const lookEveryMs = 1_000;

const trialSchema = z.strictObject({
  /** Milliseconds since 1970. */
  savedAt: z.int(),
  starts: z.int(),
  /** What was well before, by part and name, and must be again. */
  well: z.array(z.string()),
});
type Trial = z.infer<typeof trialSchema>;

const returnedSchema = z.strictObject({ at: z.int(), why: z.string() });
/** When settings came back, in milliseconds since 1970, and a sentence that says why. */
export type Returned = z.infer<typeof returnedSchema>;

const previousOf = (path: string) => `${path}.previous`;
const trialOf = (path: string) => `${path}.trial`;
const returnedOf = (path: string) => `${path}.returned`;

/** What of a terminal is well: what must be well again with other settings. */
export function wellParts(service: Pick<ServiceDesk, 'standings' | 'serves'>): readonly string[] {
  const parts = service.standings().filter(({ status }) => status === 'ok');
  return [...parts.map(keyOf), ...(service.serves() ? ['serves'] : [])];
}

function keyOf({ part, name }: { readonly part: string; readonly name?: string | undefined }): string {
  return name === undefined ? part : `${part}:${name}`;
}

/**
 * Puts a new configuration in its place, on trial. The order lets the power go at any moment: what is not begun is not there, and what is
 * begun leads back.
 * @param trial.well what must be well again; leave out what the change takes away
 * @throws Error of the file system
 */
export function saveOnTrial(path: string, text: string, trial: Omit<Trial, 'starts'>): void {
  const mode = statSync(path).mode & 0o777;
  // What is on trial itself is nothing to go back to.
  if (!existsSync(trialOf(path))) replace(previousOf(path), readFileSync(path, 'utf8'), mode);
  replace(trialOf(path), JSON.stringify({ ...trial, starts: 0 }), 0o600);
  rmSync(returnedOf(path), { force: true });
  replace(path, text, mode);
}

/** Why settings that were changed have come back; null when they have not. */
export function returnedSettings(path: string): Returned | null {
  return read(returnedOf(path), returnedSchema);
}

/** The terminal did not start with new settings; those before are back, so another start makes sense. */
export class SettingsReturnedError extends Error {
  readonly code = 'settings_returned';
}

/**
 * Starts a terminal from the configuration at `path`. New settings with which it does not start, or did not come up several times, are
 * taken back.
 * @throws SettingsReturnedError when they were, just now
 */
export async function startOnTrial<Value>(path: string, start: () => Value | Promise<Value>): Promise<Value> {
  const trial = read(trialOf(path), trialSchema);
  if (trial && trial.starts >= mostStarts) {
    giveBack(path, { at: Date.now(), why: 'The terminal did not come up with the new settings.' });
  } else if (trial) {
    replace(trialOf(path), JSON.stringify({ ...trial, starts: trial.starts + 1 }), 0o600);
  }
  try {
    return await start();
  } catch (error) {
    if (!existsSync(trialOf(path))) throw error;
    const why = `The terminal did not start with the new settings: ${error instanceof Error ? error.message : String(error)}`;
    giveBack(path, { at: Date.now(), why });
    throw new SettingsReturnedError(`${why} Those before are back.`, { cause: error });
  }
}

interface WatchOptions {
  readonly path: string;
  readonly service: Pick<ServiceDesk, 'standings' | 'serves'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly restart: () => void;
}

/** Watches a terminal that runs on trial: keeps the settings once it is well, and gives the old ones back when it is not in time. */
export function watchTrial({ path, service, clock, log, restart }: WatchOptions): Stop {
  const trial = read(trialOf(path), trialSchema);
  if (!trial) return () => undefined;
  const endsAt = clock.monotonic() + trialMs;
  let timer: Stop = () => undefined;
  const look = (): void => {
    const now = wellParts(service);
    const missing = trial.well.filter((part) => !now.includes(part));
    if (missing.length === 0) {
      rmSync(trialOf(path), { force: true });
      log.info('The terminal is well with its new settings: they stay.');
    } else if (clock.monotonic() >= endsAt) {
      giveBack(path, { at: clock.now(), why: `Not well with the new settings: ${missing.join(', ')}.` });
      log.warn('The terminal is not well with its new settings; those before are back.', { missing });
      restart();
    } else {
      timer = clock.after(lookEveryMs, look);
    }
  };
  timer = clock.after(lookEveryMs, look);
  return () => {
    timer();
  };
}

function giveBack(path: string, returned: Returned): void {
  replace(returnedOf(path), JSON.stringify(returned), 0o600);
  replace(path, readFileSync(previousOf(path), 'utf8'), statSync(previousOf(path)).mode & 0o777);
  rmSync(trialOf(path), { force: true });
}

/** A small file of ours; null when it is not there or, after a power cut, not whole. */
function read<Value>(path: string, schema: z.ZodType<Value>): Value | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
