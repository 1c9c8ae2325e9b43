import { parseArgs } from 'node:util';
import { archiveMonths } from '../src/main/adapters/journal/archive.ts';
import { readJournal, type JournalReader } from '../src/main/adapters/journal/read.ts';
import { lifeOf } from '../src/main/admin/life.ts';
import { tableHead, tableLines } from './journal-table.ts';

const help = `Looks at a terminal's journal: the file journal.db in its data folder.

  npm run -s journal -- verify FILE
      Holds every entry against the hash of the one before, and tells what is not as it was written.
  npm run -s journal -- show FILE BILL
      The whole life of a bill: its number, or its id (bill_...). Times are in UTC.
  npm run -s journal -- export FILE [--from DAY] [--to DAY] [--format jsonl|csv]
      Everything from a day to before another (2026-11-01, in UTC), to the standard output. csv is for a spreadsheet;
      jsonl, one entry a line with its hash, has everything.
  npm run -s journal -- archive FILE --before MONTH --to FOLDER
      Puts the whole months before one (2026-11) into files of their own. The terminal must not be running.

FILE may be in use by a running terminal, which is not disturbed; only archive needs it stopped.
Ends with 0 when all is well, with 1 when the journal is damaged or nothing was found, with 2 when it was asked wrongly.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** What was asked for does not make sense; the message says what to do. */
class UsageError extends Error {}

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  before: { type: 'string' },
  format: { type: 'string', default: 'jsonl' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

function looked<Result>(file: string, act: (journal: JournalReader) => Result): Result {
  const journal = readJournal(file);
  try {
    return act(journal);
  } finally {
    journal.close();
  }
}

function verify(file: string): number {
  const { entries, blocks, archived, newest, faults } = looked(file, (journal) => journal.verify());
  say(`${entries} entries, ${blocks} blocks${archived > 0 ? `, ${archived} more entries in archives` : ''}.`);
  say(`The newest is entry ${newest.revision}, hash ${newest.hash}`);
  for (const fault of faults) say(fault);
  say(faults.length === 0 ? 'Everything is as it was written.' : `${faults.length} things are wrong.`);
  return faults.length === 0 ? 0 : 1;
}

function show(file: string, name: string): number {
  return looked(file, (journal) => {
    const id = journal.findBill(name);
    if (id === undefined) {
      say(`There is no bill ${name} in this journal. Give its number as the till gave it, or its id.`);
      return 1;
    }
    for (const line of lifeOf(id, journal.life(id))) say(line);
    if (journal.isArchived(id)) say('Part of its life, or all of it, is in an archive: show it there.');
    return 0;
  });
}

function exported(file: string, { from, to, format }: Values): number {
  if (format !== 'jsonl' && format !== 'csv') throw new UsageError('--format takes jsonl or csv.');
  const range = { ...(from !== undefined && { from: dayAt(from) }), ...(to !== undefined && { to: dayAt(to) }) };
  looked(file, (journal) => {
    if (format === 'csv') say(tableHead);
    for (const each of journal.entries(range)) {
      if (format === 'jsonl') say(JSON.stringify({ ...each.entry, hash: each.hash }));
      else for (const line of tableLines(each)) say(line);
    }
  });
  return 0;
}

function dayAt(text: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw new UsageError(`${text} is no day. Write it like 2026-11-01.`);
  return at;
}

function archive(file: string, { before, to }: Values): number {
  if (before === undefined || !/^\d{4}-(0[1-9]|1[0-2])$/.test(before)) {
    throw new UsageError('--before takes the first month that stays, like 2026-11.');
  }
  if (to === undefined) throw new UsageError('--to takes the folder for the archives.');
  const done = archiveMonths(file, before, to);
  for (const { month, file: made, entries } of done) say(`${month}: ${entries} entries in ${made}`);
  if (done.length === 0) say(`There is no whole month before ${before}. Nothing was changed.`);
  return 0;
}

function main(): number {
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [command, file, bill] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(help);
    return values.help ? 0 : 2;
  }
  if (file === undefined) throw new UsageError('Give the path of a journal.');
  switch (command) {
    case 'verify':
      return verify(file);
    case 'show':
      if (bill === undefined) throw new UsageError('Give the number or the id of a bill.');
      return show(file, bill);
    case 'export':
      return exported(file, values);
    case 'archive':
      return archive(file, values);
    default:
      throw new UsageError(`There is no command ${command}.`);
  }
}

try {
  process.exitCode = main();
} catch (error) {
  const usage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  process.stderr.write(`journal: ${error instanceof Error ? error.message : String(error)}\n`);
  if (usage) process.stderr.write('See npm run -s journal -- --help\n');
  process.exitCode = usage ? 2 : 1;
}
