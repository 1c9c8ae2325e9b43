import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal } from '../../../../src/main/adapters/journal/journal.ts';
import { JournalError, type JournalPort } from '../../../../src/main/ports/journal.ts';
import { keepJournal } from '../../../../src/main/terminal/journal-keeper.ts';
import { Loop } from '../../../../src/main/terminal/loop.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { VirtualClock } from '../../../fakes/virtual-clock.ts';
import { draft, settings, transaction } from '../../core/bill/world.ts';

/** Scenes on a small disk, for disk.test.ts: what the terminal's loop and journal do, one line of JSON for each step. */

const [scene = '', folder = ''] = process.argv.slice(2);
const path = join(folder, 'journal.db');
const filler = join(folder, 'filler');
const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`);

const clock = new VirtualClock();
let problem: string | null = null;
let journal: JournalPort;

function start(): { loop: Loop; stop: () => void } {
  journal = openJournal(path);
  const loop = new Loop({
    settings,
    clock,
    log: keepingLog(),
    journal,
    onEffects: () => undefined,
    onState: () => undefined,
    onNotice: () => undefined,
    onJournal: (error) => {
      problem = error?.code ?? null;
    },
  });
  loop.start();
  const onLink: Parameters<typeof keepJournal>[0]['onLink'] = (event) => {
    if (event.type === 'journal') problem = event.problem?.code ?? null;
  };
  const stop = keepJournal({ journal, clock, log: keepingLog(), dispatch: loop.dispatch.bind(loop), onLink });
  return {
    loop,
    stop: () => {
      stop();
      loop.stop();
      journal.close();
    },
  };
}

function create(loop: Loop, id: number) {
  const billId = `bill_${id}` as const;
  const own = { ...draft, number: String(id) };
  const intent = { type: 'createBill', billId, source: 'staff', draft: own, idempotency: null, earlier: null } as const;
  const answer = loop.intend(intent);
  return answer.ok ? answer : { ok: false, code: answer.code };
}

/** Fills the disk to the last byte. */
function fill(): void {
  const descriptor = openSync(filler, 'a');
  for (const size of [65_536, 512, 1]) {
    try {
      while (writeSync(descriptor, Buffer.alloc(size)) === size);
    } catch {
      // Full for pieces of this size.
    }
  }
  closeSync(descriptor);
}

/** Lets the journal grow until the disk does not hold it: results keep coming, as they do. */
function keepWriting(loop: Loop, until: () => boolean): void {
  for (let tries = 0; tries < 2000 && !until(); tries += 1) loop.dispatch({ type: 'pinTried', right: tries % 2 === 1 });
}

const kept = () => existsSync(`${path}-reserve`);
const bills = (loop: Loop) => Object.keys(loop.state.bills);

async function full(): Promise<void> {
  const { loop, stop } = start();
  say({ said: 'there is room', answer: create(loop, 1) });
  fill();
  keepWriting(loop, () => !kept());
  const before = loop.state.revision;
  loop.dispatch({ type: 'called', effectId: 'effect_1', result: { ok: true, transaction: transaction('new') } });
  say({ said: 'full', written: loop.state.revision > before, kept: kept() });
  const answer = create(loop, 2);
  await clock.advance(10_000);
  say({ said: 'a new bill', answer, link: problem });
  loop.intend({ type: 'withdrawBill', billId: 'bill_1', ended: false });
  say({ said: 'finished', status: loop.state.bills['bill_1']?.status.name });
  rmSync(filler);
  await clock.advance(10_000);
  say({ said: 'there is room again', answer: create(loop, 3), kept: kept(), link: problem });
  stop();
  again();
}

async function nothing(): Promise<void> {
  const { loop, stop } = start();
  create(loop, 1);
  rmSync(`${path}-reserve`);
  fill();
  keepWriting(loop, () => problem !== null);
  say({ said: 'no room at all', problem, answer: create(loop, 2) });
  rmSync(filler);
  await clock.advance(2000);
  say({ said: 'there is room again', problem, answer: create(loop, 3) });
  stop();
  again();
}

function readonly(): void {
  const { loop, stop } = start();
  create(loop, 1);
  stop();
  execFileSync('mount', ['-o', 'remount,ro,size=8m', folder]);
  refusedStart();
  execFileSync('mount', ['-o', 'remount,rw,size=8m', folder]);
  again();
}

function again(): void {
  const { loop, stop } = start();
  say({ said: 'after the next start', damage: journal.damage(), bills: bills(loop) });
  stop();
}

function refusedStart(): void {
  try {
    start();
    say({ said: 'read-only at the start', code: null });
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    say({ said: 'read-only at the start', code: error.code });
  }
}

if (scene === 'full') await full();
else if (scene === 'nothing') await nothing();
else readonly();
