import type { Clock } from '../../ports/clock.ts';
import type { PrinterProblem } from '../../ports/printer.ts';
import { TransportError, type Limit } from '../transport/transport.ts';
import type { Proof } from './commands.ts';
import { printerProblem, problemOfStatus, saysPaperOut } from './problems.ts';
import type { PrinterSession } from './session.ts';

/** A receipt as bytes, whole commands in each band. */
export interface Job {
  readonly bands: readonly Uint8Array[];
  /** What the bands ask for, in their order: all of it must come. */
  readonly proofs: readonly Proof[];
  /** Until it must be printed. */
  readonly milliseconds: number;
}

/** The printer itself told what keeps the receipt from being printed. */
export class PrinterTrouble extends Error {
  readonly problem: PrinterProblem;

  constructor(problem: PrinterProblem) {
    super(problem.message);
    this.name = 'PrinterTrouble';
    this.problem = problem;
  }
}

interface JobOptions {
  readonly session: PrinterSession;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** For an answer in real time. */
  readonly statusMs: number;
  /** Whether the printer answers in real time. */
  readonly realTimeStatus: boolean;
  /** Whether it may lose its power without the line's noticing. */
  readonly isBareLine: boolean;
  readonly onSent: () => void;
}

/** How often a printer that prints is asked how it is doing, in milliseconds. */
const askEveryMs = 250;

/**
 * Sends a job band by band and waits for its proof; between the bands and while it waits, the printer is asked how it is
 * doing, and what it tells by itself is heard. Ends as soon as something is wrong.
 * @throws PrinterTrouble, TransportError (`sent: 'nothing'` only when not a byte of the job has left)
 */
export async function carryOut(job: Job, options: JobOptions): Promise<void> {
  const { session, clock } = options;
  const endsAt = clock.monotonic() + job.milliseconds;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, over.signal]);
  const left = (): Limit => ({ milliseconds: Math.max(1, endsAt - clock.monotonic()), signal });
  const trouble = listen(session, signal);
  // Attached before the bytes leave: a fast printer answers while the write is still being reported.
  const proven = prove(session, job.proofs, left());
  proven.catch(() => undefined);
  try {
    await Promise.race([trouble, send(job, options, left)]);
    options.onSent();
    await Promise.race([trouble, waitFor(proven, options, left)]);
  } finally {
    over.abort();
  }
}

async function send({ bands }: Job, { session, realTimeStatus }: JobOptions, left: () => Limit): Promise<void> {
  for (const [index, band] of bands.entries()) {
    try {
      if (index > 0 && realTimeStatus) await lookAt(session, left());
      await session.send(band, left());
    } catch (error) {
      if (index === 0 || !(error instanceof TransportError)) throw error;
      throw new TransportError(error.code, error.message, { sent: 'something', cause: error });
    }
  }
}

/** Asks how the printer is doing. @throws PrinterTrouble, TransportError */
async function lookAt(session: PrinterSession, limit: Limit): Promise<void> {
  if (!(await session.isOffline(limit))) return;
  const problem = problemOfStatus(await session.status(limit));
  if (problem !== null) throw new PrinterTrouble(problem);
}

async function waitFor(proven: Promise<void>, options: JobOptions, left: () => Limit): Promise<void> {
  const { session, clock, statusMs, realTimeStatus } = options;
  const seen = { proof: false };
  const noted = proven.then(() => {
    seen.proof = true;
  });
  noted.catch(() => undefined);
  const isProven = (): boolean => seen.proof;
  let asked: Promise<void> = Promise.resolve();
  while (realTimeStatus && !isProven()) {
    await Promise.race([noted, pause(clock, Math.min(askEveryMs, statusMs))]);
    if (isProven() || session.isAsking) continue;
    asked = lookAt(session, left());
    // One that cannot be asked may still prove the receipt.
    await Promise.race([noted, asked.catch(ignoreSilence)]);
  }
  await noted;
  if (session.isAsking) await lastAnswer(asked, options);
}

/**
 * The proof has come while a question was not answered yet. Its answer is waited for: it must not pass for one to the next
 * question. On a line that does not show a loss of power, one that never comes means that the printer has started
 * anew in the middle, so that what is proven is but the end of the receipt.
 */
async function lastAnswer(asked: Promise<void>, { session, clock, statusMs, isBareLine }: JobOptions): Promise<void> {
  const answered = asked.then(
    () => true,
    () => true,
  );
  const inTime = await Promise.race([answered, pause(clock, statusMs).then(() => false)]);
  if (inTime) return;
  if (isBareLine) throw new TransportError('timeout', 'The printer forgot a question.', { sent: 'something' });
  await session.close();
}

function ignoreSilence(error: unknown): void {
  if (error instanceof PrinterTrouble) throw error;
}

function listen(session: PrinterSession, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = session.onTrouble((problem) => {
      reject(new PrinterTrouble(problem));
    });
    signal.addEventListener('abort', stop, { once: true });
  });
}

/** Waits for the proof. @throws PrinterTrouble when the answer itself tells of a problem, TransportError */
async function prove(session: PrinterSession, proofs: readonly Proof[], limit: Limit): Promise<void> {
  const ids = proofs.flatMap((proof) => (proof.kind === 'process_id' ? [proof.id] : []));
  const answers = proofs.filter(({ kind }) => kind === 'status').length;
  if (ids.length > 0) await session.printed(ids, limit);
  if (answers > 0 && saysPaperOut(await session.paperStatus(answers, limit))) {
    throw new PrinterTrouble(printerProblem('paper_out'));
  }
}

function pause(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
}
