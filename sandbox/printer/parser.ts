import { LEAD, ruleFor, SINGLE_BYTES } from './commands.ts';
import type { Command } from './types.ts';

/** Bytes in, commands out; keeps what is not yet complete. */
export interface Parser {
  /** The commands that these bytes complete, in order. A run of characters may come in several pieces. */
  push(bytes: Uint8Array): readonly Command[];
  /** How many bytes of an unfinished command are held. */
  pending(): number;
  /** Ends the stream: gives the unfinished command as a sentence, and forgets it. */
  end(): string | undefined;
}

/** The whole length of what begins here, with its name; undefined while more bytes are needed. */
interface Measured {
  readonly name: string;
  readonly length: number;
  readonly opcode: number;
}

const LEADS: readonly number[] = Object.values(LEAD);
const FIRST_PRINTABLE = 0x20;

/** Bytes as people write them: `1B 40`; the first sixteen. */
export function hex(bytes: Uint8Array): string {
  const shown = [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
  return bytes.length > 16 ? `${shown} …` : shown;
}

function measureText(bytes: Uint8Array): Measured {
  const end = bytes.findIndex((byte) => byte < FIRST_PRINTABLE);
  return { name: 'text', length: end < 0 ? bytes.length : end, opcode: 0 };
}

function measureCommand(bytes: Uint8Array, lead: number): Measured | undefined {
  const code = bytes[1];
  if (code === undefined) return undefined;
  const rule = ruleFor(lead, code);
  if (rule === undefined) return { name: 'unknown', length: 2, opcode: 0 };
  const third = bytes[2];
  if (rule.opcode === 3 && third === undefined) return undefined;
  const length = rule.measure(bytes);
  if (length === undefined || length > bytes.length) return undefined;
  const name = rule.opcode === 3 ? `${rule.name} ${String.fromCharCode(third ?? 0)}` : rule.name;
  return { name, length, opcode: rule.opcode };
}

function measure(bytes: Uint8Array): Measured | undefined {
  const first = bytes[0];
  if (first === undefined) return undefined;
  if (first >= FIRST_PRINTABLE) return measureText(bytes);
  if (LEADS.includes(first)) return measureCommand(bytes, first);
  const single = SINGLE_BYTES.get(first);
  return single === undefined ? { name: 'unknown', length: 1, opcode: 0 } : { name: single, length: 1, opcode: 1 };
}

/** A parser for one stream, at its beginning. */
export function createParser(): Parser {
  let held: Uint8Array = new Uint8Array(0);
  let position = 0;
  return {
    push(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const commands: Command[] = [];
      for (let next = measure(held); next !== undefined; next = measure(held)) {
        const whole = Uint8Array.from(held.subarray(0, next.length));
        commands.push({ name: next.name, at: position, bytes: whole, parameters: whole.subarray(next.opcode) });
        position += next.length;
        held = held.subarray(next.length);
      }
      held = Uint8Array.from(held);
      return commands;
    },
    pending: () => held.length,
    end() {
      if (held.length === 0) return undefined;
      const sentence = `The connection ended inside a command: ${String(held.length)} bytes at ${String(position)} (${hex(held)}) wait for the rest of it.`;
      held = new Uint8Array(0);
      return sentence;
    },
  };
}
