import type { Command } from './commands.ts';
import { encode } from './encode.ts';

/**
 * A job in pieces of whole commands, about so many bytes each: between two of them the printer can be asked how it is
 * doing, which must not happen inside a command's data (hardware.md 2.3). Small printers hold 4 KB.
 */
export function bandsOf(commands: readonly Command[], bandBytes: number): readonly Buffer[] {
  const whole = encode(commands);
  const endOf = (count: number): number =>
    count >= commands.length ? whole.length : encode(commands.slice(0, count)).length;
  const bands: Buffer[] = [];
  let from = { count: 0, at: 0 };
  while (whole.length - from.at > bandBytes) {
    const count = firstFrom(from.count + 1, commands.length, (candidate) => endOf(candidate) >= from.at + bandBytes);
    const at = endOf(count);
    bands.push(whole.subarray(from.at, at));
    from = { count, at };
  }
  if (from.at < whole.length) bands.push(whole.subarray(from.at));
  return bands;
}

/** The first number from `low` to `high` for which it is true, which it then is for all that follow. */
function firstFrom(low: number, high: number, isTrue: (candidate: number) => boolean): number {
  let [first, last] = [low, high];
  while (first < last) {
    const middle = (first + last) >> 1;
    if (isTrue(middle)) last = middle;
    else first = middle + 1;
  }
  return last;
}

/** How many bytes the first command has. */
export function lengthOfFirst(commands: readonly Command[]): number {
  return encode(commands.slice(0, 1)).length;
}
