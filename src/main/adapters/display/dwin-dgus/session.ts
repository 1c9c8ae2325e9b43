import { plain, fitting } from '../../../core/display/plain.ts';
import type { Showing } from '../../../core/display/showing.ts';
import type { Stop } from '../../../ports/clock.ts';
import type { DisplayIdentity, DisplaySession } from '../../../ports/display.ts';
import { Conversation } from '../conversation.ts';
import { displayError } from '../problems.ts';
import type { SessionParts } from '../serial-display.ts';
import { tries } from '../tries.ts';
import { DgusParser, flush, longestRead, longestWrite, readFrame, writeFrame, type DgusAnswer } from './codec.ts';

/** What depends on the project that is loaded into the panel. */
export interface DgusProject {
  readonly page: number;
  readonly blankPage: number;
  /** Variable of the QR control. */
  readonly codeAddress: number;
  readonly longestCode: number;
  /** Variables of the text controls for the title and the amount; fewer when there is no room. */
  readonly lineAddresses: readonly number[];
  /** Characters that each has room for. */
  readonly longestLine: number;
  readonly characters: 'ascii' | 'utf-16';
  /** Whether the panel's settings (CFG) ask for a CRC. */
  readonly crc: boolean;
}

interface Variable {
  readonly address: number;
  readonly data: Buffer;
}

/** System variables: version, brightness, page to be, page that is. */
const system = { version: 0x000f, brightness: 0x0082, turnTo: 0x0084, page: 0x0014 };
const turnKey = [0x5a, 0x01];
/** Reads ask for a few words more than they need, a different number each time: so an answer tells its question. */
const disguises = 8;

/** One connection to a DWIN DGUS II panel or a clone. */
export class DgusSession implements DisplaySession {
  readonly #project: DgusProject;
  readonly #line: Conversation<DgusAnswer>;
  readonly #parser: DgusParser;
  #reads = 0;
  /** The panel may be in the middle of a frame. */
  #inDoubt = true;

  constructor(project: DgusProject, { connection, clock, answerMs, bytesPerSecond }: SessionParts) {
    this.#project = project;
    this.#parser = new DgusParser(project.crc);
    this.#line = new Conversation<DgusAnswer>({
      connection,
      clock,
      answerMs,
      bytesPerSecond,
      parse: (bytes) => this.#parser.push(bytes),
      // Acknowledgements prove nothing, and what the panel tells of touches is not for us.
      onUnasked: () => undefined,
    });
  }

  get isClosed(): boolean {
    return this.#line.isClosed;
  }

  async identify(signal: AbortSignal): Promise<DisplayIdentity> {
    const heardBefore = this.#line.heardBytes;
    try {
      const version = await tries(this, signal, async () => {
        // What stood there before this connection is hidden first of all: on a bad line the rest may take seconds.
        await this.#hide();
        return this.#read(system.version, 1);
      });
      return { firmware: version.toString('hex') };
    } catch (error) {
      // Something talks, but not like a panel: another device, another speed, or with a CRC and we without.
      throw this.#line.heardBytes > heardBefore && !this.isClosed ? displayError('display_wrong_device', error) : error;
    }
  }

  init(signal: AbortSignal): Promise<void> {
    return this.clear(signal);
  }

  /** Old and new never stand together: what is there is hidden until all of the new is. */
  async show(showing: Showing, signal: AbortSignal): Promise<void> {
    this.#assertWanted(signal);
    await this.#hide();
    for (const variable of this.#variables(showing)) {
      this.#assertWanted(signal);
      await this.#write(variable);
      // The answer to the question comes after the write: it needs no acknowledgement.
      if (!(await this.#holds(variable))) throw displayError('display_wrong_content');
    }
    this.#assertWanted(signal);
    await this.#turnTo(this.#project.page);
    if ((await this.check(showing, signal)) === 'wrong') throw displayError('display_wrong_content');
  }

  async check(showing: Showing, signal: AbortSignal): Promise<'right' | 'wrong'> {
    this.#assertWanted(signal);
    if ((await this.#read(system.page, 1)).readUInt16BE(0) !== this.#project.page) return 'wrong';
    for (const variable of this.#variables(showing)) {
      this.#assertWanted(signal);
      if (!(await this.#holds(variable))) return 'wrong';
    }
    return 'right';
  }

  async clear(signal: AbortSignal): Promise<void> {
    const { blankPage } = this.#project;
    const empty = this.#variables({ view: 'idle', code: null, title: '', amount: '' });
    this.#inDoubt = true;
    await tries(this, signal, async () => {
      // Without waiting for anything: the page first, which hides everything at once.
      await this.#hide();
      for (const variable of empty) await this.#write(variable);
      await this.#turnTo(blankPage);
      const page = await this.#read(system.page, 1);
      if (page.readUInt16BE(0) !== blankPage) throw displayError('display_refused');
    });
  }

  async setBrightness(percent: number, signal: AbortSignal): Promise<void> {
    this.#assertWanted(signal);
    await this.#line.send(writeFrame(system.brightness, Uint8Array.of(Math.round(percent)), this.#project.crc));
  }

  /** A panel says nothing when it restarts; it is seen when what it shows is checked. */
  onDidReset(): Stop {
    return () => undefined;
  }

  onDidClose(callback: (reason: string) => void): Stop {
    return this.#line.onDidClose(callback);
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  #assertWanted(signal: AbortSignal): void {
    if (signal.aborted) throw displayError('display_given_up');
  }

  #variables({ code, title, amount }: Showing): readonly Variable[] {
    const { codeAddress, lineAddresses, longestLine, characters } = this.#project;
    // Two zeros end the code, and one more makes its length even.
    const codeBytes = Buffer.from(code ?? '', 'latin1');
    const lines = [title, amount].map((line) => lineBytes(line, longestLine, characters));
    return [
      ...lineAddresses.map((address, index) => ({ address, data: lines[index] ?? Buffer.of(0xff, 0xff) })),
      { address: codeAddress, data: Buffer.concat([codeBytes, Buffer.alloc(2 + (codeBytes.length % 2))]) },
    ];
  }

  /** The last part first and the first part last: what is half written never is a whole code. */
  async #write({ address, data }: Variable): Promise<void> {
    await this.#outOfDoubt();
    for (let at = Math.floor((data.length - 1) / longestWrite) * longestWrite; at >= 0; at -= longestWrite) {
      const part = data.subarray(at, at + longestWrite);
      await this.#line.send(writeFrame(address + at / 2, part, this.#project.crc));
    }
  }

  async #holds({ address, data }: Variable): Promise<boolean> {
    const found = await this.#read(address, data.length / 2);
    return found.equals(data);
  }

  /**
   * Turns to the page on which nothing is seen. In the middle of a frame a panel takes this for a part of that; but mostly
   * it is in the middle of none, and then it hides a third of a second earlier on a slow line.
   */
  async #hide(): Promise<void> {
    const { blankPage } = this.#project;
    if (this.#inDoubt) await this.#turnTo(blankPage);
    await this.#outOfDoubt();
    await this.#turnTo(blankPage);
  }

  async #turnTo(page: number): Promise<void> {
    await this.#line.send(
      writeFrame(system.turnTo, Uint8Array.of(...turnKey, page >> 8, page & 0xff), this.#project.crc),
    );
  }

  async #read(address: number, words: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let at = 0; at < words; at += longestRead) {
      parts.push(await this.#readPart(address + at, Math.min(longestRead, words - at)));
    }
    return Buffer.concat(parts);
  }

  async #readPart(address: number, words: number): Promise<Buffer> {
    await this.#outOfDoubt();
    this.#reads += 1;
    const asked = words + (this.#reads % disguises);
    try {
      const data = await this.#line.ask({
        bytes: readFrame(address, asked, this.#project.crc),
        answerBytes: 9 + 2 * asked,
        accept: (answer) =>
          answer.type === 'words' && answer.address === address && answer.words === asked ? answer.data : undefined,
      });
      return data.subarray(0, 2 * words);
    } catch (error) {
      this.#inDoubt = true;
      throw error;
    }
  }

  async #outOfDoubt(): Promise<void> {
    if (!this.#inDoubt) return;
    this.#parser.forget();
    await this.#line.send(flush);
    this.#inDoubt = false;
  }
}

function lineBytes(line: string, longest: number, characters: DgusProject['characters']): Buffer {
  const end = Buffer.of(0xff, 0xff);
  if (characters === 'utf-16') return Buffer.concat([Buffer.from(fitting(line, longest), 'utf16le').swap16(), end]);
  const bytes = Buffer.from(fitting(plain(line), longest), 'latin1');
  return Buffer.concat([bytes, end, Buffer.alloc(bytes.length % 2, 0xff)]);
}
