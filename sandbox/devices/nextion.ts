/**
 * A Nextion panel that behaves like the device (hardware.md 1.3): pages and components of a project, answers by `bkcmd`,
 * texts that are cut without a word, and everything that goes wrong with such panels. It knows nothing of lines: bytes go
 * in and come out.
 */

/** What the panel's project has. */
export interface NextionDoubleProject {
  readonly pages: Readonly<Record<string, number>>;
  readonly components: readonly string[];
  /** `txt_maxl` of every component. */
  readonly longestText: number;
}

export const usualProject: NextionDoubleProject = {
  pages: { message: 0, qr: 1 },
  components: ['qr0', 't0', 't1'],
  longestText: 60,
};

/** What a person would see. */
export interface NextionGlass {
  readonly page: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly brightness: number;
}

const end = [0xff, 0xff, 0xff];
/** A panel's own buffer: what it cannot hold is lost, and it says so. Bytes. */
const bufferBytes = 1024;

const done = 0x01;
const badInstruction = 0x00;
const badComponent = 0x02;
const badPage = 0x03;
const badVariable = 0x1a;
const overflow = 0x24;

export class NextionDouble {
  readonly #say: (bytes: Buffer) => void;
  readonly #project: NextionDoubleProject;
  #unread = Buffer.alloc(0);
  #answers = 2;
  #page = '';
  #texts = new Map<string, string>();
  #numbers = new Map<string, number>();
  #brightness = 100;
  /** Answers nothing at all. */
  silent = false;
  /** Instructions that it did not understand, as text: mistakes of the one that speaks to it. */
  readonly problems: string[] = [];
  /** Called with what is on the glass, whenever it changes. */
  onGlass: (glass: NextionGlass) => void = () => undefined;

  constructor(say: (bytes: Buffer) => void, project: NextionDoubleProject = usualProject) {
    this.#say = say;
    this.#project = project;
    this.#reset();
  }

  get glass(): NextionGlass {
    return { page: this.#page, texts: Object.fromEntries(this.#texts), brightness: this.#brightness };
  }

  /** Bytes from the line. */
  take(bytes: Uint8Array): void {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    for (let at = this.#unread.indexOf(Buffer.from(end)); at !== -1; at = this.#unread.indexOf(Buffer.from(end))) {
      const instruction = this.#unread.subarray(0, at).toString('latin1');
      this.#unread = this.#unread.subarray(at + end.length);
      this.#obey(instruction);
    }
    if (this.#unread.length > bufferBytes) {
      this.#unread = Buffer.alloc(0);
      this.#answer(overflow);
    }
  }

  /** The supply dipped: everything that was set is gone, and it says that it is there again. */
  restart(): void {
    this.#unread = Buffer.alloc(0);
    this.#reset();
    this.#say(Buffer.from([0, 0, 0, ...end, 0x88, ...end]));
  }

  /** Somebody touched the glass. */
  touch(): void {
    this.#say(Buffer.from([0x65, 0, 2, 1, ...end]));
  }

  #reset(): void {
    this.#answers = 2;
    this.#page = Object.keys(this.#project.pages)[0] ?? '';
    this.#texts = new Map(this.#project.components.map((component) => [component, '']));
    this.#numbers = new Map();
    this.#brightness = 100;
    this.onGlass(this.glass);
  }

  #obey(instruction: string): void {
    for (const [pattern, act] of this.#grammar) {
      const match = pattern.exec(instruction);
      if (match) {
        act(match[1] ?? '', match[2] ?? '');
        this.onGlass(this.glass);
        return;
      }
    }
    if (instruction !== '') this.problems.push(instruction);
    this.#failed(badInstruction);
  }

  readonly #grammar: readonly (readonly [RegExp, (first: string, second: string) => void])[] = [
    [/^DRAKJHSUYDGBNCJHGJKSHBDN$/, () => undefined],
    [/^connect$/, () => this.#sayText('comok 1,101,NX4024T032_011R,52,61488,D264B8204F0E1828,16777216')],
    [/^bkcmd=([0-3])$/, (level) => this.#succeeded(() => (this.#answers = Number(level)))],
    [/^page (\w+)$/, (page) => this.#turnTo(page)],
    [/^(\w+)\.txt="((?:[^"\\]|\\.)*)"$/, (component, text) => this.#write(component, text)],
    [/^get (\w+)\.txt$/, (component) => this.#read(component)],
    [/^(sys[0-2])=(\d+)$/, (name, value) => this.#succeeded(() => this.#numbers.set(name, Number(value)))],
    [/^get (sys[0-2])$/, (name) => this.#readNumber(name)],
    [/^sendme$/, () => this.#sayBytes(0x66, this.#project.pages[this.#page] ?? 0)],
    [/^dims?=(\d{1,3})$/, (percent) => this.#succeeded(() => (this.#brightness = Math.min(100, Number(percent))))],
    [/^sleep=[01]$/, () => this.#answer(done)],
  ];

  #turnTo(page: string): void {
    if (page in this.#project.pages) this.#succeeded(() => (this.#page = page));
    else this.#failed(badPage, `page ${page}`);
  }

  #write(component: string, text: string): void {
    if (!this.#texts.has(component)) {
      this.#failed(badComponent, `${component}.txt`);
      return;
    }
    const plain = text.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'r' ? '\r' : escaped));
    // What is too long is cut, and nobody is told.
    this.#succeeded(() => this.#texts.set(component, plain.slice(0, this.#project.longestText)));
  }

  #read(component: string): void {
    const text = this.#texts.get(component);
    if (text === undefined) this.#failed(badVariable, `get ${component}.txt`);
    else this.#sayBytes(0x70, ...Buffer.from(text, 'latin1'));
  }

  #readNumber(name: string): void {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(this.#numbers.get(name) ?? 0);
    this.#sayBytes(0x71, ...bytes);
  }

  #succeeded(act: () => unknown): void {
    act();
    if (this.#answers === 1 || this.#answers === 3) this.#answer(done);
  }

  #failed(code: number, what?: string): void {
    if (what !== undefined) this.problems.push(what);
    if (this.#answers >= 2) this.#answer(code);
  }

  #answer(code: number): void {
    this.#sayBytes(code);
  }

  #sayText(text: string): void {
    this.#sayBytes(...Buffer.from(text, 'latin1'));
  }

  #sayBytes(...bytes: readonly number[]): void {
    if (!this.silent) this.#say(Buffer.from([...bytes, ...end]));
  }
}
