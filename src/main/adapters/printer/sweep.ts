import type { Clock } from '../../ports/clock.ts';
import type { Limit } from '../transport/transport.ts';
import type { Command, Proof } from './commands.ts';
import { question } from './compose.ts';
import { encode } from './encode.ts';
import type { Profile } from './profile.ts';
import type { PrinterSession } from './session.ts';

/** What an earlier job, or an earlier process, may have left in the printer. */
export interface Leftover {
  /** The longest command that may be incomplete. */
  readonly bytes: number;
  /** Whether part of a receipt may be on the paper. */
  readonly paper: boolean;
  /** Answers to `GS r` that may still come. */
  readonly answers: number;
}

/** Of a process that ended nobody knows where. */
export const unknownLeftover: Leftover = { bytes: 256, paper: false, answers: 1 };
/** Nothing is under way any more on a line that was quiet for so many milliseconds. */
export const quietMs = 50;

interface SweepOptions {
  readonly session: PrinterSession;
  readonly clock: Clock;
  readonly profile: Profile;
  /** What tells, on a bare line, that the printer is done with all that came before. */
  readonly mark: Proof | null;
  readonly statusMs: number;
}

/**
 * Clears away what an earlier job may have left in the printer: half a command, which zeros complete; half a receipt, which
 * must not stand on one paper with the next; on a bare line also answers to come, of which the last one is waited for.
 * @throws TransportError
 */
export async function sweep(leftover: Leftover, options: SweepOptions, limit: Limit): Promise<void> {
  const { session, profile, mark } = options;
  const initialise: Command = { type: 'initialise', multiByteOff: profile.multiByteOff };
  const cut: readonly Command[] = leftover.paper ? [{ type: 'cut', cutter: profile.cutter }] : [];
  const commands = [initialise, ...cut, ...(mark ? question(mark) : [])];
  const answered = lastAnswer(leftover, options, limit);
  answered.catch(() => undefined);
  await session.send(Buffer.concat([Buffer.alloc(leftover.bytes), encode(commands)]), limit);
  await answered;
}

async function lastAnswer({ answers }: Leftover, options: SweepOptions, limit: Limit): Promise<void> {
  const { session, mark } = options;
  if (mark?.kind === 'process_id') await session.printed([mark.id], limit);
  if (mark?.kind !== 'status') return;
  // Answers to GS r cannot be told apart, only counted; those that a loss of power has taken never come.
  const all = session.paperStatus(answers + 1, limit).then(() => true);
  const before = session.answersHeard;
  for (let heard = -1; heard !== session.answersHeard || heard === before;) {
    heard = session.answersHeard;
    if (await Promise.race([all, pause(options).then(() => false)])) break;
  }
  await session.quiet(quietMs, limit);
}

function pause({ clock, statusMs }: SweepOptions): Promise<void> {
  return new Promise((resolve) => {
    clock.after(statusMs, resolve);
  });
}
