/**
 * What a printer says, told apart by the fixed bits of its bytes (hardware.md 2.3). Nothing frames the answers, so the
 * questions must be few: one that needs an answer at a time.
 */
export type Answer =
  /** To `DLE EOT`, in real time. */
  | { readonly type: 'realTime'; readonly status: number }
  /** Automatic status back, four bytes; sent without being asked. */
  | { readonly type: 'automatic'; readonly status: Uint8Array }
  /** To `GS ( H` function 48: everything before it is printed. */
  | { readonly type: 'processId'; readonly id: string }
  /** To `GS r`, in turn. */
  | { readonly type: 'queued'; readonly status: number }
  /** XON or XOFF of a serial line. */
  | { readonly type: 'flow' }
  /** What fits nothing: the status is unknown. */
  | { readonly type: 'unexpected'; readonly bytes: Uint8Array };

const HEADER = 0x37;
const PROCESS_ID = 0x22;
const END = 0x00;
const XON = 0x11;
const XOFF = 0x13;
/** Of other blocks that begin with 37h: QR code sizes are the longest. */
const longestBlock = 40;

const isRealTime = (byte: number): boolean => (byte & 0x93) === 0x12;
const isAutomaticStart = (byte: number): boolean => (byte & 0x93) === 0x10;
const isStatus = (byte: number): boolean => (byte & 0x90) === 0x00;
const isBlockCharacter = (byte: number): boolean => byte >= 0x1f && byte <= 0x7e;

/** Takes bytes as they come, in whatever pieces, and gives the answers that they complete. */
export class AnswerParser {
  #held: number[] = [];

  push(bytes: Uint8Array): readonly Answer[] {
    return Array.from(bytes).flatMap((byte) => this.#take(byte));
  }

  /** Forgets an answer of which only the beginning came. */
  reset(): void {
    this.#held = [];
  }

  #take(byte: number): readonly Answer[] {
    const [first] = this.#held;
    if (first === undefined) return this.#begin(byte);
    return first === HEADER ? this.#block(byte) : this.#automatic(byte);
  }

  #begin(byte: number): readonly Answer[] {
    if (byte === HEADER || isAutomaticStart(byte)) {
      this.#held = [byte];
      return [];
    }
    if (isRealTime(byte)) return [{ type: 'realTime', status: byte }];
    if (byte === XON || byte === XOFF) return [{ type: 'flow' }];
    if (isStatus(byte)) return [{ type: 'queued', status: byte }];
    return [{ type: 'unexpected', bytes: Uint8Array.of(byte) }];
  }

  #automatic(byte: number): readonly Answer[] {
    if (!isStatus(byte)) return this.#broken(byte);
    this.#held.push(byte);
    return this.#held.length < 4 ? [] : [{ type: 'automatic', status: this.#release() }];
  }

  #block(byte: number): readonly Answer[] {
    if (byte === END && this.#held.length > 1) return [this.#blockAnswer(this.#release())];
    if (!isBlockCharacter(byte) || this.#held.length >= longestBlock) return this.#broken(byte);
    this.#held.push(byte);
    return [];
  }

  #blockAnswer(bytes: Uint8Array): Answer {
    const [, kind, ...id] = bytes;
    if (kind === PROCESS_ID && id.length === 4) return { type: 'processId', id: String.fromCharCode(...id) };
    return { type: 'unexpected', bytes };
  }

  /** What was begun is not what it seemed; the byte that broke it may begin something itself. */
  #broken(byte: number): readonly Answer[] {
    return [{ type: 'unexpected', bytes: this.#release() }, ...this.#begin(byte)];
  }

  #release(): Uint8Array {
    const bytes = Uint8Array.from(this.#held);
    this.#held = [];
    return bytes;
  }
}
