import { Double } from '../base.ts';
import type { CommonFaults, Glass, Timer } from '../types.ts';

/** What may go wrong with a Nextion panel. */
export interface NextionFaults extends CommonFaults {
  /** `txt_maxl` of the code's component: what is longer is cut without a word. */
  readonly longestCode: number;
  /** Draws nothing and says so. */
  readonly asleep: boolean;
  /** Its speed is another one: what it hears and says is noise. */
  readonly wrongSpeed: boolean;
  /** Somebody touches it before each acknowledgement. */
  readonly touched: boolean;
  /** Sends each byte of an answer by itself. */
  readonly piecemeal: boolean;
}

/** The project that is loaded into the panel: its pages and components. */
export interface NextionProject {
  readonly pages: readonly string[];
  readonly components: Readonly<
    Record<string, { readonly page: string; readonly longest: number; readonly qr: boolean }>
  >;
}

/** The project that docs/hardware.md tells to make. */
export const usualProject: NextionProject = {
  pages: ['idle', 'qr'],
  components: {
    qr0: { page: 'qr', longest: 100, qr: true },
    t0: { page: 'qr', longest: 40, qr: false },
    t1: { page: 'qr', longest: 40, qr: false },
  },
};

interface NextionOptions {
  readonly timer: Timer;
  readonly project?: NextionProject;
  readonly model?: string;
  readonly serial?: string;
}

const end = Buffer.of(0xff, 0xff, 0xff);
const leaveReparse = 'DRAKJHSUYDGBNCJHGJKSHBDN';
/** Bytes that it holds without an end to them. */
const serialBuffer = 1024;
const codes = {
  badInstruction: 0x00,
  done: 0x01,
  badComponent: 0x02,
  badPage: 0x03,
  badVariable: 0x1a,
  overflow: 0x24,
};
const systemNumber = /^(sys[0-2]|dim|dims|sleep|bkcmd)=(\d{1,10})$/;

/**
 * A Nextion panel without the panel: its serial line as the vendor's instruction set has it, with components that forget
 * their texts when their page is left, and with everything that has been seen to go wrong.
 */
export class NextionDouble extends Double<NextionFaults> {
  readonly #project: NextionProject;
  readonly #identity: string;
  #held = Buffer.alloc(0);
  #page = '';
  #texts = new Map<string, string>();
  #numbers = new Map<string, number>();

  constructor({
    timer,
    project = usualProject,
    model = 'NX4832T035_011R',
    serial = 'D264B8204F0E1828',
  }: NextionOptions) {
    super(timer, {
      silent: false,
      slowMs: 0,
      longestCode: 1000,
      asleep: false,
      wrongSpeed: false,
      touched: false,
      piecemeal: false,
    });
    this.#project = project;
    this.#identity = `comok 1,101,${model},52,61488,${serial},16777216`;
    this.restart();
  }

  glass(): Glass {
    const { asleep } = this.faults();
    if (this.isOff || asleep || this.#numbers.get('sleep') === 1) return { lit: false, code: null, lines: [] };
    const onPage = Object.entries(this.#project.components).filter(([, { page }]) => page === this.#page);
    const text = (name: string) => this.#texts.get(name) ?? '';
    const code = onPage.filter(([, { qr }]) => qr).map(([name]) => text(name))[0] ?? '';
    const lines = onPage.filter(([, { qr }]) => !qr).map(([name]) => text(name));
    return { lit: true, code: code === '' ? null : code, lines: lines.filter((line) => line !== '') };
  }

  protected restart(): void {
    this.#held = Buffer.alloc(0);
    this.#page = this.#project.pages[0] ?? '';
    this.#texts = new Map();
    this.#numbers = new Map([['bkcmd', 2]]);
  }

  protected started(): void {
    this.#say(Buffer.concat([Buffer.of(0, 0, 0), end]));
    this.#say(Buffer.concat([Buffer.of(0x88), end]));
  }

  protected take(bytes: Uint8Array): void {
    if (this.faults().wrongSpeed) {
      this.#say(Buffer.from(bytes.map((byte) => (byte * 7 + 13) & 0xff)));
      return;
    }
    this.#held = Buffer.concat([this.#held, bytes]);
    for (let at = this.#held.indexOf(end); at >= 0; at = this.#held.indexOf(end)) {
      const instruction = this.#held.subarray(0, at);
      this.#held = this.#held.subarray(at + end.length);
      // What the ends of half instructions leave behind takes no time.
      if (at === 0) continue;
      this.inTurn(() => {
        this.#obey(instruction);
      });
    }
    if (this.#held.length <= serialBuffer) return;
    this.complain(`More than ${String(serialBuffer)} bytes came without an end.`);
    this.#held = Buffer.alloc(0);
    this.#answer(codes.overflow);
  }

  #obey(bytes: Buffer): void {
    const text = bytes.toString('utf8');
    if (text === leaveReparse) return;
    if (text === 'connect') this.#say(Buffer.concat([Buffer.from(this.#identity), end]));
    else if (text === 'sendme')
      this.#say(Buffer.concat([Buffer.of(0x66, this.#project.pages.indexOf(this.#page)), end]));
    else if (text.startsWith('page ')) this.#turnTo(text.slice(5));
    else if (text.startsWith('get ')) this.#tell(text.slice(4));
    else this.#assign(text);
  }

  #turnTo(page: string): void {
    if (!this.#project.pages.includes(page)) {
      this.#refuse(codes.badPage, `There is no page ${page}.`);
      return;
    }
    // Components of local scope begin anew with their page.
    if (this.faults().asleep) return;
    this.#page = page;
    this.#texts = new Map();
    this.#done();
  }

  #tell(what: string): void {
    const number = this.#numbers.get(what) ?? (/^(sys[0-2]|dim|bkcmd)$/.test(what) ? 0 : undefined);
    if (number !== undefined) {
      const answer = Buffer.alloc(5, 0x71);
      answer.writeUInt32LE(number >>> 0, 1);
      this.#say(Buffer.concat([answer, end]));
      return;
    }
    const name = /^(\w+)\.txt$/.exec(what)?.[1];
    if (name === undefined || !this.#isOnPage(name)) {
      this.#refuse(codes.badVariable, `There is no ${what} on page ${this.#page}.`);
      return;
    }
    this.#say(Buffer.concat([Buffer.of(0x70), Buffer.from(this.#texts.get(name) ?? '', 'utf8'), end]));
  }

  #assign(text: string): void {
    const number = systemNumber.exec(text);
    if (number) {
      this.#numbers.set(number[1] ?? '', Number(number[2]));
      if (number[1] === 'sleep' && number[2] === '0') this.setFaults({ asleep: false });
      this.#done();
      return;
    }
    const [, name, escaped] = /^(\w+)\.txt="((?:[^"\\]|\\["\\r])*)"$/.exec(text) ?? [];
    if (name === undefined || escaped === undefined) {
      this.#refuse(codes.badInstruction, `It does not understand "${text.slice(0, 80)}".`);
    } else if (!this.#isOnPage(name)) {
      this.#refuse(codes.badComponent, `There is no ${name} on page ${this.#page}.`);
    } else {
      const value = escaped.replaceAll(/\\(["\\])/g, '$1');
      this.#texts.set(name, value.slice(0, this.#longest(name)));
      this.#done();
    }
  }

  #longest(name: string): number {
    const component = this.#project.components[name];
    if (!component) return 0;
    return component.qr ? Math.min(component.longest, this.faults().longestCode) : component.longest;
  }

  #isOnPage(name: string): boolean {
    return this.#project.components[name]?.page === this.#page;
  }

  #refuse(code: number, sentence: string): void {
    this.complain(sentence);
    if (((this.#numbers.get('bkcmd') ?? 2) & 2) !== 0) this.#answer(code);
  }

  #done(): void {
    if (((this.#numbers.get('bkcmd') ?? 2) & 1) !== 0) this.#answer(codes.done);
  }

  #answer(code: number): void {
    if (this.faults().touched) this.#say(Buffer.concat([Buffer.of(0x65, 0, 1, 1), end]));
    if (this.faults().asleep) this.#say(Buffer.concat([Buffer.of(0x86), end]));
    else this.#say(Buffer.concat([Buffer.of(code), end]));
  }

  #say(bytes: Uint8Array): void {
    if (this.faults().piecemeal) for (const byte of bytes) this.send(Uint8Array.of(byte));
    else this.send(bytes);
  }
}
