import type { ReceiptDocument } from '../../core/receipt/document.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PrinterCheck, PrinterPort, PrinterProblem, PrintOutcome } from '../../ports/printer.ts';
import { TransportError, type Limit, type Transport } from '../transport/transport.ts';
import type { Proof } from './commands.ts';
import { encode } from './encode.ts';
import { estimateMs } from './estimate.ts';
import { layOut, type PaperStyle } from './layout.ts';
import { isNearEnd, printerProblem, problemOfLine, problemOfStatus, saysPaperOut } from './problems.ts';
import { PrinterSession } from './session.ts';

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

interface Job {
  readonly bytes: Buffer;
  readonly proof: Proof;
  readonly milliseconds: number;
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
  #nearEnd = false;

  constructor(options: PrinterOptions) {
    this.#options = options;
    this.#timeouts = options.timeouts ?? usualPrinterTimeouts;
  }

  check(signal: AbortSignal): Promise<PrinterCheck> {
    return this.#inTurn(async () => {
      const problem = await this.#problem(this.#either(signal));
      return problem === null ? { ready: true } : { ready: false, problem };
    });
  }

  print(document: ReceiptDocument, signal: AbortSignal): Promise<PrintOutcome> {
    return this.#inTurn(async () => {
      const either = this.#either(signal);
      const problem = await this.#problem(either);
      if (problem !== null || !this.#session) {
        return { outcome: 'failed', problem: problem ?? printerProblem('disconnected') };
      }
      const job = this.#compose(document);
      if (!job) return { outcome: 'failed', problem: composingFailed };
      return this.#carryOut(job, this.#session, either);
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
    this.#session = new PrinterSession(connection, { clock, log });
    return this.#session;
  }

  async #ask(session: PrinterSession, signal: AbortSignal): Promise<PrinterProblem | null> {
    if (!this.#options.style.profile.realTimeStatus) return null;
    const status = await session.status({ milliseconds: this.#timeouts.statusMs, signal });
    const nearEnd = isNearEnd(status.paper);
    if (nearEnd && !this.#nearEnd) this.#options.log.warn('The roll in the receipt printer is nearly used up.');
    this.#nearEnd = nearEnd;
    return problemOfStatus(status);
  }

  #compose(document: ReceiptDocument): Job | undefined {
    const { style, transport, log } = this.#options;
    try {
      const proof = this.#proof();
      const commands = layOut(document, style, proof);
      const bytes = encode(commands);
      const line = transport.bytesPerSecond === undefined ? {} : { bytesPerSecond: transport.bytesPerSecond };
      const estimate = estimateMs(commands, { bytes: bytes.length, profile: style.profile, ...line });
      const { shortestJobMs, longestJobMs } = this.#timeouts;
      return { bytes, proof, milliseconds: Math.min(longestJobMs, Math.max(shortestJobMs, 3 * estimate)) };
    } catch (error) {
      // A mistake of ours or a profile that fits no paper: nothing has left.
      log.error('A receipt could not be composed.', { receiptNumber: document.receiptNumber, error: String(error) });
      return undefined;
    }
  }

  #proof(): Proof {
    const { style, random } = this.#options;
    const { profile } = style;
    if (profile.processId) return { kind: 'process_id', id: processId(random) };
    return profile.queuedStatus ? { kind: 'status' } : { kind: 'bytes' };
  }

  async #carryOut(job: Job, session: PrinterSession, signal: AbortSignal): Promise<PrintOutcome> {
    const limit = { milliseconds: job.milliseconds, signal };
    // Attached before the bytes leave: a fast printer answers while the write is still being reported.
    const proven = prove(session, job.proof, limit);
    proven.catch(() => undefined);
    this.#options.log.debug('A receipt is sent to the printer.', { bytes: job.bytes.length });
    try {
      await session.send(job.bytes, limit);
    } catch (error) {
      await this.#drop();
      const nothing = error instanceof TransportError && error.sent === 'nothing';
      if (nothing) return { outcome: 'failed', problem: problemOfLine(error) };
      return { outcome: 'doubtful', problem: problemAfterSending(error) };
    }
    try {
      const problem = await proven;
      return problem === null ? { outcome: 'printed', proof: job.proof.kind } : { outcome: 'doubtful', problem };
    } catch (error) {
      return { outcome: 'doubtful', problem: await this.#explain(error, session, signal) };
    }
  }

  /** Why no proof came: what the printer says about itself tells more than the silence about the job. */
  async #explain(error: unknown, session: PrinterSession, signal: AbortSignal): Promise<PrinterProblem> {
    let problem: PrinterProblem | null = null;
    if (session.isOpen && !signal.aborted) {
      try {
        problem = await this.#ask(session, signal);
      } catch (silence) {
        this.#options.log.info('The receipt printer does not say why.', { error: String(silence) });
      }
    }
    // A late answer must never pass for the next job's: that gets a connection of its own.
    await this.#drop();
    return problem ?? problemAfterSending(error);
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

/** Waits for the proof. Gives a problem when the answer itself tells of one. */
async function prove(session: PrinterSession, proof: Proof, limit: Limit): Promise<PrinterProblem | null> {
  if (proof.kind === 'process_id') await session.printed(proof.id, limit);
  if (proof.kind === 'status' && saysPaperOut(await session.paperStatus(limit))) return printerProblem('paper_out');
  return null;
}

function problemAfterSending(error: unknown): PrinterProblem {
  const code = error instanceof TransportError ? error.code : 'closed';
  if (code === 'aborted') return { code: 'timeout', message: 'The terminal stopped while the receipt was printed.' };
  return printerProblem(code === 'timeout' ? 'timeout' : 'disconnected');
}

const idCharacters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Four characters that name one job; any of 20h to 7Eh would do. */
function processId(random: () => number): string {
  return Array.from({ length: 4 }, () => idCharacters[Math.floor(random() * idCharacters.length)] ?? '0').join('');
}
