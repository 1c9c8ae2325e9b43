import { blank, type DisplayContent } from '../../../core/display/content.ts';
import type { Clock, Stop } from '../../../ports/clock.ts';
import {
  DisplayError,
  type DisplayCapabilities,
  type DisplayPort,
  type DisplaySession,
} from '../../../ports/display.ts';
import { TransportError, type Connection, type Transport } from '../../transport/transport.ts';
import { AnswerReader, instruction, leaveReparse, setText, type Answer } from './codec.ts';

/** What of the panel's own project file the driver has to know. */
export interface NextionProject {
  /** The page with the code, and the one without: their names, and the numbers that the editor shows. */
  readonly codePage: NextionPage;
  readonly messagePage: NextionPage;
  /** The component that draws the code, and those for lines, the same names on both pages; global in the project. */
  readonly codeComponent: string;
  readonly lineComponents: readonly string[];
  /** `txt_maxl` of the component that draws the code: what is longer is cut without a word. */
  readonly longestCode: number;
  /** `txt_maxl` of the lines. */
  readonly longestLine: number;
}

export interface NextionPage {
  readonly name: string;
  readonly number: number;
}

export interface NextionOptions {
  readonly transport: Transport;
  readonly project: NextionProject;
  readonly clock: Clock;
  /** 0 to 1. */
  readonly random: () => number;
}

/** For a panel to do something and for bytes to be handed to the line, in milliseconds. */
const thinkingMs = 60;
const writeWithinMs = 1000;
/** Where the line does not say: 115,200 baud. */
const fastestBytesPerSecond = 11_520;
/** How often something is tried on a line that garbles. */
const attempts = 5;
/** All answers, not only failures. */
const answerAlways = instruction('bkcmd=3');

/** A Nextion or TJC panel (hardware.md 1.3). What it shows is read back from it. */
export function createNextionDisplay(options: NextionOptions): DisplayPort {
  const { transport, project } = options;
  const capabilities: DisplayCapabilities = {
    verification: 'read_back',
    drawnBy: 'device',
    longestCode: project.longestCode,
    brightness: true,
  };
  return {
    name: transport.name,
    capabilities,
    refuses: (code) => {
      if (!/^[\x20-\x7e]*$/.test(code)) return 'it has characters that the panel does not know.';
      return code.length > project.longestCode ? `the panel takes at most ${project.longestCode} characters.` : null;
    },
    open: (signal) => open(options, signal),
  };
}

async function open(
  { transport, project, clock, random }: NextionOptions,
  signal: AbortSignal,
): Promise<DisplaySession> {
  const { name } = transport;
  let connection: Connection;
  try {
    connection = await transport.open(signal);
  } catch (error) {
    throw asDisplayError(error, name);
  }
  const session = new NextionSession(connection, {
    name,
    bytesPerSecond: transport.bytesPerSecond,
    project,
    clock,
    random,
  });

  try {
    await session.identify(signal);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

function asDisplayError(error: unknown, name: string): DisplayError {
  if (error instanceof DisplayError) return error;
  const code = error instanceof TransportError && error.code === 'wrong_device' ? 'wrong_device' : 'disconnected';
  const reason = error instanceof Error ? error.message : String(error);
  return new DisplayError(code, `The display ${name} cannot be reached: ${reason} Check its power and cable.`, error);
}

interface SessionOptions {
  readonly name: string;
  readonly project: NextionProject;
  readonly clock: Clock;
  readonly bytesPerSecond: number | undefined;
  /** 0 to 1. */
  readonly random: () => number;
}

interface Asked {
  readonly heard: (answer: Answer) => void;
  readonly fail: (error: DisplayError) => void;
}

class NextionSession implements DisplaySession {
  readonly #connection: Connection;
  readonly #name: string;
  readonly #project: NextionProject;
  readonly #clock: Clock;
  readonly #reader = new AnswerReader();
  readonly #restarts = new Set<() => void>();
  #asked: Asked | undefined;
  #identity = '';
  #shown: DisplayContent | undefined;
  #nonce = 0;
  /** The last thing that it did not understand. */
  #refused: number | undefined;
  readonly #bytesPerSecond: number | undefined;
  /** It has restarted since it was set up. */
  #fresh = false;

  constructor(connection: Connection, more: SessionOptions) {
    this.#connection = connection;
    this.#name = more.name;
    this.#project = more.project;
    this.#clock = more.clock;
    this.#bytesPerSecond = more.bytesPerSecond;
    // Numbers of an earlier connection may still be on their way.
    this.#nonce = Math.floor(more.random() * 1_000_000_000);
    connection.onData((bytes) => {
      for (const answer of this.#reader.take(bytes)) this.#heard(answer);
    });
    connection.onClose((reason) => {
      this.#asked?.fail(new DisplayError('disconnected', `The display ${this.#name} is gone: ${reason}`));
    });
  }

  get identity(): string {
    return this.#identity;
  }

  /** Makes sure that a panel of this kind is there. @throws DisplayError */
  async identify(signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      // A panel that passes bytes on answers nothing before this.
      await this.#write(leaveReparse, signal);
      const answer = await this.#ask(instruction('connect'), (each) => each.type === 'connected', signal);
      if (answer?.type !== 'connected') continue;
      this.#identity = `${answer.model}, firmware ${answer.firmware}, ${answer.serial}`;
      return;
    }
    throw this.#silent();
  }

  async show(content: DisplayContent, signal: AbortSignal): Promise<void> {
    this.#shown = undefined;
    let differs = '';
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      this.#fresh = false;
      await this.#write(answerAlways, signal);
      // The page first: what belongs to a page alone is lost when it is shown.
      await this.#order(instruction(`page ${this.#pageOf(content).name}`), signal);
      for (const [component, text] of this.#textsOf(content)) await this.#order(setText(component, text), signal);
      differs = (await this.#difference(content, signal)) ?? (this.#fresh ? 'It restarted meanwhile.' : '');
      if (differs === '') {
        this.#shown = content;
        return;
      }
    }
    await this.clear(signal);
    const { codeComponent, lineComponents } = this.#project;
    throw new DisplayError(
      'differs',
      `The display ${this.#name} does not show what it should. ${differs} Check ${codeComponent} and ${lineComponents.join(', ')} in its project.`,
    );
  }

  async clear(signal: AbortSignal): Promise<void> {
    this.#shown = undefined;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      this.#fresh = false;
      await this.#write(answerAlways, signal);
      for (const [component] of this.#textsOf(blank)) await this.#order(setText(component, ''), signal);
      await this.#order(instruction(`page ${this.#project.messagePage.name}`), signal);
      if ((await this.#difference(blank, signal)) === undefined) return;
    }
    throw new DisplayError('differs', `The display ${this.#name} cannot be cleared. Switch it off and on again.`);
  }

  async check(signal: AbortSignal): Promise<'ok' | 'altered'> {
    if (!this.#shown || this.#fresh) return 'altered';
    return (await this.#difference(this.#shown, signal)) === undefined ? 'ok' : 'altered';
  }

  async setBrightness(percent: number, signal: AbortSignal): Promise<void> {
    await this.#order(instruction(`dim=${Math.round(Math.min(100, Math.max(0, percent)))}`), signal);
  }

  onRestart(callback: () => void): Stop {
    this.#restarts.add(callback);
    return () => this.#restarts.delete(callback);
  }

  onClose(callback: (reason: string) => void): Stop {
    return this.#connection.onClose(callback);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  #pageOf({ code }: DisplayContent): NextionPage {
    return code === null ? this.#project.messagePage : this.#project.codePage;
  }

  #textsOf({ code, lines }: DisplayContent): readonly (readonly [string, string])[] {
    const { codeComponent, lineComponents, longestLine } = this.#project;
    const texts = lineComponents.map(
      (component, index) => [component, plain(lines[index] ?? '', longestLine)] as const,
    );
    return [[codeComponent, code ?? ''], ...texts];
  }

  /** What on the glass is not as it should be; undefined when everything was read back as it was meant. */
  async #difference(content: DisplayContent, signal: AbortSignal): Promise<string | undefined> {
    for (const [component, text] of this.#textsOf(content)) {
      const answer = await this.#read(instruction(`get ${component}.txt`), 'text', signal);
      if (answer.text !== text) return `${component} has "${answer.text}", not "${text}".`;
    }
    const { page } = await this.#read(instruction('sendme'), 'page', signal);
    const { name, number } = this.#pageOf(content);
    return page === number ? undefined : `Page ${page} is shown, not ${name} (${number}).`;
  }

  /** Asks for a value, again when the answer is lost or garbled. @throws DisplayError */
  async #read<Type extends Answer['type']>(
    question: Uint8Array,
    type: Type,
    signal: AbortSignal,
  ): Promise<Extract<Answer, { type: Type }>> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (!(await this.#catchUp(signal))) continue;
      const answer = await this.#ask(question, (each) => each.type !== 'event', signal);
      if (answer?.type === type) return answer as Extract<Answer, { type: Type }>;
    }
    throw this.#silent();
  }

  /**
   * Waits until every answer to what was said before has come: answers say nothing of what they answer, but they come in
   * order. A number that was never used before is put into the panel and read back.
   */
  async #catchUp(signal: AbortSignal): Promise<boolean> {
    this.#nonce += 1;
    const nonce = this.#nonce;
    const bytes = Buffer.concat([instruction(`sys0=${nonce}`), instruction('get sys0')]);
    const isIt = (answer: Answer) => answer.type === 'number' && answer.value === nonce;
    return (await this.#ask(bytes, isIt, signal)) !== undefined;
  }

  /** Tells the panel to do something; whether it did is read back later, an answer only ends the waiting. */
  async #order(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(bytes, (each) => each.type === 'done' || each.type === 'refused', signal);
    if (answer?.type === 'refused' && answer.code !== 0) this.#refused = answer.code;
  }

  /** Says something and waits for an answer of a kind; undefined when none comes in time. */
  async #ask(bytes: Uint8Array, isIt: (answer: Answer) => boolean, signal: AbortSignal): Promise<Answer | undefined> {
    const answered = new Promise<Answer | undefined>((resolve, reject) => {
      const settle = (settled: () => void) => {
        stop();
        signal.removeEventListener('abort', aborted);
        this.#asked = undefined;
        settled();
      };
      const stop = this.#clock.after(this.#answerWithinMs(bytes), () => {
        settle(() => {
          resolve(undefined);
        });
      });
      const aborted = () => {
        settle(() => {
          reject(new DisplayError('aborted', `The display ${this.#name} was given up.`));
        });
      };
      this.#asked = {
        heard: (answer) => {
          if (isIt(answer))
            settle(() => {
              resolve(answer);
            });
        },
        fail: (error) => {
          settle(() => {
            reject(error);
          });
        },
      };
      signal.addEventListener('abort', aborted);
    });
    // It may be rejected before the write is over.
    answered.catch(() => undefined);
    // The end of an instruction first: half of one may be waiting for it.
    await this.#write(Buffer.concat([instruction(''), bytes]), signal);
    return answered;
  }

  /** How long an answer may take: both ways on the line, and some thinking. Milliseconds. */
  #answerWithinMs(bytes: Uint8Array): number {
    const perByte = 1000 / (this.#bytesPerSecond ?? fastestBytesPerSecond);
    return thinkingMs + (bytes.length + this.#project.longestCode) * perByte;
  }

  #silent(): DisplayError {
    if (this.#refused === undefined) {
      return new DisplayError('no_answer', `The display ${this.#name} does not answer. Check its power and cable.`);
    }
    const code = `0x${this.#refused.toString(16).padStart(2, '0')}`;
    return new DisplayError(
      'refused',
      `The display ${this.#name} does not know what it is told (${code}). Check that its project has the pages and components of the configuration.`,
    );
  }

  async #write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    try {
      await this.#connection.write(bytes, { milliseconds: writeWithinMs, signal });
    } catch (error) {
      throw asDisplayError(error, this.#name);
    }
  }

  #heard(answer: Answer): void {
    if (answer.type === 'event') return;
    if (answer.type !== 'restarted') {
      this.#asked?.heard(answer);
      return;
    }
    this.#fresh = true;
    this.#shown = undefined;
    this.#asked?.fail(new DisplayError('differs', `The display ${this.#name} has restarted.`));
    for (const callback of [...this.#restarts]) callback();
  }
}

/** Letters that a panel's project may not have become plain ones; what is too long ends where the panel would cut it. */
function plain(text: string, longest: number): string {
  const ascii = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, ' ');
  return ascii.slice(0, longest);
}
