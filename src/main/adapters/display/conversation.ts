import type { Clock, Stop } from '../../ports/clock.ts';
import { within } from '../transport/deadline.ts';
import { TransportError, type Connection } from '../transport/transport.ts';
import { asDisplayError, displayError } from './problems.ts';

/** A question to a display. */
export interface Question<Answer, Value> {
  readonly bytes: Uint8Array;
  /** How many bytes the answer has, about: a slow line needs time for them. */
  readonly answerBytes: number;
  /** Whether other answers that come meanwhile begin the waiting anew: a slow display is catching up then. */
  readonly patient?: boolean;
  /** Gives the value when this is the answer, undefined when it is something else. May throw what it means. */
  readonly accept: (answer: Answer) => Value | undefined;
}

interface ConversationOptions<Answer> {
  readonly connection: Connection;
  readonly clock: Clock;
  /** What a slow line carries; left out, the line is fast. */
  readonly bytesPerSecond?: number | undefined;
  /** For an answer, besides the time on the line; milliseconds. */
  readonly answerMs: number;
  readonly parse: (bytes: Uint8Array) => readonly Answer[];
  /** What came without being asked for. */
  readonly onUnasked: (answer: Answer) => void;
}

interface Waiting<Answer> {
  readonly take: (answer: Answer) => boolean;
  readonly reject: (error: Error) => void;
  /** Something else came: waits on, if it may. */
  readonly waitOn: () => void;
}

/** So often at most does other answers' coming begin the waiting anew: somebody may play on the glass all day. */
const mostExtensions = 20;

/**
 * One command at a time on one connection, a reader always attached:
 *
 *   question ──▶ line ──▶ display
 *   value ◀── accept ◀── parser ◀── line; whatever is no answer goes to onUnasked
 */
export class Conversation<Answer> {
  readonly #options: ConversationOptions<Answer>;
  readonly #ending = new AbortController();
  #waiting: Waiting<Answer> | undefined;
  /** How many bytes have ever come: silence and nonsense are different faults. */
  heardBytes = 0;

  constructor(options: ConversationOptions<Answer>) {
    this.#options = options;
    const { connection } = options;
    connection.onData((bytes) => {
      this.heardBytes += bytes.length;
      for (const answer of options.parse(bytes)) this.#heard(answer);
    });
    connection.onClose((reason) => {
      this.#waiting?.reject(displayError('display_disconnected', new Error(reason)));
    });
  }

  get isClosed(): boolean {
    return this.#options.connection.isClosed;
  }

  onDidClose(callback: (reason: string) => void): Stop {
    return this.#options.connection.onClose(callback);
  }

  /** Asks, and waits for the answer. @throws DisplayError */
  async ask<Value>(question: Question<Answer, Value>): Promise<Value> {
    if (this.isClosed) throw displayError('display_disconnected');
    const { answered, begin, end } = this.#await(question);
    answered.catch(() => undefined);
    try {
      await this.send(question.bytes);
      begin();
      return await answered;
    } catch (error) {
      throw asDisplayError(error);
    } finally {
      end();
      this.#waiting = undefined;
    }
  }

  /** Sends what is not answered. @throws DisplayError */
  async send(bytes: Uint8Array): Promise<void> {
    const { connection } = this.#options;
    // A line that takes no bytes for a second longer than they need is blocked.
    const milliseconds = 1_000 + this.#milliseconds(bytes.length);
    try {
      await connection.write(bytes, { milliseconds, signal: this.#ending.signal });
    } catch (error) {
      throw asDisplayError(error);
    }
  }

  /** Waits; milliseconds. @throws DisplayError when the connection is closed meanwhile */
  async pause(milliseconds: number): Promise<void> {
    const passed = new Promise<void>((resolve) => {
      this.#options.clock.after(milliseconds, resolve);
    });
    try {
      await within(passed, this.#options.clock, { milliseconds: milliseconds + 1_000, signal: this.#ending.signal });
    } catch (error) {
      throw asDisplayError(error);
    }
  }

  close(): Promise<void> {
    this.#ending.abort();
    return this.#options.connection.close();
  }

  #milliseconds(bytes: number): number {
    const { answerMs, bytesPerSecond } = this.#options;
    return answerMs + (bytesPerSecond === undefined ? 0 : (bytes * 1_000) / bytesPerSecond);
  }

  #await<Value>(question: Question<Answer, Value>) {
    const { clock } = this.#options;
    const milliseconds = this.#milliseconds(question.bytes.length + question.answerBytes);
    const { promise: answered, resolve, reject } = Promise.withResolvers<Value>();
    let [stopTimer, extensions]: [Stop, number] = [() => undefined, 0];
    const begin = (): void => {
      stopTimer();
      stopTimer = clock.after(milliseconds, () => {
        reject(new TransportError('timeout', `Nothing came of it within ${milliseconds} ms.`, { sent: 'something' }));
      });
    };
    const waitOn = (): void => {
      extensions += 1;
      if (question.patient === true && extensions <= mostExtensions) begin();
    };
    this.#waiting = { take: (answer) => taken(question, answer, { resolve, reject }), reject, waitOn };
    return { answered, begin, end: () => stopTimer() };
  }

  #heard(answer: Answer): void {
    if (this.#waiting?.take(answer) === true) this.#waiting = undefined;
    else {
      this.#waiting?.waitOn();
      this.#options.onUnasked(answer);
    }
  }
}

/** Whether this answered the question, one way or the other. */
function taken<Answer, Value>(
  { accept }: Question<Answer, Value>,
  answer: Answer,
  { resolve, reject }: { readonly resolve: (value: Value) => void; readonly reject: (error: Error) => void },
): boolean {
  try {
    const value = accept(answer);
    if (value !== undefined) resolve(value);
    return value !== undefined;
  } catch (error) {
    reject(asDisplayError(error));
    return true;
  }
}
