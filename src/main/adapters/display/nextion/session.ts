import type { Showing } from '../../../core/display/showing.ts';
import type { Stop } from '../../../ports/clock.ts';
import type { DisplayIdentity, DisplaySession } from '../../../ports/display.ts';
import { Conversation, type Question } from '../conversation.ts';
import { linesOf } from '../lines.ts';
import { displayError } from '../problems.ts';
import type { SessionParts } from '../serial-display.ts';
import { tries } from '../tries.ts';
import { instruction, NextionParser, setText, terminator, whoIsThere, type NextionAnswer } from './codec.ts';

/** What depends on the project that is loaded into the panel. */
export interface NextionProject {
  /** Page with the components, by its name in the project. */
  readonly page: string;
  /** Page on which nothing is seen. */
  readonly blankPage: string;
  readonly codeComponent: string;
  /** `txt_maxl` of the code's component: what is longer is cut without a word. */
  readonly longestCode: number;
  /** Components for the title and the amount; fewer when there is no room. */
  readonly lineComponents: readonly string[];
  /** `txt_maxl` of those. */
  readonly longestLine: number;
  /** `utf-8` where the project is written in it. */
  readonly characters: 'ascii' | 'utf-8';
  /** The panel's own serial number, where two panels could be exchanged. */
  readonly serial?: string | undefined;
}

/** The panel needs this long before it takes a new protocol, besides a million bit times (upload protocol 1.1). */
const settleMs = 30;
const fenceNumbers = 100_000;

/** One connection to a Nextion or TJC panel. */
export class NextionSession implements DisplaySession {
  readonly #project: NextionProject;
  readonly #line: Conversation<NextionAnswer>;
  readonly #resetListeners = new Set<() => void>();
  readonly #settleMs: number;
  /** The page on the glass, by its name; undefined when that is not certain. */
  #page: string | undefined;
  /** The code's component may be on the glass. */
  #mayShow = false;
  /** Answers of earlier instructions may still come. */
  #inDoubt = true;
  #fence: number;

  constructor(project: NextionProject, { connection, clock, answerMs, bytesPerSecond, random }: SessionParts) {
    this.#project = project;
    this.#fence = Math.floor(random() * fenceNumbers);
    this.#settleMs = settleMs + (bytesPerSecond === undefined ? 0 : 1_000_000 / (bytesPerSecond * 10));
    const parser = new NextionParser();
    this.#line = new Conversation<NextionAnswer>({
      connection,
      clock,
      answerMs,
      bytesPerSecond,
      parse: (bytes) => parser.push(bytes),
      onUnasked: (answer) => {
        if (answer.type === 'restarted' || answer.type === 'asleep') this.#wasReset();
      },
    });
  }

  get isClosed(): boolean {
    return this.#line.isClosed;
  }

  async identify(signal: AbortSignal): Promise<DisplayIdentity> {
    const heardBefore = this.#line.heardBytes;
    const identity = await tries(this, signal, async () => {
      const accept = (answer: NextionAnswer) => (answer.type === 'identity' ? answer : undefined);
      return this.#line.ask({ bytes: whoIsThere, answerBytes: 80, accept });
    }).catch((error: unknown) => {
      // Something talks, but not like a panel: another device, or another speed.
      throw this.#line.heardBytes > heardBefore && !this.isClosed ? displayError('display_wrong_device', error) : error;
    });
    const { model, firmware, serial } = identity;
    const { serial: expected } = this.#project;
    if (expected !== undefined && expected !== serial) {
      throw displayError('display_wrong_device', new Error(`Its serial number is ${serial}, not ${expected}.`));
    }
    return { model, firmware, serial };
  }

  async init(signal: AbortSignal): Promise<void> {
    this.#page = undefined;
    this.#inDoubt = true;
    const { blankPage } = this.#project;
    await tries(this, signal, async () => {
      await this.#line.pause(this.#settleMs);
      // The blank page at once: what is on the glass may be from long ago.
      const first = ['sleep=0', 'bkcmd=3', `page ${blankPage}`].map((text) => instruction(text));
      await this.#line.send(Buffer.concat([terminator, ...first]));
      await this.#findThread();
      await this.#command(instruction('bkcmd=3'));
    });
    await this.clear(signal);
  }

  async show(showing: Showing, signal: AbortSignal): Promise<void> {
    const { page, codeComponent } = this.#project;
    // Nothing old stays on the glass while the thread is looked for.
    if (this.#inDoubt) {
      this.#page = undefined;
      await this.#line.send(this.#hiding());
    }
    if (this.#page !== page) {
      await this.#next(signal);
      this.#mayShow = true;
      await this.#command(instruction(`page ${page}`));
      this.#page = page;
    }
    await this.#next(signal);
    await this.#command(setText(codeComponent, showing.code ?? ''));
    for (const { component, text } of this.#lines(showing)) {
      await this.#next(signal);
      await this.#command(setText(component, text));
    }
    if ((await this.check(showing, signal)) === 'wrong') throw displayError('display_wrong_content');
  }

  async check(showing: Showing, signal: AbortSignal): Promise<'right' | 'wrong'> {
    if (this.#page !== this.#project.page) return 'wrong';
    const { codeComponent } = this.#project;
    const meant = [{ component: codeComponent, text: showing.code ?? '' }, ...this.#lines(showing)];
    for (const { component, text } of meant) {
      await this.#next(signal);
      const shown = await this.#read(component);
      if (shown !== text) return 'wrong';
    }
    return 'right';
  }

  async clear(signal: AbortSignal): Promise<void> {
    const { blankPage } = this.#project;
    this.#page = undefined;
    this.#inDoubt = true;
    const blank = instruction(`page ${blankPage}`);
    await tries(this, signal, async () => {
      // Without waiting for anything first: nothing wrong may stay on the glass while the thread is looked for.
      await this.#line.send(this.#hiding());
      // A panel that has restarted acknowledges nothing before it is told to.
      await this.#line.send(Buffer.concat([terminator, instruction('bkcmd=3'), blank]));
      await this.#findThread();
      await this.#command(blank);
    });
    this.#page = blankPage;
    this.#mayShow = false;
  }

  async setBrightness(percent: number, signal: AbortSignal): Promise<void> {
    await tries(this, signal, async () => {
      await this.#next(signal);
      await this.#command(instruction(`dim=${Math.round(percent)}`));
    });
  }

  onDidReset(callback: () => void): Stop {
    this.#resetListeners.add(callback);
    return () => this.#resetListeners.delete(callback);
  }

  onDidClose(callback: (reason: string) => void): Stop {
    return this.#line.onDidClose(callback);
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  #lines(showing: Showing): readonly { component: string; text: string }[] {
    const { lineComponents, longestLine, characters } = this.#project;
    const lines = linesOf(showing, { longest: longestLine, characters });
    return lineComponents.map((component, index) => ({ component, text: lines[index] ?? '' }));
  }

  /** What takes everything off the glass without waiting for an answer. */
  #hiding(): Uint8Array {
    const { blankPage, codeComponent } = this.#project;
    // Where components are global, they would come back with their page.
    const noCode = this.#mayShow ? setText(codeComponent, '') : new Uint8Array(0);
    return Buffer.concat([terminator, noCode, instruction(`page ${blankPage}`)]);
  }

  /** Between two commands: gives up when nobody wants it any more, and finds the thread when it was lost. */
  async #next(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw displayError('display_given_up');
    if (this.#inDoubt) await this.#findThread();
  }

  async #command(bytes: Uint8Array): Promise<void> {
    await this.#asking({
      bytes,
      answerBytes: 4,
      accept: (answer: NextionAnswer) => {
        if (answer.type === 'refused') throw displayError('display_refused', new Error(`It says ${answer.code}.`));
        return answer.type === 'done' ? true : undefined;
      },
    });
  }

  /** What a component holds; null when its page has none of that name. */
  #read(component: string): Promise<string | null> {
    const { longestCode } = this.#project;
    return this.#asking<string | null>({
      bytes: instruction(`get ${component}.txt`),
      answerBytes: 4 + longestCode,
      accept: (answer: NextionAnswer) => {
        if (answer.type === 'refused') return null;
        return answer.type === 'text' ? answer.text : undefined;
      },
    });
  }

  async #asking<Value>(question: Question<NextionAnswer, Value>): Promise<Value> {
    try {
      return await this.#line.ask(question);
    } catch (error) {
      this.#inDoubt = true;
      this.#page = undefined;
      throw error;
    }
  }

  /**
   * Acknowledgements name no instruction. After one has gone missing, a number nobody else knows is put into the panel and asked
   * for: when it comes back, everything earlier has come or never will.
   */
  async #findThread(): Promise<void> {
    this.#fence = (this.#fence + 1) % fenceNumbers;
    const number = this.#fence;
    await this.#line.ask({
      bytes: Buffer.concat([terminator, instruction(`sys0=${number}`), instruction('get sys0')]),
      answerBytes: 16,
      // A slow panel must be given the time to catch up, or it never does.
      patient: true,
      accept: (answer) => (answer.type === 'number' && answer.value === number ? true : undefined),
    });
    this.#inDoubt = false;
  }

  #wasReset(): void {
    this.#page = undefined;
    this.#inDoubt = true;
    for (const listener of [...this.#resetListeners]) listener();
  }
}
