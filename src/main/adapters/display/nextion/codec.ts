/**
 * The words that Nextion and TJC panels speak (hardware.md 1.3): instructions are ASCII and end with three FF; answers
 * begin with a code that tells how long they are. No I/O here.
 */

const end = Buffer.from([0xff, 0xff, 0xff]);

/** An instruction as bytes. */
export function instruction(text: string): Buffer {
  return Buffer.concat([Buffer.from(text, 'latin1'), end]);
}

/** Leaves the mode in which a panel passes bytes on unread. */
export const leaveReparse = instruction('DRAKJHSUYDGBNCJHGJKSHBDN');

/** Puts a text into a component. */
export function setText(component: string, text: string): Buffer {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '\\r');
  return instruction(`${component}.txt="${escaped}"`);
}

/** What a panel says. */
export type Answer =
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly code: number }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'page'; readonly page: number }
  | { readonly type: 'connected'; readonly model: string; readonly firmware: string; readonly serial: string }
  /** It has started, or is ready after a start: nothing that was set is there any more. */
  | { readonly type: 'restarted' }
  /** A touch, sleep, waking and the like: nobody asked. */
  | { readonly type: 'event'; readonly code: number };

/** Whole lengths, FF FF FF included: numbers may have FF inside (hardware.md 1.3, framing trap). */
const fixedLengths: Readonly<Record<number, number>> = {
  0x24: 4,
  0x65: 7,
  0x66: 5,
  0x67: 9,
  0x68: 9,
  0x71: 8,
  0x86: 4,
  0x87: 4,
  0x88: 4,
  0x89: 4,
  0xfd: 4,
  0xfe: 4,
};

/** Refusals have these codes: https://nextion.tech/instruction-set/ section 7. */
const isRefusal = (code: number) => code === 0x00 || (code >= 0x02 && code <= 0x24);

/** An answer is never longer; what is, was garbled. Bytes. */
const longest = 1024;

/** Puts bytes together to answers, however they were split; what makes no sense is left out. */
export class AnswerReader {
  #bytes = Buffer.alloc(0);

  /** Takes bytes; gives the answers that are whole now. */
  take(bytes: Uint8Array): Answer[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const answers: Answer[] = [];
    for (let frame = this.#frame(); frame; frame = this.#frame()) {
      const answer = answerOf(frame);
      if (answer) answers.push(answer);
    }
    return answers;
  }

  /** Forgets half an answer. */
  clear(): void {
    this.#bytes = Buffer.alloc(0);
  }

  #frame(): Buffer | undefined {
    const bytes = this.#bytes;
    const [code] = bytes;
    if (code === undefined) return undefined;
    // 00 00 00 FF FF FF is the only answer of six bytes: the beginning of a start.
    const length = isStart(bytes) ? 6 : (fixedLengths[code] ?? lengthByEnd(bytes));
    if (length === undefined || bytes.length < length) {
      if (bytes.length > longest) this.clear();
      return undefined;
    }
    const frame = bytes.subarray(0, length);
    if (!frame.subarray(-3).equals(end)) {
      // Garbled: read on behind the next end.
      const next = bytes.indexOf(end);
      this.#bytes = next === -1 ? Buffer.alloc(0) : bytes.subarray(next + end.length);
      return next === -1 ? undefined : this.#frame();
    }
    this.#bytes = bytes.subarray(length);
    return frame;
  }
}

function isStart(bytes: Buffer): boolean {
  return bytes.length >= 2 && bytes[0] === 0 && bytes[1] === 0;
}

function lengthByEnd(bytes: Buffer): number | undefined {
  const at = bytes.indexOf(end);
  return at === -1 ? undefined : at + end.length;
}

/** Answers that carry something, by their code. */
const meanings: Readonly<Record<number, (frame: Buffer) => Answer>> = {
  0x70: (frame) => ({ type: 'text', text: frame.subarray(1, -3).toString('latin1') }),
  0x71: (frame) => ({ type: 'number', value: frame.readInt32LE(1) }),
  0x66: (frame) => ({ type: 'page', page: frame[1] ?? 0 }),
  0x88: () => ({ type: 'restarted' }),
};

function answerOf(frame: Buffer): Answer | undefined {
  const code = frame[0] ?? 0;
  if (isStart(frame)) return { type: 'restarted' };
  const meaning = meanings[code];
  if (meaning) return meaning(frame);
  if (frame.length === 4 && code === 0x01) return { type: 'done' };
  if (frame.length === 4 && isRefusal(code)) return { type: 'refused', code };
  return code in fixedLengths ? { type: 'event', code } : connectedFrom(frame.subarray(0, -3).toString('latin1'));
}

/** `comok 1,101,NX4024T032_011R,52,61488,D264B8204F0E1828,16777216`, with whatever stood before it. */
function connectedFrom(text: string): Answer | undefined {
  const [, model, firmware, serial] = /comok \d+,[^,]*,([^,]*),([^,]*),[^,]*,([^,]*)/.exec(text) ?? [];
  if (model === undefined || firmware === undefined || serial === undefined) return undefined;
  return { type: 'connected', model, firmware, serial };
}
