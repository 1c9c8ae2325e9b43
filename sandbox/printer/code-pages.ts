/**
 * What the bytes 80 to FF mean on each code page, and by which number each maker selects it (`ESC t n`). The tables are
 * those of Python's codecs (scripts/code-pages.py), apart from whatever encoder the sender uses, so that one mistake cannot
 * write and read itself. The numbers are those that the package receipt-printer-encoder 4.0.1 knows of each maker.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** A code page: what each byte above 7F means; undefined where the page is empty. */
export interface CodePage {
  /** As Python calls it. */
  readonly name: string;
  decode(byte: number): string | undefined;
}

const tablesSchema = z.record(z.string(), z.string().length(128));
const makersSchema = z.record(z.string(), z.record(z.string(), z.string()));

const isEmpty = (character: string | undefined): boolean =>
  character === undefined || /^[\u0080-\u009f\ufffd]$/u.test(character);

function fromTable(name: string, upperHalf: string): CodePage {
  const upper = Array.from(upperHalf);
  return {
    name,
    decode(byte) {
      if (byte < 0x80) return String.fromCharCode(byte);
      const character = upper[byte - 0x80];
      return isEmpty(character) ? undefined : character;
    },
  };
}

function read<Value>(file: string, schema: z.ZodType<Value>): Value {
  return schema.parse(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')));
}

/** The makers whose numbers are known. */
export function makers(): readonly string[] {
  return Object.keys(read('makers.json', makersSchema));
}

/** Whose numbers a printer has that is like one of the terminal's profiles. */
export function makerOfProfile(profile: string): string {
  const family = profile.replace(/-\d+(?:mm)?$/, '');
  if (family === 'clone') return profile.endsWith('58mm') ? 'pos-5890' : 'pos-8360';
  return family;
}

/** The code pages that a printer of this maker has, by its numbers. @throws Error for an unknown maker */
export function loadCodePages(maker = 'epson'): ReadonlyMap<number, CodePage> {
  const tables = read('code-pages.json', tablesSchema);
  const numbers = read('makers.json', makersSchema)[maker];
  if (!numbers) throw new Error(`No code pages are known of the maker ${maker}.`);
  return new Map(
    Object.entries(numbers).map(([number, name]) => [Number(number), fromTable(name, tables[name] ?? '')] as const),
  );
}
