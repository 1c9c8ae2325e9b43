import { Double } from '../base.ts';
import type { CommonFaults, Glass, Timer } from '../types.ts';

/** What may go wrong with a DGUS panel. */
export interface DgusFaults extends CommonFaults {
  /** Obeys without the acknowledgement, as some firmware does. */
  readonly unacknowledged: boolean;
  /** Acknowledges again and again, as some do when idle. */
  readonly strayAcknowledgements: boolean;
  /** Asks for a CRC and sends one. */
  readonly crc: boolean;
  /** Characters of a code that it keeps; the rest is lost. */
  readonly longestCode: number;
  /** Tells of a touch before each answer. */
  readonly touched: boolean;
  /** Its speed is another one: what it hears and says is noise. */
  readonly wrongSpeed: boolean;
}

/** The project that is loaded into the panel. */
export interface DgusDoubleProject {
  readonly page: number;
  readonly code: number;
  readonly lines: readonly number[];
}

/** The project that docs/hardware.md tells to make. */
export const usualDgusProject: DgusDoubleProject = { page: 1, code: 0x5000, lines: [0x5100, 0x5180] };

const header = Buffer.of(0x5a, 0xa5);
const [write, read] = [0x82, 0x83];
const [brightness, turnTo, page, reset] = [0x0082, 0x0084, 0x0014, 0x0004];
/** What the QR control holds at most (its maker's manual). */
const mostCodeBytes = 458;
const mostLineWords = 60;

function crcOf(bytes: Uint8Array): Buffer {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >> 1) ^ ((crc & 1) * 0xa001);
  }
  return Buffer.of(crc & 0xff, (crc >> 8) & 0xff);
}

/** A DWIN DGUS II panel without the panel: variables in a memory of words, which its controls show. */
export class DgusDouble extends Double<DgusFaults> {
  readonly #project: DgusDoubleProject;
  #held = Buffer.alloc(0);
  #memory = new Map<number, number>();
  protected override readonly startMs = 1_200;

  constructor({ timer, project = usualDgusProject }: { readonly timer: Timer; readonly project?: DgusDoubleProject }) {
    super(timer, {
      silent: false,
      slowMs: 0,
      unacknowledged: false,
      strayAcknowledgements: false,
      crc: false,
      longestCode: mostCodeBytes,
      touched: false,
      wrongSpeed: false,
    });
    this.#project = project;
    this.restart();
  }

  glass(): Glass {
    if (this.isOff) return { lit: false, code: null, lines: [] };
    if (this.#word(page) !== this.#project.page) return { lit: true, code: null, lines: [] };
    const code = this.#text(this.#project.code, mostCodeBytes / 2, [0x0000, 0xffff]);
    const lines = this.#project.lines.map((address) => this.#text(address, mostLineWords, [0xffff]));
    return { lit: true, code: code === '' ? null : code, lines: lines.filter((line) => line !== '') };
  }

  protected restart(): void {
    this.#held = Buffer.alloc(0);
    this.#memory = new Map([[0x000f, 0x1061]]);
    // Variables of texts begin empty.
    for (const address of this.#project.lines) this.#memory.set(address, 0xffff);
  }

  /** It says nothing when it starts. */
  protected started(): void {
    this.#held = Buffer.alloc(0);
  }

  protected take(bytes: Uint8Array): void {
    if (this.faults().wrongSpeed) {
      this.send(Buffer.from(bytes.map((byte) => (byte * 7 + 13) & 0xff)));
      return;
    }
    this.#held = Buffer.concat([this.#held, bytes]);
    for (;;) {
      const at = this.#held.indexOf(header);
      if (at < 0) {
        this.#drop(Math.max(0, this.#held.length - 1));
        return;
      }
      this.#drop(at);
      const length = this.#held[2];
      if (length === undefined || this.#held.length < 3 + length) return;
      const body = Buffer.from(this.#held.subarray(3, 3 + length));
      this.#held = this.#held.subarray(3 + length);
      this.inTurn(() => {
        this.#obey(body);
      });
    }
  }

  /** Bytes outside of frames. Zeros are what ends half frames. */
  #drop(count: number): void {
    if (this.#held.subarray(0, count).some((byte) => byte !== 0)) this.complain('Bytes came that are no frame.');
    this.#held = this.#held.subarray(count);
  }

  #obey(whole: Buffer): void {
    const { crc } = this.faults();
    const body = crc ? whole.subarray(0, -2) : whole;
    if (crc && !crcOf(body).equals(whole.subarray(-2))) {
      this.complain('The CRC of a frame is wrong; the frame is ignored.');
      return;
    }
    if (body.length < 4) this.complain('A frame is too short to mean anything.');
    else if (body[0] === write) this.#write(body.readUInt16BE(1), body.subarray(3));
    else if (body[0] === read) this.#tell(body);
    else this.complain(`There is no command ${(body[0] ?? 0).toString(16)}.`);
  }

  #write(address: number, data: Buffer): void {
    if (data.length % 2 !== 0 && address !== brightness) {
      this.complain(`Half a word was written to ${address.toString(16)}.`);
      return;
    }
    if (address === reset && data.equals(Buffer.of(0x55, 0xaa, 0x5a, 0xa5))) {
      this.powerCycle();
      return;
    }
    if (address === turnTo && data[0] === 0x5a && data[1] === 0x01 && data.length === 4) {
      this.#memory.set(page, data.readUInt16BE(2));
    } else this.#store(address, data);
    if (!this.faults().unacknowledged) this.#say(Buffer.of(write, 0x4f, 0x4b));
    if (this.faults().strayAcknowledgements) this.#say(Buffer.of(write, 0x4f, 0x4b));
  }

  #store(address: number, data: Buffer): void {
    const { code } = this.#project;
    for (let at = 0; at + 1 < data.length; at += 2) {
      const where = (address + at / 2) & 0xffff;
      const lost = where >= code && (where - code) * 2 >= this.faults().longestCode && where < code + mostCodeBytes / 2;
      this.#memory.set(where, lost ? 0 : data.readUInt16BE(at));
    }
  }

  #tell(body: Buffer): void {
    const [address, words] = [body.readUInt16BE(1), body[3] ?? 0];
    if (body.length !== 4 || words === 0 || words > 124) {
      this.complain('A question for words has a wrong length.');
      return;
    }
    if (this.faults().strayAcknowledgements) this.#say(Buffer.of(write, 0x4f, 0x4b));
    if (this.faults().touched) this.#say(Buffer.of(read, 0x60, 0x00, 1, 0x00, 0x01));
    const answer = Buffer.alloc(4 + 2 * words);
    body.copy(answer, 0, 0, 4);
    for (let at = 0; at < words; at += 1) answer.writeUInt16BE(this.#word((address + at) & 0xffff), 4 + 2 * at);
    this.#say(answer);
  }

  #word(address: number): number {
    return this.#memory.get(address) ?? 0;
  }

  /** The bytes from an address on, to the first of these words. */
  #text(address: number, words: number, ends: readonly number[]): string {
    const bytes: number[] = [];
    for (let at = 0; at < words; at += 1) {
      const word = this.#word(address + at);
      if (ends.includes(word)) break;
      bytes.push(word >> 8, word & 0xff);
    }
    const text = Buffer.from(bytes);
    const end = text.findIndex((byte) => byte === 0 || byte === 0xff);
    return text.subarray(0, end < 0 ? text.length : end).toString('latin1');
  }

  #say(body: Buffer): void {
    const check = this.faults().crc ? crcOf(body) : Buffer.alloc(0);
    this.send(Buffer.concat([header, Buffer.of(body.length + check.length), body, check]));
  }
}
