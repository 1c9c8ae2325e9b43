import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  writeSandboxConfiguration,
  type SandboxReady,
  type TerminalReady,
} from '../../scripts/sandbox-configuration.ts';
import type { BillView } from '../../src/shared/bill.ts';
import type { StaffSnapshot } from '../../src/shared/snapshot.ts';
import { until } from '../fakes/until.ts';
import type { Running, Started } from '../flows/process.ts';
import { spotCode, staffPin } from '../flows/stage.ts';
import { billOf, disagreements, isPayable } from './agreement.ts';
import { broken } from './check.ts';
import { Diary } from './diary.ts';
import { readJournal, type Evidence } from './evidence.ts';
import { receiptsOn } from './paper.ts';
import { planRun, type Ending, type Kill, type Life, type Plan } from './plan.ts';
import type { StaffScreen } from './staff-screen.ts';
import { numberOf, Table } from './table.ts';

/** What came of a run. */
export interface Outcome {
  readonly seed: number;
  /** The promises that were broken, or why the run could not be played to its end; empty when all is well. */
  readonly failures: readonly string[];
  /** What was done, in order. */
  readonly diary: string;
  /** Where journal, logs and diary are kept of a run that failed. */
  readonly kept: string | undefined;
  readonly milliseconds: number;
  /** How often something happened, by its name. */
  readonly counts: Readonly<Record<string, number>>;
}

const heading = 'Crash test';
/** How long everything may take to settle once the faults have ended. A deadline for a busy machine, not a measure. */
const settleMs = 90_000;
/** How long a kill waits for what it is aimed at, in milliseconds. */
const aimMs = 1000;

/** The shortest pauses that the configuration allows: a run should take seconds. */
const sections = (name: string) => ({
  terminal: { name },
  merchant: { lines: [heading] },
  api: { connectTimeoutMs: 1000, requestTimeoutMs: 1000 },
  payment: { closeAfterMs: 100, paidScreenMs: 1000, refusedScreenMs: 1000 },
  requests: { perHour: 1000, idleEveryMs: 1000, waitingEveryMs: 1000, offeredEveryMs: 500, offeredOldEveryMs: 500 },
  printer: { retryEveryMs: 500, jobTimeoutMs: 2000 },
});

/** Plays the run of this seed on a sandbox that is reset first, and looks whether every promise was kept. Never throws. */
export async function playRun(sandbox: Running<SandboxReady>, seed: number): Promise<Outcome> {
  const diary = new Diary();
  const plan = planRun(seed);
  const name = `RUN-${seed}`;
  const folder = mkdtempSync(join(tmpdir(), 'crash-test-'));
  const table = new Table(sandbox, folder, diary);
  const counts: Record<string, number> = {};
  let failures: readonly string[];
  try {
    await prepare(table, plan, name);
    for (const life of plan.lives) await live(table, life, counts);
    const evidence = await settle(table, plan, name);
    failures = broken(evidence);
    await count(evidence, table, counts);
  } catch (error) {
    failures = [error instanceof Error ? error.message : String(error)];
  }
  await table.kill();
  const kept = failures.length > 0 ? keep(table) : undefined;
  if (!kept) rmSync(folder, { recursive: true, force: true });
  return { seed, failures, diary: diary.text(), kept, milliseconds: diary.milliseconds, counts };
}

async function prepare(table: Table, plan: Plan, name: string): Promise<void> {
  const { desk, sandbox, folder } = table;
  await desk.control('printer/power-cycle');
  await desk.control('reset');
  await desk.control('switches', plan.switches);
  await writeSandboxConfiguration(folder, sandbox.ready, { pin: staffPin, sections: sections(name) });
}

/** One life of the terminal: it is started, people go on with what they do, it is killed. */
async function live(table: Table, life: Life, counts: Record<string, number>): Promise<void> {
  const { kill } = life;
  const before = (await table.desk.requests()).length;
  if (kill.after === 'request') table.do({ type: 'network', rule: kill.held });
  const terminal = table.begin();
  const killed = Promise.withResolvers<undefined>();
  const acting = act(table, life, Promise.race([terminal.ready.catch(() => undefined), killed.promise]));
  const when = await momentOfKill(table, terminal, { kill, before });
  await table.kill();
  killed.resolve(undefined);
  counts[`kill ${when}`] = (counts[`kill ${when}`] ?? 0) + 1;
  await wait(life.pauseMs);
  // People do not stop because a terminal does; but the next life is begun after they have begun what they do in this.
  await acting;
}

async function act(table: Table, { steps }: Life, begin: Promise<unknown>): Promise<void> {
  await begin;
  const begun = performance.now();
  for (const { at, deed } of steps) {
    await wait(Math.max(0, begun + at - performance.now()));
    table.do(deed);
  }
}

interface Aim {
  readonly kill: Kill;
  /** Requests that the API had got before this life. */
  readonly before: number;
}

/** Waits for the moment of the kill; tells what moment it is. */
async function momentOfKill(table: Table, terminal: Started<TerminalReady>, { kill, before }: Aim): Promise<string> {
  if (kill.after === 'start') {
    const moment = { name: 'while starting' };
    terminal.ready.then(
      () => (moment.name = 'at any moment'),
      () => undefined,
    );
    await wait(kill.ms);
    return moment.name;
  }
  await terminal.ready;
  const name = await waited(table, kill, before);
  await wait(kill.ms);
  return name;
}

/** Waits for what a kill is aimed at; gives the name of its moment. */
async function waited({ desk }: Table, kill: Kill, before: number): Promise<string> {
  if (kill.after === 'payment') {
    const confirmed = async () =>
      (await desk.world()).transactions.filter(({ status }) => status === 'confirmed').length;
    const already = await confirmed();
    return (await comes(async () => (await confirmed()) > already)) ? 'after a payment' : 'at any moment';
  }
  if (kill.after !== 'request') return 'at any moment';
  const { match = {}, fault } = kill.held;
  const path = new RegExp(match.path ?? '');
  const isHeld = async () =>
    (await desk.requests())
      .slice(before)
      .some((each) => each.method === match.method && path.test(each.path) && each.fault === fault.type);
  return (await comes(isHeld)) ? 'during a request' : 'at any moment';
}

/** Whether it happens before the kill has waited long enough for it. */
async function comes(happened: () => Promise<boolean>): Promise<boolean> {
  const giveUpAt = performance.now() + aimMs;
  while (performance.now() < giveUpAt) {
    if (await happened()) return true;
    await wait(5);
  }
  return false;
}

/** The faults end, the terminal is started for the last time, and everything settles. */
async function settle(table: Table, plan: Plan, name: string): Promise<Evidence> {
  const { desk, diary, folder } = table;
  const terminal = table.begin();
  await terminal.ready;
  await table.everybodyIsDone();
  await desk.clearFaults();
  const healthy = {
    coverOpen: false,
    cutterError: false,
    offline: false,
    silent: false,
    refuse: false,
    stalled: false,
  };
  const paper = { paper: 'ok', resetAfterBytes: null, processIds: true, speed: 'instant' };
  await desk.control('printer', { ...healthy, ...paper });
  diary.note('the faults have ended');
  const screen = await table.screen();
  try {
    await settleForeign(table, name);
    await end(table, screen, plan, name);
    const seen = await settled(table, screen, name);
    screen.close();
    await table.kill();
    const papers = receiptsOn(
      (await desk.papers()).receipts.map(({ text }) => text),
      { heading, name },
    );
    const journal = readJournal(folder);
    return { ...seen, terminal: name, papers, told: table.told, journal, balance: firstBalance };
  } finally {
    screen.close();
  }
}

/** What a customer of the sandbox has at first, in minor units. */
const firstBalance = 100_000;

/** Whoever made the other orders confirms what was reserved, and takes the rest back. */
async function settleForeign(table: Table, name: string): Promise<void> {
  const { desk } = table;
  for (const transaction of (await desk.world()).transactions) {
    if (billOf(transaction, name) !== undefined) continue;
    if (transaction.status === 'reserved') await desk.control(`transactions/${transaction.key}/confirm`);
    else if (transaction.status === 'new') await desk.control(`transactions/${transaction.key}/revoke`);
  }
}

/** Brings each unpaid bill to the end that the plan has for it. */
async function end(table: Table, screen: StaffScreen, plan: Plan, name: string): Promise<void> {
  for (const [bill, ending] of plan.endings.entries()) {
    const id = table.ids.get(bill) ?? screen.snapshot?.staff?.bills.find(({ number }) => number === numberOf(bill))?.id;
    if (id === undefined) continue;
    table.ids.set(bill, id);
    table.diary.note(`in the end, bill ${bill}: ${ending}`);
    await until(() => isEnded(table, screen, { id, ending, name }), `bill ${bill} to end (${ending})`, settleMs);
  }
}

interface Ends {
  readonly id: string;
  readonly ending: Ending;
  readonly name: string;
}

const over = ['paid', 'withdrawn', 'expired'];

/** Takes the next step towards the end of a bill; true when it is there. */
async function isEnded(table: Table, screen: StaffScreen, { id, ending, name }: Ends): Promise<boolean> {
  const { desk } = table;
  const bill = await viewOf(table, id);
  if (over.includes(bill.status) || ending === 'leave') return true;
  if (ending === 'withdraw') await table.till({ method: 'DELETE', path: `/v1/bills/${id}` });
  else if (ending === 'otherwise') {
    await table.till({ method: 'POST', path: `/v1/bills/${id}/paid-otherwise`, body: { how: 'cash' } });
  } else if (bill.status === 'refused') await screen.ask('offerBillAgain', { billId: id });
  else if (bill.status === 'offered') {
    const world = await desk.world();
    const payable = world.transactions.find((each) => billOf(each, name) === id && isPayable(each, world));
    if (!payable) return false;
    await desk.phone('check-in', { user: 0, code: spotCode });
    await desk.phone('pay', { user: 0, transactionKey: payable.key });
  }
  await wait(50);
  return false;
}

async function viewOf(table: Table, id: string): Promise<BillView> {
  return (await (await table.till({ method: 'GET', path: `/v1/bills/${id}` })).json()) as BillView;
}

type Seen = Pick<Evidence, 'world' | 'bills' | 'staff'>;

/** Waits until terminal and API agree; when they do not in time, gives what there is, for the check to tell. */
async function settled(table: Table, screen: StaffScreen, terminal: string): Promise<Seen> {
  const look = async (): Promise<Seen> => {
    const staff = screen.snapshot?.staff;
    if (!staff) throw new Error('The staff screen is locked.');
    const bills = await Promise.all(idsOf(table, staff).map((id) => viewOf(table, id)));
    return { world: await table.desk.world(), bills, staff };
  };
  const giveUpAt = performance.now() + settleMs;
  let agreed = 0;
  for (;;) {
    const seen = await look();
    agreed = disagreements({ ...seen, terminal }).length === 0 ? agreed + 1 : 0;
    // Twice, with a poll of the terminal in between: what only looks settled is not.
    if (agreed > 1 || performance.now() > giveUpAt) return seen;
    await wait(agreed > 0 ? 300 : 25);
  }
}

function idsOf(table: Table, staff: StaffSnapshot): readonly string[] {
  return [...new Set([...table.ids.values(), ...staff.bills.map(({ id }) => id)])];
}

/** Adds what happened in the run. */
async function count(
  { papers, journal, world }: Evidence,
  table: Table,
  counts: Record<string, number>,
): Promise<void> {
  const add = (name: string, many = 1) => (counts[name] = (counts[name] ?? 0) + many);
  const requests = await table.desk.requests();
  const otherwise = journal.bills.filter(({ status }) => status.name === 'paid' && status.how !== 'wallet');
  add('starts', table.starts);
  add('requests', requests.length);
  add('bills', journal.bills.length);
  add('payments by wallet', world.transactions.filter(({ status }) => status === 'confirmed').length);
  add('payments otherwise', otherwise.length);
  add('papers without a mark', papers.filter(({ marked, whole }) => !marked && whole).length);
  add('copies', papers.filter(({ marked, whole }) => marked && whole).length);
  add('papers cut off', papers.filter(({ whole }) => !whole).length);
  add('events told to the till', journal.notices.length);
  for (const { fault } of requests) if (fault !== null) add(`fault ${fault}`);
  for (const trouble of table.troubles) add(`printer ${trouble}`);
}

/** Leaves journal, logs and diary of a run that failed in its folder; gives the folder. */
function keep({ folder, diary, log }: Table): string {
  writeFileSync(join(folder, 'diary.txt'), diary.text());
  writeFileSync(join(folder, 'terminal.log'), log);
  return folder;
}
