import type { ReceiptDocument } from '../../core/receipt/document.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PrinterCheck, PrinterPort, PrinterProblem, PrintOutcome } from '../../ports/printer.ts';
import { TransportError, type Transport } from '../transport/transport.ts';
import { composeJob, newProof } from './compose.ts';
import { carryOut, PrinterTrouble, type Job } from './job.ts';
import { isNearEnd, printerProblem, problemOfLine, problemOfStatus } from './problems.ts';
import type { PaperStyle } from './layout.ts';
import { Roll } from './roll.ts';
import { PrinterSession } from './session.ts';
import { quietMs, sweep, unknownLeftover, type Leftover } from './sweep.ts';

export interface PrinterTimeouts {
  /** For one answer to a status question, in milliseconds. Printers answer these in real time, within a few. */
  readonly statusMs: number;
  /** For any job, in milliseconds; one that should take longer than a third of it gets three times its estimate. */
  readonly shortestJobMs: number;
  /** For the longest job. */
  readonly longestJobMs: number;
}

/** One second is far more than a status takes; ten let a small mishap be put right (hardware.md 6). */
export const usualPrinterTimeouts: PrinterTimeouts = { statusMs: 1_000, shortestJobMs: 10_000, longestJobMs: 30_000 };

export interface PrinterOptions {
  readonly style: PaperStyle;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeouts?: PrinterTimeouts;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** A receipt printer over any transport, on one connection that is kept as long as it lives. */
export function createPrinter(options: PrinterOptions): PrinterPort {
  return new ReceiptPrinter(options);
}

class ReceiptPrinter implements PrinterPort {
  readonly #options: PrinterOptions;
  readonly #timeouts: PrinterTimeouts;
  readonly #stopping = new AbortController();
  #session: PrinterSession | undefined;
  /** Calls are made one after another, whatever the caller does: two jobs at once would mix on the paper. */
  #last: Promise<unknown> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  readonly #roll = new Roll();
  #leftover: Leftover | null;

  constructor(options: PrinterOptions) {
    this.#options = options;
    this.#timeouts = options.timeouts ?? usualPrinterTimeouts;
    this.#leftover = options.transport.isBareLine === true ? unknownLeftover : null;
  }

  check(signal: AbortSignal): Promise<PrinterCheck> {
    return this.#inTurn(async () => {
      const problem = await this.#problem(this.#either(signal));
      if (problem !== null) return { ready: false, problem };
      if (!this.#roll.isNearEnd) return { ready: true };
      return { ready: true, paperLow: { receiptsLeft: this.#roll.receiptsLeft() } };
    });
  }

  print(document: ReceiptDocument, signal: AbortSignal, onSent: () => void = () => undefined): Promise<PrintOutcome> {
    return this.#inTurn(async () => {
      const either = this.#either(signal);
      const problem = (await this.#problem(either)) ?? (await this.#sweep(either));
      if (problem !== null || !this.#session) {
        return { outcome: 'failed', problem: problem ?? printerProblem('disconnected') };
      }
      const composed = this.#compose(document);
      if (!composed) return { outcome: 'failed', problem: composingFailed };
      const ended = await this.#carryOut(composed.job, this.#session, { signal: either, onSent });
      if (ended.outcome !== 'failed') this.#roll.used(composed.millimetres);
      return ended;
    });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    await this.#last;
    await this.#drop();
  }

  #inTurn<Value>(call: () => Promise<Value>): Promise<Value> {
    const done = this.#last.then(call);
    this.#last = done;
    return done;
  }

  #either(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#stopping.signal]);
  }

  /**
   * What keeps the printer from printing, or null. A connection that was kept may have died unnoticed, so when it does not answer
   * it is replaced by a new one, once, before anybody is bothered.
   */
  async #problem(signal: AbortSignal): Promise<PrinterProblem | null> {
    if (this.#session?.isOpen === true) {
      try {
        return await this.#ask(this.#session, signal);
      } catch (error) {
        this.#options.log.info('The kept connection to the receipt printer gave no answer.', { error: String(error) });
        await this.#drop();
        if (signal.aborted) return problemOfLine(error);
      }
    }
    try {
      return await this.#ask(await this.#connect(signal), signal);
    } catch (error) {
      this.#options.log.warn('The receipt printer cannot be asked.', { error: String(error) });
      await this.#drop();
      return problemOfLine(error);
    }
  }

  async #connect(signal: AbortSignal): Promise<PrinterSession> {
    const { transport, clock, log } = this.#options;
    if (signal.aborted) throw new TransportError('aborted', 'It was given up before it began.');
    const connection = await transport.open(signal);
    log.info('The receipt printer is connected.', { printer: transport.name });
    const session = new PrinterSession(connection, { clock, log });
    this.#session = session;
    if (transport.isBareLine === true) {
      await session.quiet(quietMs, { milliseconds: this.#timeouts.statusMs, signal });
    }
    return session;
  }

  async #ask(session: PrinterSession, signal: AbortSignal): Promise<PrinterProblem | null> {
    if (!this.#options.style.profile.realTimeStatus) return null;
    const status = await session.status({ milliseconds: this.#timeouts.statusMs, signal });
    if (this.#roll.sees(isNearEnd(status.paper))) {
      this.#options.log.warn('The roll in the receipt printer is nearly used up.');
    }
    return problemOfStatus(status);
  }

  /** What keeps an earlier job's leftover from being cleared away, or null. */
  async #sweep(signal: AbortSignal): Promise<PrinterProblem | null> {
    const [session, leftover] = [this.#session, this.#leftover];
    if (!session || leftover === null) return null;
    const { style, transport, clock, log } = this.#options;
    const { profile } = style;
    const mark = transport.isBareLine === true ? newProof(this.#options) : null;
    const { statusMs } = this.#timeouts;
    try {
      // Long enough for half a receipt to come out; what takes longer is asked for again.
      await sweep(leftover, { session, clock, profile, mark, statusMs }, { milliseconds: 3 * statusMs, signal });
      this.#leftover = null;
      return null;
    } catch (error) {
      log.info('The receipt printer is not done with what it got before.', { error: String(error) });
      this.#leftover = { ...leftover, answers: leftover.answers + 1 };
      // Nothing of the receipt itself has left.
      return (await this.#explain(session, signal)) ?? problemOfLine(error);
    }
  }

  #compose(document: ReceiptDocument): ReturnType<typeof composeJob> | undefined {
    try {
      return composeJob(document, { ...this.#options, timeouts: this.#timeouts });
    } catch (error) {
      // A mistake of ours or a profile that fits no paper: nothing has left.
      const fields = { receiptNumber: document.receiptNumber, error: String(error) };
      this.#options.log.error('A receipt could not be composed.', fields);
      return undefined;
    }
  }

  async #carryOut(
    job: Job,
    session: PrinterSession,
    { signal, onSent }: { readonly signal: AbortSignal; readonly onSent: () => void },
  ): Promise<PrintOutcome> {
    const { clock, log, style, transport } = this.#options;
    const { realTimeStatus } = style.profile;
    const isBareLine = transport.isBareLine === true;
    const common = { session, clock, signal, onSent, statusMs: this.#timeouts.statusMs };
    const heardBefore = session.answersHeard;
    log.debug('A receipt is sent to the printer.', { bands: job.bands.length });
    try {
      await carryOut(job, { ...common, realTimeStatus, isBareLine });
      return { outcome: 'printed', proof: job.proofs[0]?.kind ?? 'bytes' };
    } catch (error) {
      if (error instanceof TransportError && error.sent === 'nothing') {
        await this.#drop();
        return { outcome: 'failed', problem: problemOfLine(error) };
      }
      const asked = job.proofs.filter(({ kind }) => kind === 'status').length;
      const answers = Math.max(0, asked - (session.answersHeard - heardBefore));
      this.#leftover = { bytes: Math.max(...job.bands.map((band) => band.length)), paper: true, answers };
      const told = error instanceof PrinterTrouble ? error.problem : null;
      const explained = await this.#explain(session, signal, told);
      return { outcome: 'doubtful', problem: explained ?? problemAfterSending(error) };
    }
  }

  /** Why no proof came: what the printer says about itself tells more than the silence about the job. */
  async #explain(
    session: PrinterSession,
    signal: AbortSignal,
    told: PrinterProblem | null = null,
  ): Promise<PrinterProblem | null> {
    let problem = told;
    if (problem === null && session.isOpen && !session.isAsking && !signal.aborted) {
      try {
        problem = await this.#ask(session, signal);
      } catch (silence) {
        this.#options.log.info('The receipt printer does not say why.', { error: String(silence) });
      }
    }
    // A late answer must never pass for the next job's: that gets a connection of its own.
    await this.#drop();
    return problem;
  }

  async #drop(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }
}

const composingFailed: PrinterProblem = {
  code: 'error',
  message: 'The receipt could not be composed for this printer. Call service; the log says more.',
};

function problemAfterSending(error: unknown): PrinterProblem {
  const code = error instanceof TransportError ? error.code : 'closed';
  if (code === 'aborted') return { code: 'timeout', message: 'The terminal stopped while the receipt was printed.' };
  return printerProblem(code === 'timeout' ? 'timeout' : 'disconnected');
}
