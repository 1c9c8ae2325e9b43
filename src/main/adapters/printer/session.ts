import { within } from '../transport/deadline.ts';
import { TransportError, type Connection, type Limit } from '../transport/transport.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { AnswerParser, type Answer } from './answers.ts';
import { tellsOfError, type RealTimeStatus } from './problems.ts';

/** What is being waited for: `accept` gives a value for the answer that ends the waiting. */
interface Waiting {
  readonly accept: (answer: Answer) => number | undefined;
  readonly resolve: (value: number) => void;
  readonly reject: (error: Error) => void;
  /** Whether bytes that fit nothing end the waiting too. */
  readonly strict: boolean;
}

const [DLE, EOT] = [0x10, 0x04] as const;

/** One connection to a printer with a reader always attached: questions, answers, and the bytes of jobs. */
export class PrinterSession {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #parser = new AnswerParser();
  #waiting: Waiting | undefined;
  /** How many bytes have ever come. */
  #heardBytes = 0;

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
      this.#waiting?.reject(new TransportError('closed', reason, { sent: 'something' }));
    });
  }

  get isOpen(): boolean {
    return !this.#connection.isClosed;
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

  /** Sends a job. @throws TransportError, whose `sent` tells whether anything may have left */
  send(bytes: Uint8Array, limit: Limit): Promise<void> {
    return this.#connection.write(bytes, limit);
  }

  /** Waits until the printer names that job as printed. @throws TransportError */
  async printed(id: string, limit: Limit): Promise<void> {
    await this.#await((answer) => (answer.type === 'processId' && answer.id === id ? 0 : undefined), false, limit);
  }

  /** Waits for the answer to `GS r 1`. @throws TransportError */
  paperStatus(limit: Limit): Promise<number> {
    return this.#await((answer) => (answer.type === 'queued' ? answer.status : undefined), false, limit);
  }

  /** Ends the connection politely, with the transport's deadline. */
  close(): Promise<void> {
    return this.#connection.close();
  }

  async #askRealTime(kind: number, limit: Limit): Promise<number> {
    const answered = this.#await((answer) => (answer.type === 'realTime' ? answer.status : undefined), true, limit);
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

  #await(accept: Waiting['accept'], strict: boolean, limit: Limit): Promise<number> {
    const answered = new Promise<number>((resolve, reject) => {
      this.#waiting = { accept, resolve, reject, strict };
      if (!this.isOpen) reject(new TransportError('closed', 'The connection is over.'));
    });
    return within(answered, this.#clock, limit).finally(() => {
      this.#waiting = undefined;
    });
  }

  #heard(answer: Answer): void {
    const value = this.#waiting?.accept(answer);
    if (value !== undefined) {
      this.#waiting?.resolve(value);
      return;
    }
    if (answer.type === 'flow' || answer.type === 'automatic') return;
    this.#log.debug('The receipt printer said something that was not asked.', { answer: answer.type });
    // An answer to an earlier job may come late; bytes that are no answer at all make every answer worthless.
    if (this.#waiting?.strict === true && answer.type === 'unexpected') {
      this.#waiting.reject(new TransportError('wrong_device', 'The answer is not one to the question.'));
    }
  }
}
