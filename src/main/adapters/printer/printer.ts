import type { ReceiptDocument } from '../../core/receipt/document.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PrinterCheck, PrinterPort, PrinterProblem, PrintOutcome } from '../../ports/printer.ts';
import { TransportError, type Limit, type Transport } from '../transport/transport.ts';
import { bandsOf, lengthOfFirst } from './bands.ts';
import type { Command, Proof } from './commands.ts';
import { encode } from './encode.ts';
import { estimateMs, paperMillimetres } from './estimate.ts';
import { carryOut, PrinterTrouble, type Job } from './job.ts';
import { layOut } from './layout.ts';
import { isNearEnd, printerProblem, problemOfLine, problemOfStatus } from './problems.ts';
import type { Profile } from './profile.ts';
import { Roll } from './roll.ts';
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
  readonly profile: Profile;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeouts?: PrinterTimeouts;
  /** From 0 to below 1. */
  readonly random: () => number;
}

/** What an earlier job, or an earlier process, may have left in the printer. */
interface Leftover {
  /** The longest command that may be incomplete. */
  readonly bytes: number;
  /** Whether part of a receipt may be on the paper. */
  readonly paper: boolean;
}

const unknownLeftover: Leftover = { bytes: 256, paper: false };
/** Between two pieces of so many bytes the printer is asked how it is doing. */
const bandBytes = 1_024;
const bareBandBytes = 256;
/** Nothing is under way any more on a line that was quiet for so many milliseconds. */
const quietMs = 50;

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
    if (!this.#options.profile.realTimeStatus) return null;
    const status = await session.status({ milliseconds: this.#timeouts.statusMs, signal });
    if (this.#roll.sees(isNearEnd(status.paper))) {
      this.#options.log.warn('The roll in the receipt printer is nearly used up.');
    }
    return problemOfStatus(status);
  }

  /**
   * Clears away what an earlier job may have left in the printer: half a command, which zeros complete; half a receipt, which
   * must not stand on one paper with the next; on a bare line also answers to come, of which the last one is waited for.
   */
  async #sweep(signal: AbortSignal): Promise<PrinterProblem | null> {
    const [session, leftover] = [this.#session, this.#leftover];
    if (!session || leftover === null) return null;
    const { profile, transport } = this.#options;
    const limit = { milliseconds: this.#timeouts.shortestJobMs, signal };
    try {
      const proof = this.#proof();
      const cut: readonly Command[] = leftover.paper ? [{ type: 'cut', cutter: profile.cutter }] : [];
      const initialise: Command = { type: 'initialise', multiByteOff: profile.multiByteOff };
      const mark = transport.isBareLine === true ? question(proof) : [];
      const answered = mark.length > 0 ? lastAnswer(session, proof, limit) : Promise.resolve();
      answered.catch(() => undefined);
      await session.send(Buffer.concat([Buffer.alloc(leftover.bytes), encode([initialise, ...cut, ...mark])]), limit);
      await answered;
      this.#leftover = null;
      return null;
    } catch (error) {
      this.#options.log.info('The receipt printer is not done with what it got before.', { error: String(error) });
      // Nothing of the receipt itself has left.
      return (await this.#explain(session, signal)) ?? problemOfLine(error);
    }
  }

  #compose(document: ReceiptDocument): { readonly job: Job; readonly millimetres: number } | undefined {
    const { profile, transport, log } = this.#options;
    try {
      const proof = this.#proof();
      const commands = layOut(document, profile, proof);
      const { bands, proofs } = this.#marked(commands, proof);
      const bytes = bands.reduce((sum, band) => sum + band.length, 0);
      const line = transport.bytesPerSecond === undefined ? {} : { bytesPerSecond: transport.bytesPerSecond };
      const estimate = estimateMs(commands, { bytes, profile, ...line });
      const { shortestJobMs, longestJobMs } = this.#timeouts;
      const milliseconds = Math.min(longestJobMs, Math.max(shortestJobMs, 3 * estimate));
      const job = { bands: profile.processId ? telling(bands, lengthOfFirst(commands)) : bands, proofs, milliseconds };
      return { job, millimetres: paperMillimetres(commands) };
    } catch (error) {
      // A mistake of ours or a profile that fits no paper: nothing has left.
      log.error('A receipt could not be composed.', { receiptNumber: document.receiptNumber, error: String(error) });
      return undefined;
    }
  }

  /**
   * The job in bands, with what each asks for. On a bare line each band asks for a proof of its own: a printer that
   * loses its power for a moment forgets what it was sent, and would prove the rest.
   */
  #marked(commands: readonly Command[], proof: Proof): { bands: readonly Buffer[]; proofs: readonly Proof[] } {
    if (this.#options.transport.isBareLine !== true) return { bands: bandsOf(commands, bandBytes), proofs: [proof] };
    const bands = bandsOf(commands, bareBandBytes);
    const proofs = bands.map((_, index) => (index === bands.length - 1 ? proof : this.#proof()));
    const asking = bands.map((band, index) => {
      const asked = proofs[index];
      return asked === undefined || asked === proof ? band : Buffer.concat([band, encode(question(asked))]);
    });
    return { bands: asking, proofs };
  }

  #proof(): Proof {
    const { profile, random } = this.#options;
    if (profile.processId) return { kind: 'process_id', id: processId(random) };
    return profile.queuedStatus ? { kind: 'status' } : { kind: 'bytes' };
  }

  async #carryOut(
    job: Job,
    session: PrinterSession,
    { signal, onSent }: { readonly signal: AbortSignal; readonly onSent: () => void },
  ): Promise<PrintOutcome> {
    const { clock, log, profile, transport } = this.#options;
    const { realTimeStatus } = profile;
    const isBareLine = transport.isBareLine === true;
    const common = { session, clock, signal, onSent, statusMs: this.#timeouts.statusMs };
    log.debug('A receipt is sent to the printer.', { bands: job.bands.length });
    try {
      await carryOut(job, { ...common, realTimeStatus, isBareLine });
      return { outcome: 'printed', proof: job.proofs[0]?.kind ?? 'bytes' };
    } catch (error) {
      if (error instanceof TransportError && error.sent === 'nothing') {
        await this.#drop();
        return { outcome: 'failed', problem: problemOfLine(error) };
      }
      this.#leftover = { bytes: Math.max(...job.bands.map((band) => band.length)), paper: true };
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

/** The bands, and a word to the printer to tell of every change by itself, right after it was initialised (`GS a`). */
function telling([first = Buffer.alloc(0), ...others]: readonly Buffer[], at: number): readonly Uint8Array[] {
  const tellChanges = Buffer.of(0x1d, 0x61, 0x0e);
  return [Buffer.concat([first.subarray(0, at), tellChanges, first.subarray(at)]), ...others];
}

/** Waits for the answer to what was sent last; earlier ones of the same form come before it, at once. */
async function lastAnswer(session: PrinterSession, proof: Proof, limit: Limit): Promise<void> {
  if (proof.kind === 'process_id') {
    await session.printed([proof.id], limit);
    return;
  }
  await session.paperStatus(1, limit);
  await session.quiet(quietMs, limit);
}

function problemAfterSending(error: unknown): PrinterProblem {
  const code = error instanceof TransportError ? error.code : 'closed';
  if (code === 'aborted') return { code: 'timeout', message: 'The terminal stopped while the receipt was printed.' };
  return printerProblem(code === 'timeout' ? 'timeout' : 'disconnected');
}

function question(proof: Proof): readonly Command[] {
  if (proof.kind === 'process_id') return [{ type: 'tellWhenPrinted', id: proof.id }];
  return proof.kind === 'status' ? [{ type: 'tellPaper' }] : [];
}

const idCharacters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Four characters that name one job; any of 20h to 7Eh would do. */
function processId(random: () => number): string {
  return Array.from({ length: 4 }, () => idCharacters[Math.floor(random() * idCharacters.length)] ?? '0').join('');
}
