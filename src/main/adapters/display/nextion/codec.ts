/**
 * The words of Nextion and TJC panels (hardware: the vendor's instruction set and upload protocol). An instruction is
 * ASCII and ends with FF FF FF; so does an answer, whose first byte says what it is.
 */

/** What a panel says. */
export type NextionAnswer =
  | { readonly type: 'done' }
  | { readonly type: 'refused'; readonly code: number }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'page'; readonly page: number }
  | { readonly type: 'identity'; readonly model: string; readonly firmware: string; readonly serial: string }
  | { readonly type: 'restarted' }
  | { readonly type: 'asleep' }
  | { readonly type: 'other' }
  | { readonly type: 'nonsense' };

const end = Buffer.of(0xff, 0xff, 0xff);

/** Ends whatever half instruction is in the panel's buffer. */
export const terminator: Uint8Array = end;

/** The word that brings a panel back from the protocol in which a program parses everything. */
const leaveReparse = 'DRAKJHSUYDGBNCJHGJKSHBDN';

/** One instruction with its end. */
export function instruction(text: string): Uint8Array {
  return Buffer.concat([Buffer.from(text, 'utf8'), end]);
}

/** Asks who is there; preceded by what ends a half instruction and other protocols. */
export const whoIsThere: Uint8Array = Buffer.concat([end, instruction(leaveReparse), instruction('connect')]);

/** Sets a component's text; quotes and backslashes are written with a backslash before them. */
export function setText(component: string, text: string): Uint8Array {
  return instruction(`${component}.txt="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
}

/** Whole lengths of answers that have a fixed one; their data may hold FF. */
const lengths: Readonly<Record<number, number>> = { 0x65: 7, 0x66: 5, 0x67: 9, 0x68: 9, 0x71: 8 };
const [textAnswer, identityAnswer] = [0x70, 0x63];
/** Longer than any answer: what is longer without an end is nonsense. */
const longestAnswer = 600;

/** Reads answers from a stream of bytes. */
export class NextionParser {
  #held = Buffer.alloc(0);

  /** The answers that these bytes complete. */
  push(bytes: Uint8Array): readonly NextionAnswer[] {
    this.#held = Buffer.concat([this.#held, bytes]);
    const answers: NextionAnswer[] = [];
    for (let length = this.#next(); length > 0; length = this.#next()) {
      answers.push(meaning(this.#held.subarray(0, length)));
      this.#held = this.#held.subarray(length);
    }
    return answers;
  }

  /** How long the first answer is; 0 while it is not whole. */
  #next(): number {
    const held = this.#held;
    const first = held[0];
    if (first === undefined) return 0;
    const fixed = fixedLength(held, first);
    if (fixed === undefined) return this.#throughEnd(0);
    if (held.length < fixed) return 0;
    // Without its end it is nonsense: everything through the next end goes.
    return held.subarray(fixed - 3, fixed).equals(end) ? fixed : this.#throughEnd(1);
  }

  #throughEnd(from: number): number {
    const at = this.#held.indexOf(end, from);
    if (at >= 0) return at + 3;
    return this.#held.length > longestAnswer ? this.#held.length : 0;
  }
}

/** Undefined for answers that last until FF FF FF. */
function fixedLength(held: Buffer, first: number): number | undefined {
  if (first === textAnswer || first === identityAnswer) return undefined;
  if (first === 0 && held[1] === 0) return 6;
  return lengths[first] ?? 4;
}

const restarted = Buffer.of(0, 0, 0, 0xff, 0xff, 0xff);
const refusals = [
  0x00, 0x02, 0x03, 0x04, 0x05, 0x06, 0x09, 0x11, 0x12, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x23, 0x24,
];

function meaning(answer: Buffer): NextionAnswer {
  const [code = 0] = answer;
  if (!answer.subarray(-3).equals(end)) return { type: 'nonsense' };
  if (answer.equals(restarted)) return { type: 'restarted' };
  if (code === textAnswer) return { type: 'text', text: answer.subarray(1, -3).toString('utf8') };
  if (code === identityAnswer) return identity(answer.subarray(0, -3).toString('latin1'));
  if (answer.length !== (lengths[code] ?? 4)) return { type: 'nonsense' };
  if (code === 0x71) return { type: 'number', value: answer.readInt32LE(1) };
  if (code === 0x66) return { type: 'page', page: answer[1] ?? 0 };
  return oneByte(code);
}

function oneByte(code: number): NextionAnswer {
  if (code === 0x01) return { type: 'done' };
  if (code === 0x86) return { type: 'asleep' };
  if (code === 0x88) return { type: 'restarted' };
  return refusals.includes(code) ? { type: 'refused', code } : { type: 'other' };
}

function identity(text: string): NextionAnswer {
  const match = /^comok [01],[^,]*,([^,]*),([^,]*),[^,]*,([^,]*),[^,]*$/.exec(text);
  if (!match) return { type: 'nonsense' };
  const [, model = '', firmware = '', serial = ''] = match;
  return { type: 'identity', model, firmware, serial };
}
