import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { readJournal } from '../../src/main/adapters/journal/read.ts';
import { decide, newState } from '../../src/main/core/bill/decide.ts';
import type { JournalDamage } from '../../src/main/core/bill/event.ts';
import type { Bill, Receipt, TerminalState } from '../../src/main/core/bill/state.ts';
import { JournalError, type JournalPort } from '../../src/main/ports/journal.ts';
import type { Notice } from '../../src/main/ports/terminal.ts';
import { Chance } from '../sim/mischief.ts';
import { copyJournal, parts } from './recorded.ts';

/** Everything that a sound journal gives. */
export interface Truth {
  readonly path: string;
  /** The hash of each entry, by its revision. */
  readonly hashes: ReadonlyMap<number, string>;
  readonly state: TerminalState;
  readonly bills: readonly Bill[];
  readonly receipts: readonly Receipt[];
  readonly notices: readonly Notice[];
  /** What each key of the till made. */
  readonly keys: ReadonlyMap<string, unknown>;
}

const everything = 1_000_000;

/** Reads a sound journal, all of it, from a copy in that folder. */
export function truthOf(path: string, folder: string): Truth {
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, 'truth.db');
  copyJournal(path, copy);
  const hashes = hashesIn(copy);
  const journal = openJournal(copy, { reserveBytes: 0 });
  try {
    const state = journal.load();
    if (!state || journal.damage()) throw new Error('What is to be damaged must be sound first.');
    const notices = journal.noticesAfter(0, everything);
    const ids = [...new Set(notices.flatMap(({ data }) => data.bill?.id ?? []))];
    const bills = ids.flatMap((id) => journal.bill(id) ?? []);
    const receipts = Array.from({ length: state.receiptsMade }, (_, index) => journal.receipt(index + 1));
    const keys = bills.flatMap(({ idempotency }) => idempotency?.key ?? []);
    return {
      path,
      hashes,
      state,
      bills,
      receipts: receipts.filter((each) => each !== null),
      notices,
      keys: new Map(keys.map((key) => [key, journal.earlier(key)])),
    };
  } finally {
    journal.close();
  }
}

function hashesIn(path: string): ReadonlyMap<number, string> {
  const reader = readJournal(path);
  try {
    return new Map([...reader.entries()].map(({ entry, hash }) => [entry.revision, hash]));
  } finally {
    reader.close();
  }
}

/** What was done to the files, and what became of it. */
export interface Outcome {
  readonly what: string;
  /** `unharmed`: nothing that counts was touched. `saved`: told, and nothing lost. `lost`: told, with what is gone. */
  readonly result: 'unharmed' | 'saved' | 'lost';
  readonly entriesLost: number;
  /** What should not be; empty when the promise was kept. */
  readonly failures: readonly string[];
}

/** Damages a copy of the journal as the seed has it, opens it as a terminal does, and holds it against the truth. */
export function damageCase(truth: Truth, seed: number, folder: string): Outcome {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'journal.db');
  copyJournal(truth.path, path);
  const what = harm(path, new Chance(seed));
  try {
    const journal = openJournal(path, { reserveBytes: 0 });
    const damage = journal.damage();
    const failures: string[] = [];
    try {
      failures.push(...judged(truth, journal, damage));
      failures.push(...goesOn(truth, journal, damage));
    } finally {
      journal.close();
    }
    const lost = [...missing(truth, path)];
    const gone = (revision: number) => damage?.gaps.some(({ first, last }) => first <= revision && revision <= last);
    const silent = lost.filter((revision) => !gone(revision));
    if (silent.length > 0) failures.push(`Entries ${silent.join(', ')} are gone, and nobody was told.`);
    failures.push(...soundAgain(path));
    const result = damage === null ? 'unharmed' : lost.length > 0 ? 'lost' : 'saved';
    return { what, result, entriesLost: lost.length, failures };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    return { what, result: 'lost', entriesLost: truth.hashes.size, failures: [`It does not start: ${error.message}`] };
  }
}

/** One truncation, or one to three bits, somewhere in one of the files. */
function harm(path: string, chance: Chance): string {
  const there = parts.filter((part) => existsSync(path + part) && statSync(path + part).size > 0);
  const file = path + chance.one('file', there);
  const name = file.slice(path.length) || 'file';
  const { size } = statSync(file);
  if (chance.draw('kind') < 0.4) {
    const length = chance.between('length', 0, size - 1);
    truncateSync(file, length);
    return `${name} cut to ${length} of ${size} bytes`;
  }
  const bytes = readFileSync(file);
  const bits = Array.from({ length: chance.between('bits', 1, 3) }, () => chance.between('bit', 0, size * 8 - 1));
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  writeFileSync(file, bytes);
  return `${name} of ${size} bytes: bits ${bits.join(', ')} turned`;
}

/** What the opened journal says, against the truth. */
function judged(truth: Truth, journal: JournalPort, damage: JournalDamage | null): string[] {
  const failures: string[] = [];
  const state = journal.load();
  const sure = damage === null || !damage.doubt;
  if (sure && !isDeepStrictEqual(state, truth.state)) failures.push('The state is another one, and nobody was told.');
  if (damage?.doubt && damage.receiptsMade < truth.state.receiptsMade)
    failures.push('A receipt number may be repeated.');
  if (damage?.doubt && damage.effectsMade < truth.state.effectsMade) failures.push('An effect id may be repeated.');
  if (damage && damage.gaps.length > 0) return failures;
  for (const bill of truth.bills) {
    if (!isDeepStrictEqual(journal.bill(bill.id), bill)) failures.push(`Bill ${bill.number} is another one.`);
  }
  for (const receipt of truth.receipts) {
    if (!isDeepStrictEqual(journal.receipt(receipt.number), receipt))
      failures.push(`Receipt ${receipt.number} differs.`);
  }
  for (const [key, made] of truth.keys) {
    if (!isDeepStrictEqual(journal.earlier(key), made)) failures.push(`The till's key ${key} makes another bill.`);
  }
  if (!isDeepStrictEqual(journal.noticesAfter(0, everything), truth.notices)) failures.push('The notices differ.');
  return failures;
}

/** Starts on it, as the terminal does. */
function goesOn(truth: Truth, journal: JournalPort, damage: JournalDamage | null): string[] {
  const loaded = journal.load();
  if (!loaded && !damage) return ['The state is gone, and nobody was told.'];
  const before = loaded ?? newState(truth.state.settings, 0);
  const event = { type: 'started' as const, settings: truth.state.settings, at: 1, ...(damage && { damage }) };
  const { state, effects } = decide(before, event);
  journal.commit({ event, before: loaded, state, effects, notices: [] });
  if (damage && !Object.keys(state.attention).some((id) => id.startsWith('journal_'))) return ['Staff are not told.'];
  return isDeepStrictEqual(journal.load(), state) ? [] : ['It does not go on from what it has.'];
}

function* missing(truth: Truth, path: string): Generator<number> {
  const there = hashesIn(path);
  for (const [revision, hash] of truth.hashes) if (there.get(revision) !== hash) yield revision;
}

/** The next start finds nothing new, and the tool only what is lost. */
function soundAgain(path: string): string[] {
  const journal = openJournal(path, { reserveBytes: 0 });
  const again = journal.damage();
  journal.close();
  const reader = readJournal(path);
  const { faults } = reader.verify();
  reader.close();
  const others = faults.filter((fault) => !/^The entries \d+ to \d+ are lost\.$/.test(fault));
  return [...(again ? ['The next start finds damage again.'] : []), ...others];
}
