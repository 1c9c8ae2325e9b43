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
const attempts = 8;
/** The same wrong answer that often again is no accident. */
const alikeEnough = 2;
/** Numbers that are told apart: few digits, and more than could ever be under way. */
const numbers = 1000;
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

/** What is on the glass instead, and the code's text where it is that. */
interface Difference {
  readonly what: string;
  readonly text: string;
}

/** What was read from the glass: the code's text first. */
interface Glass {
  readonly texts: readonly string[];
  readonly page: number;
}

/** What ends the listening: a panel's name, or the page, which is asked for last, after one of these numbers. */
type Ending = 'connected' | { readonly since: number; readonly until: number };

function begins(answer: Answer, ends: Ending): boolean {
  if (ends === 'connected' || answer.type !== 'number') return false;
  // The newest use of a number that is small on the line.
  const used = ends.until - ((ends.until - answer.value) % numbers);
  return used >= ends.since && used <= ends.until;
}

function isEnd(answer: Answer, heard: readonly Answer[], ends: Ending): boolean {
  return ends === 'connected' ? answer.type === ends : answer.type === 'page' && heard[0]?.type === 'number';
}

interface Asked {
  readonly heard: (answer: Answer) => void;
  readonly fail: (error: DisplayError) => void;
  /** Nothing comes any more. */
  readonly giveUp: () => void;
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
  /** What was said to be shown last; what of it arrived is another question. */
  #sent: DisplayContent | undefined;
  #nonce = 0;
  /** The last thing that it did not understand. */
  #refused: number | undefined;
  readonly #bytesPerSecond: number | undefined;
  /** It has restarted since it was set up. */
  #fresh = true;
  readonly #never = new AbortController().signal;

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
      await this.#write(leaveReparse);
      // What stands there is from before: it is taken away before anything else.
      const dark = this.#textsOf(blank).map(([component, text]) => setText(component, text));
      const bytes = Buffer.concat([...dark, instruction('connect')]);
      const answer = (await this.#ask(bytes, 'connected', signal)).at(-1);
      if (answer?.type !== 'connected') continue;
      this.#identity = `${answer.model}, firmware ${answer.firmware}, ${answer.serial}`;
      return;
    }
    throw this.#silent();
  }

  async show(content: DisplayContent, signal: AbortSignal): Promise<void> {
    this.#shown = undefined;
    const differs = await this.#put(content, signal);
    if (differs === undefined) {
      this.#shown = content;
      return;
    }
    await this.clear(signal);
    throw this.#failure(differs, content);
  }

  async clear(signal: AbortSignal): Promise<void> {
    this.#shown = undefined;
    if ((await this.#put(blank, signal)) === undefined) return;
    throw new DisplayError('differs', `The display ${this.#name} cannot be cleared. Switch it off and on again.`);
  }

  async check(signal: AbortSignal): Promise<'ok' | 'altered'> {
    if (!this.#shown || this.#hasRestarted()) return 'altered';
    const since = this.#nonce + 1;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const found = await this.#answers(this.#questions(), since, signal);
      if (found) return this.#difference(this.#shown, found) === undefined ? 'ok' : 'altered';
    }
    throw this.#silent();
  }

  async setBrightness(percent: number): Promise<void> {
    await this.#write(instruction(`dim=${Math.round(Math.min(100, Math.max(0, percent)))}`));
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

  /**
   * Puts something on the glass and reads it back; what differs after some tries, or undefined. Everything is said anew with
   * each try: a line that garbles costs a moment, not a wrong glass. @throws DisplayError
   */
  async #put(content: DisplayContent, signal: AbortSignal): Promise<Difference | undefined> {
    // The page first: what belongs to a page alone is lost when it is shown.
    const page = instruction(`page ${this.#pageOf(content).name}`);
    const texts = this.#textsOf(content);
    const before = new Map(this.#sent ? this.#textsOf(this.#sent) : []);
    this.#sent = content;
    const since = this.#nonce + 1;
    let differs: Difference | undefined;
    let alike = 0;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      // At first only what has become different: a slow line is soon full. Everything is read back in any case.
      const said = texts.filter(([component, text]) => attempt > 0 || this.#fresh || before.get(component) !== text);
      const set = said.map(([component, text]) => setText(component, text));
      const bytes = Buffer.concat([...(this.#fresh ? [answerAlways] : []), page, ...set, this.#questions()]);
      this.#fresh = false;
      const found = await this.#answers(bytes, since, signal);
      if (!found) continue;
      const last = differs;
      differs = this.#difference(content, found);
      if (differs === undefined && !this.#hasRestarted()) return undefined;
      // A line garbles now this, now that; what is the same again and again is the panel's.
      alike = differs !== undefined && differs.what === last?.what ? alike + 1 : 0;
      if (alike === alikeEnough) return differs;
    }
    if (!differs) throw this.#silent();
    return differs;
  }

  #hasRestarted(): boolean {
    return this.#fresh;
  }

  /** Why something else is on the glass than was meant. */
  #failure({ what, text }: Difference, { code }: DisplayContent): DisplayError {
    if (code !== null && text !== '' && text !== code && code.startsWith(text)) {
      return new DisplayError(
        'code_refused',
        `The display ${this.#name} cuts the code short after ${text.length} characters. Make txt_maxl of ${this.#project.codeComponent} larger in its project.`,
      );
    }
    if (this.#refused !== undefined) return this.#silent();
    return new DisplayError(
      'differs',
      `The display ${this.#name} does not show what it should: ${what}. Check its project.`,
    );
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
  #difference(content: DisplayContent, { texts, page }: Glass): Difference | undefined {
    for (const [index, [component, text]] of this.#textsOf(content).entries()) {
      const found = texts[index] ?? '';
      if (found !== text) return { what: `${component} has "${found}", not "${text}"`, text: index === 0 ? found : '' };
    }
    const { name, number } = this.#pageOf(content);
    return page === number ? undefined : { what: `page ${page} is shown, not ${name} (${number})`, text: '' };
  }

  /**
   * Asks for everything that is on the glass. Answers say nothing of what they answer, but they come in order: a number
   * that was not used for long is put into the panel and read first; what follows it are the answers to these questions.
   */
  #questions(): Buffer {
    this.#nonce += 1;
    const components = this.#textsOf(blank).map(([component]) => instruction(`get ${component}.txt`));
    const number = this.#nonce % numbers;
    return Buffer.concat([
      instruction(`sys0=${number}`),
      instruction('get sys0'),
      ...components,
      instruction('sendme'),
    ]);
  }

  /** What is on the glass, from the answers to any questions since that one; undefined when they do not come whole. */
  async #answers(bytes: Uint8Array, since: number, signal: AbortSignal): Promise<Glass | undefined> {
    const heard = (await this.#ask(bytes, { since, until: this.#nonce }, signal)).filter(({ type }) => type !== 'done');
    const texts = heard.flatMap((answer) => (answer.type === 'text' ? [answer.text] : []));
    const page = heard.at(-1);
    const whole = texts.length === this.#project.lineComponents.length + 1 && heard.length === texts.length + 2;
    return page?.type === 'page' && whole ? { texts, page: page.page } : undefined;
  }

  /** Says something and listens until an answer ends it; gives all that was heard, the end last, or nothing in time. */
  async #ask(bytes: Uint8Array, ends: Ending, signal: AbortSignal): Promise<readonly Answer[]> {
    const answered = new Promise<readonly Answer[]>((resolve, reject) => {
      const heard: Answer[] = [];
      const settle = (settled: () => void) => {
        stop();
        signal.removeEventListener('abort', aborted);
        this.#asked = undefined;
        settled();
      };
      const giveUp = () => {
        settle(() => {
          resolve([]);
        });
      };
      const stop = this.#clock.after(this.#answerWithinMs(bytes), giveUp);
      const aborted = () => {
        settle(() => {
          reject(new DisplayError('aborted', `The display ${this.#name} was given up.`));
        });
      };
      this.#asked = {
        giveUp,
        heard: (answer) => {
          if (begins(answer, ends)) heard.length = 0;
          heard.push(answer);
          if (isEnd(answer, heard, ends))
            settle(() => {
              resolve(heard);
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
    await this.#write(Buffer.concat([instruction(''), bytes]));
    return answered;
  }

  /** How long an answer may take: both ways on the line, and some thinking. Milliseconds. */
  #answerWithinMs(bytes: Uint8Array): number {
    const perByte = 1000 / (this.#bytesPerSecond ?? fastestBytesPerSecond);
    // What a panel answers is about as much as what it is told.
    return thinkingMs + 2 * bytes.length * perByte;
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

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      // Given up is the waiting, never half of a write: that would end the connection.
      await this.#connection.write(bytes, { milliseconds: writeWithinMs, signal: this.#never });
    } catch (error) {
      throw asDisplayError(error, this.#name);
    }
  }

  #heard(answer: Answer): void {
    if (answer.type === 'event') return;
    if (answer.type === 'refused' && answer.code !== 0) this.#refused = answer.code;
    if (answer.type !== 'restarted') {
      this.#asked?.heard(answer);
      return;
    }
    this.#fresh = true;
    this.#shown = undefined;
    // What was asked before is not answered any more.
    this.#asked?.giveUp();
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
