/**
 * Frames of DWIN's DGUS II and its clones: 5A A5, a length, a command, and where the panel's settings say so a CRC. What is
 * shown lies in 16-bit variables, the high byte first.
 */

/** What a panel says. An acknowledgement names no write; some panels send it all the time, some never. */
export type DgusAnswer =
  | { readonly type: 'acknowledged' }
  | { readonly type: 'words'; readonly address: number; readonly words: number; readonly data: Buffer }
  | { readonly type: 'nonsense' };

const header = Buffer.of(0x5a, 0xa5);
const [write, read] = [0x82, 0x83];
/** A frame has its length in one byte. */
const longestFrame = 255;
/** Data bytes in one write: what public tools send to these panels. */
export const longestWrite = 240;
/** Words in one answer. */
export const longestRead = 112;

/** Puts data into the variables from an address on. */
export function writeFrame(address: number, data: Uint8Array, crc: boolean): Uint8Array {
  return frame(Buffer.concat([Buffer.of(write, address >> 8, address & 0xff), data]), crc);
}

/** Asks for that many words from an address on. */
export function readFrame(address: number, words: number, crc: boolean): Uint8Array {
  return frame(Buffer.of(read, address >> 8, address & 0xff, words), crc);
}

/** Ends a half frame in the panel's parser: no frame is longer, and without a header they mean nothing. */
export const flush: Uint8Array = new Uint8Array(longestFrame);

function frame(body: Buffer, crc: boolean): Uint8Array {
  const check = crc ? modbusCrc(body) : Buffer.alloc(0);
  return Buffer.concat([header, Buffer.of(body.length + check.length), body, check]);
}

/** CRC-16/MODBUS, the low byte first. */
export function modbusCrc(bytes: Uint8Array): Buffer {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Buffer.of(crc & 0xff, crc >> 8);
}

/** Reads answers from a stream of bytes. */
export class DgusParser {
  #held = Buffer.alloc(0);
  readonly #crc: boolean;

  constructor(crc: boolean) {
    this.#crc = crc;
  }

  /** The answers that these bytes complete. */
  push(bytes: Uint8Array): readonly DgusAnswer[] {
    this.#held = Buffer.concat([this.#held, bytes]);
    const answers: DgusAnswer[] = [];
    for (;;) {
      const at = this.#held.indexOf(header);
      // The last byte may be the first of a header.
      if (at < 0) this.#held = this.#held.subarray(Math.max(0, this.#held.length - 1));
      else this.#held = this.#held.subarray(at);
      const length = this.#held[2] ?? 0;
      if (at < 0 || this.#held.length < 3 || this.#held.length < 3 + length) return answers;
      const answer = meaning(this.#held.subarray(3, 3 + length), this.#crc);
      // After nonsense a header may be anywhere, inside of it too.
      this.#held = this.#held.subarray(answer.type === 'nonsense' ? 2 : 3 + length);
      answers.push(answer);
    }
  }

  /** What is half there was the beginning of nothing. */
  forget(): void {
    this.#held = Buffer.alloc(0);
  }
}

const okay = Buffer.of(write, 0x4f, 0x4b);

function meaning(frameBody: Buffer, crc: boolean): DgusAnswer {
  const body = crc ? frameBody.subarray(0, -2) : frameBody;
  if (crc && !modbusCrc(body).equals(frameBody.subarray(-2))) return { type: 'nonsense' };
  if (body.equals(okay)) return { type: 'acknowledged' };
  const words = body[3] ?? 0;
  if (body[0] !== read || body.length !== 4 + 2 * words) return { type: 'nonsense' };
  return { type: 'words', address: body.readUInt16BE(1), words, data: Buffer.from(body.subarray(4)) };
}
