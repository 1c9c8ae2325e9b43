import { World } from '../../sandbox/world/world.ts';
import type { Terminal } from '../../src/main/terminal/terminal.ts';
import type { ScreenSession } from '../../src/shared/contract.ts';
import { settings as ordinary } from '../main/core/bill/world.ts';
import { Api } from './api.ts';
import { agreement, journalAgrees } from './agreement.ts';
import { Chance, Mischief } from './mischief.ts';
import { Network } from './network.ts';
import { customers, nowAndThen, otherSoftware } from './people.ts';
import { SimulatedPrinter } from './printer.ts';
import { staffPin, TerminalProcess } from './process.ts';
import { staff, till } from './staff.ts';
import { Trace } from './trace.ts';
import { Universe } from './universe.ts';
import { Witness } from './witness.ts';
import { shown } from '../fakes/ordinary.ts';

/** How one evening is to be. */
export interface EveningOptions {
  readonly seed: number;
  /** Names of what is left out, of those that happened in an earlier run of the seed. */
  readonly left?: ReadonlySet<string>;
  /** Whether the trace is to be read, and not only compared. */
  readonly keepTrace?: boolean;
}

/** What came of an evening. */
export interface Outcome {
  readonly seed: number;
  readonly violation: { readonly invariant: number; readonly message: string } | undefined;
  /** Everything that went wrong and everything that people did, by name. */
  readonly happened: readonly string[];
  readonly steps: number;
  readonly commits: number;
  readonly kills: number;
  readonly papers: number;
  readonly paid: number;
  /** Milliseconds of simulated time. */
  readonly elapsed: number;
  readonly fingerprint: string;
  readonly trace: readonly string[];
}

/** As long as people and faults go on, and as long as everything may take to settle afterwards; milliseconds. */
const eveningMs = 8 * 60_000;
const settleMs = 30 * 60_000;
const lookEveryMs = 5000;
const twoCyclesMs = 2 * 6600;

/** Plays one evening, the same for the same seed, and looks whether anything happened that may not. */
export async function playEvening(options: EveningOptions): Promise<Outcome> {
  const stage = setStage(options);
  const { universe, witness, process, mischief, world, trace } = stage;
  try {
    process.start();
    await universe.runUntil(eveningMs, () => witness.violation !== undefined);
    endTrouble(stage);
    await settle(stage);
    process.end();
    const [wrong] = process.state ? journalAgrees(process.journalPath, world, process.state) : [];
    if (wrong) witness.accuse(wrong.invariant, wrong.message);
  } catch (error) {
    witness.accuse(0, error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    process.remove();
  }
  const { violation } = witness;
  if (violation) trace.tell('witness', `${violation.invariant}: ${violation.message}`);
  return {
    seed: options.seed,
    violation: violation && { invariant: violation.invariant, message: violation.message },
    happened: mischief.happened,
    steps: universe.steps,
    commits: process.commits,
    kills: process.kills,
    papers: witness.papers.length,
    paid: [...world.transactions.values()].filter(({ status }) => status === 'confirmed').length,
    elapsed: universe.elapsed,
    fingerprint: trace.fingerprint(),
    trace: trace.lines,
  };
}

type Stage = ReturnType<typeof setStage>;

function setStage({ seed, left = new Set(), keepTrace = false }: EveningOptions) {
  const universe = new Universe();
  const chance = new Chance(seed);
  const trace = new Trace(universe, keepTrace);
  const mischief = new Mischief(chance, left, (name) => {
    trace.tell('happens', name);
  });
  const mood = moodOf(chance);
  const world = new World({
    now: () => universe.now(),
    chance: () => chance.draw('world'),
    switches: mood.switches,
    users: 3,
  });
  const merchant = { macId: 'merchant', macKey: 'a key of the simulation' };
  const api = new Api(world, merchant);
  const witness = new Witness({ universe, world, limits: mood.limits });
  const common = { universe, chance, mischief, trace };
  const network = new Network({ ...common, api, traffic: witness, trouble: mood.network });
  const printer = new SimulatedPrinter({
    ...common,
    trouble: mood.printer,
    onPaper: (paper) => {
      witness.onPaper(paper);
    },
  });
  const settings = { ...ordinary, ...mood.settings };
  const screens = { current: undefined as { session: ScreenSession; terminal: Terminal } | undefined };
  const process: TerminalProcess = new TerminalProcess({
    ...common,
    network,
    printer,
    merchant,
    settings,
    shown: { ...shown, ...mood.limits },
    limits: mood.limits,
    deadly: mood.deadly,
    onCommit: (commit) => {
      witness.onCommit(commit);
    },
    onStarted: (terminal) => {
      screens.current = { session: unlocked(terminal, witness, () => process), terminal };
    },
    onMistake: (what) => {
      witness.accuse(0, what);
    },
  });
  const spotCode = `PAYSERA*${settings.locationId}:${settings.identifier}`;
  const people = {
    ...common,
    world,
    spotCode,
    otherSpotCode: `PAYSERA*${settings.locationId}:OTHER`,
    until: eveningMs,
  };
  customers(people);
  otherSoftware(people, mood.meddles);
  const screen = () => {
    const now = screens.current;
    return now && process.terminal === now.terminal
      ? { session: now.session, snapshot: now.session.snapshot() }
      : undefined;
  };
  const service = { ...common, until: eveningMs, process, witness, screen };
  staff(service);
  till(service);
  accidents({ ...common, until: eveningMs, network, process, mood, screens, witness });
  return { ...common, world, witness, network, process, api, settings };
}

/** What kind of evening it is: some are quiet, some are terrible, and the API may be either way (api.md 17). */
function moodOf(chance: Chance) {
  const one = <Item>(name: string, list: readonly Item[]) => chance.one(`mood ${name}`, list);
  return {
    network: one('network', [0, 0.02, 0.08, 0.25]),
    printer: one('printer', [0, 0.05, 0.3]),
    deadly: one('deadly', [0, 0.001, 0.004, 0.015]),
    clock: one('clock', [false, true]),
    disk: one('disk', [false, false, true]),
    meddles: one('meddles', [false, false, true]),
    limits: one('limits', [
      { perMinute: 60, perHour: 900 },
      { perMinute: 60, perHour: 900 },
      { perMinute: 25, perHour: 900 },
    ]),
    settings: {
      foreignOrders: one('foreign orders', ['observe', 'observe', 'confirm'] as const),
      doubtfulReceipts: one('doubtful', ['copy', 'ask'] as const),
      reserveForSeconds: one('reserve for', [900, 120]),
      printMaximumAgeMs: one('print age', [600_000, 60_000]),
    },
    switches: {
      merchantMayReadSpots: one('may read', [true, true, false]),
      embedTransactions: one('embeds', [true, true, false]),
      confirmAnswer: one('confirm answer', ['transaction', 'empty_object', 'nothing'] as const),
      secondConfirm: one('second confirm', [409, 200] as const),
      closedSpotTakesOrders: one('closed spot', ['opens', 'stays', 'refused'] as const),
      orderAfterRevoke: one('order after revoke', ['closed', 'pending'] as const),
      settledOrders: one('settled orders', ['leave_on_next_visit', 'leave_on_close', 'stay'] as const),
      checkInOnOpen: one('check-in on open', ['unchanged', 'waiting'] as const),
      orderChange: one('order change', ['leaves_transaction', 'deletes_transaction'] as const),
      deletedOrder: one('deleted order', ['gone', 'closed'] as const),
      reservedOrderOnClose: one('reserved order', ['stays', 'closed'] as const),
      pricesAs: one('prices', ['both', 'price'] as const),
      nullOptionals: one('nulls', [false, true]),
    },
  };
}

/** A screen that staff have unlocked, whose every snapshot the witness sees. */
function unlocked(terminal: Terminal, witness: Witness, process: () => TerminalProcess): ScreenSession {
  const session = terminal.openSession();
  session.subscribe((snapshot) => {
    // What a killed process would have shown is seen by nobody.
    const { alive, terminal: current } = process();
    if (alive && (current ?? terminal) === terminal) witness.onSnapshot(snapshot);
  });
  void session.intent('unlockStaff', { pin: staffPin });
  return session;
}

type Accidents = Pick<Stage, 'universe' | 'chance' | 'mischief' | 'trace' | 'network' | 'process' | 'witness'> & {
  readonly until: number;
  readonly mood: ReturnType<typeof moodOf>;
  readonly screens: { current: { session: ScreenSession; terminal: Terminal } | undefined };
};

/** What goes wrong by itself: the network is away for a while, the disk is full, the clock jumps, a display disappears. */
function accidents(options: Accidents): void {
  const { universe, chance, mischief, network, process, mood, screens, witness } = options;
  nowAndThen(options, 'accidents', [10_000, 40_000], () => {
    if (mischief.happens('network away', mood.network)) {
      network.awayUntil = universe.elapsed + chance.between('network away', 3000, 120_000);
    }
    if (mood.disk && mischief.happens('disk full', 0.1)) {
      process.diskFullUntil = universe.elapsed + chance.between('disk full', 1000, 40_000);
    }
    if (mood.clock && mischief.happens('clock jumps', 0.3)) {
      process.wallOffsetMs = chance.one('clock jump', [0, 40_000, -40_000, 86_400_000, -86_400_000]);
    }
    if (mood.deadly > 0 && mischief.happens('killed at rest', 0.02)) process.kill();
    const { terminal } = process;
    if (terminal && mischief.happens('display disappears', 0.05)) {
      screens.current?.session.close();
      screens.current = { session: unlocked(terminal, witness, () => process), terminal };
    }
  });
}

/** Nothing goes wrong any more, and nobody does anything any more. */
function endTrouble({ mischief, network, process, trace }: Stage): void {
  trace.tell('witness', 'the faults end');
  mischief.end();
  network.awayUntil = 0;
  process.diskFullUntil = 0;
}

/**
 * Waits until everything agrees, and still does two polling cycles later; at most as long as is promised. What has to
 * wait for the request budget may take a little longer.
 */
async function settle(stage: Stage): Promise<void> {
  const { universe, witness } = stage;
  const last = universe.elapsed + settleMs;
  const failed = () => witness.violation !== undefined;
  let wrong = agreement(stage);
  let agreedSince = universe.elapsed;
  while (!failed() && universe.elapsed < last && universe.elapsed - agreedSince < twoCyclesMs) {
    await universe.runUntil(universe.elapsed + lookEveryMs, failed);
    wrong = agreement(stage);
    if (wrong.length > 0) agreedSince = universe.elapsed;
  }
  const [first] = wrong;
  if (first) witness.accuse(first.invariant, first.message);
}
