import { within } from '../transport/deadline.ts';
import { TransportError, type Connection, type Limit } from '../transport/transport.ts';
import type { Clock, Stop } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PrinterProblem } from '../../ports/printer.ts';
import { AnswerParser, type Answer } from './answers.ts';
import { isOffline, isPaperStatus, problemOfAutomatic, tellsOfError, type RealTimeStatus } from './problems.ts';

/** What is being waited for: `accept` gives a value for the answer that ends the waiting. */
interface Waiting {
  readonly accept: (answer: Answer) => number | undefined;
  readonly resolve: (value: number) => void;
  readonly reject: (error: Error) => void;
  /** Whether bytes that fit nothing end the waiting too. */
  readonly strict: boolean;
}

const [DLE, EOT] = [0x10, 0x04] as const;

/**
 * One connection to a printer with a reader always attached: questions, answers, and the bytes of jobs. At most one
 * question in real time and one proof are waited for at a time, because nothing but their form tells answers apart.
 */
export class PrinterSession {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #parser = new AnswerParser();
  readonly #waiting: { question?: Waiting | undefined; proof?: Waiting | undefined } = {};
  readonly #troubleListeners = new Set<(problem: PrinterProblem) => void>();
  /** How many bytes have ever come. */
  #heardBytes = 0;
  #answersHeard = 0;

  constructor(connection: Connection, { clock, log }: { readonly clock: Clock; readonly log: Log }) {
    this.#connection = connection;
    this.#clock = clock;
    this.#log = log;
    connection.onData((bytes) => {
      this.#heardBytes += bytes.length;
      for (const answer of this.#parser.push(bytes)) this.#heard(answer);
    });
    connection.onClose((reason) => {
      this.#log.info('The connection to the receipt printer ended.', { reason });
      const closed = new TransportError('closed', reason, { sent: 'something' });
      this.#waiting.question?.reject(closed);
      this.#waiting.proof?.reject(closed);
    });
  }

  get isOpen(): boolean {
    return !this.#connection.isClosed;
  }

  /** How many answers to `GS r 1` have ever come. */
  get answersHeard(): number {
    return this.#answersHeard;
  }

  /** A question was asked in real time and is not answered yet. */
  get isAsking(): boolean {
    return this.#waiting.question !== undefined;
  }

  /**
   * The printer's state in real time: it answers even while it prints or cannot print.
   * @throws TransportError; `wrong_device` when the answers are not a printer's
   */
  async status(limit: Limit): Promise<RealTimeStatus> {
    const printer = await this.#askRealTime(1, limit);
    const cause = await this.#askRealTime(2, limit);
    const error = tellsOfError(cause) ? { error: await this.#askRealTime(3, limit) } : {};
    const paper = await this.#askRealTime(4, limit);
    return { printer, cause, ...error, paper };
  }

  /** Whether the printer is offline, whyever. @throws TransportError */
  async isOffline(limit: Limit): Promise<boolean> {
    return isOffline(await this.#askRealTime(1, limit));
  }

  /** Calls back when the printer tells by itself of something that keeps it from printing. */
  onTrouble(callback: (problem: PrinterProblem) => void): Stop {
    this.#troubleListeners.add(callback);
    return () => this.#troubleListeners.delete(callback);
  }

  /** Sends whole commands. @throws TransportError, whose `sent` tells whether anything may have left */
  send(bytes: Uint8Array, limit: Limit): Promise<void> {
    return this.#connection.write(bytes, limit);
  }

  /** Waits until the printer has named all of these as printed, in this order. @throws TransportError */
  async printed(ids: readonly string[], limit: Limit): Promise<void> {
    let next = 0;
    const accept: Waiting['accept'] = (answer) => {
      if (answer.type === 'processId' && answer.id === ids[next]) next += 1;
      return next === ids.length ? 0 : undefined;
    };
    await this.#await('proof', { accept, strict: false }, limit);
  }

  /** Waits for that many answers to `GS r 1`; gives what they say together. @throws TransportError */
  paperStatus(count: number, limit: Limit): Promise<number> {
    let [left, together] = [count, 0];
    const accept: Waiting['accept'] = (answer) => {
      if (answer.type !== 'queued' || !isPaperStatus(answer.status)) return undefined;
      left -= 1;
      together |= answer.status;
      return left === 0 ? together : undefined;
    };
    return this.#await('proof', { accept, strict: true }, limit);
  }

  /** Waits until nothing was heard for that long: what was said to an earlier connection is over. @throws TransportError */
  async quiet(milliseconds: number, limit: Limit): Promise<void> {
    const giveUpAt = this.#clock.monotonic() + limit.milliseconds;
    for (let before = -1; before !== this.#heardBytes;) {
      if (this.#clock.monotonic() > giveUpAt) throw new TransportError('wrong_device', 'It never stops talking.');
      before = this.#heardBytes;
      await within(this.#pause(milliseconds), this.#clock, { milliseconds: 2 * milliseconds, signal: limit.signal });
    }
    this.#parser.reset();
  }

  /** Ends the connection politely, with the transport's deadline. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(milliseconds, resolve);
    });
  }

  async #askRealTime(kind: number, limit: Limit): Promise<number> {
    const accept: Waiting['accept'] = (answer) => (answer.type === 'realTime' ? answer.status : undefined);
    const answered = this.#await('question', { accept, strict: true }, limit);
    // The question's own failure is the one that is told.
    answered.catch(() => undefined);
    const heardBefore = this.#heardBytes;
    await this.#connection.write(Uint8Array.of(DLE, EOT, kind), limit);
    try {
      return await answered;
    } catch (error) {
      const silent = this.#heardBytes === heardBefore;
      if (silent || !(error instanceof TransportError) || error.code !== 'timeout') throw error;
      throw new TransportError('wrong_device', 'What came is not an answer to the question.', { cause: error });
    }
  }

  #await(
    slot: 'question' | 'proof',
    how: { readonly accept: Waiting['accept']; readonly strict: boolean },
    limit: Limit,
  ): Promise<number> {
    let mine: Waiting | undefined;
    const answered = new Promise<number>((resolve, reject) => {
      mine = { ...how, resolve, reject };
      this.#waiting[slot] = mine;
      if (!this.isOpen) reject(new TransportError('closed', 'The connection is over.'));
    });
    return within(answered, this.#clock, limit).finally(() => {
      if (this.#waiting[slot] === mine) this.#waiting[slot] = undefined;
    });
  }

  #heard(answer: Answer): void {
    if (answer.type === 'queued' && isPaperStatus(answer.status)) this.#answersHeard += 1;
    for (const waiting of [this.#waiting.question, this.#waiting.proof]) {
      const value = waiting?.accept(answer);
      if (waiting === undefined || value === undefined) continue;
      waiting.resolve(value);
      return;
    }
    if (answer.type === 'automatic') this.#told(answer.status);
    if (answer.type === 'flow' || answer.type === 'automatic') return;
    this.#log.debug('The receipt printer said something that was not asked.', { answer: answer.type });
    // An answer to an earlier job may come late; bytes that are no answer at all make every answer worthless.
    if (answer.type === 'unexpected') this.#heardNonsense();
  }

  #heardNonsense(): void {
    const worthless = new TransportError('wrong_device', 'The answer is not one to the question.', {
      sent: 'something',
    });
    for (const waiting of Object.values(this.#waiting)) if (waiting?.strict === true) waiting.reject(worthless);
  }

  #told(status: Uint8Array): void {
    const problem = problemOfAutomatic(status);
    if (problem === null) return;
    for (const listener of [...this.#troubleListeners]) listener(problem);
  }
}
