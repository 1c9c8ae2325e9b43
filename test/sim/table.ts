import type { Switches } from '../../sandbox/switches.ts';
import type { Transaction, User } from '../../sandbox/world/types.ts';
import { World } from '../../sandbox/world/world.ts';
import type { Settings } from '../../src/main/core/bill/state.ts';
import type { Terminal } from '../../src/main/terminal/terminal.ts';
import type { BillView } from '../../src/shared/bill.ts';
import type { Answer, IntentInput, IntentName, ScreenSession } from '../../src/shared/contract.ts';
import type { Snapshot, StaffSnapshot } from '../../src/shared/snapshot.ts';
import { settings as ordinary } from '../main/core/bill/world.ts';
import { agreement, type Disagreement } from './agreement.ts';
import { Api } from './api.ts';
import { Chance, Mischief } from './mischief.ts';
import { Network, type Plan } from './network.ts';
import { SimulatedPrinter } from './printer.ts';
import { staffPin, TerminalProcess } from './process.ts';
import { Trace } from './trace.ts';
import { Universe } from './universe.ts';
import { ours, Witness } from './witness.ts';
import { shown } from '../fakes/ordinary.ts';

/** One table with its terminal and the whole world around it, where everything happens as it is written down. */
export class Table {
  readonly universe = new Universe();
  readonly world: World;
  readonly api: Api;
  readonly network: Network;
  readonly printer: SimulatedPrinter;
  readonly process: TerminalProcess;
  readonly witness: Witness;
  readonly settings: Settings;
  readonly spotCode: string;
  #session: { readonly session: ScreenSession; readonly terminal: Terminal } | undefined;
  #bills = 0;

  constructor(change: { switches?: Partial<Switches>; settings?: Partial<Settings> } = {}) {
    const { universe } = this;
    const chance = new Chance(1);
    const trace = new Trace(universe, true);
    const mischief = new Mischief(chance, new Set(), () => undefined);
    const common = { universe, chance, mischief, trace };
    this.settings = { ...ordinary, ...change.settings };
    this.spotCode = `PAYSERA*${this.settings.locationId}:${this.settings.identifier}`;
    this.world = new World({
      now: () => universe.now(),
      chance: () => chance.draw('world'),
      ...(change.switches ? { switches: change.switches } : {}),
    });
    const merchant = { macId: 'merchant', macKey: 'a key of the simulation' };
    this.api = new Api(this.world, merchant);
    const limits = { perMinute: 60, perHour: 900 };
    this.witness = new Witness({ universe, world: this.world, limits });
    this.network = new Network({ ...common, api: this.api, traffic: this.witness, trouble: 0 });
    const onPaper: Witness['onPaper'] = (paper) => {
      this.witness.onPaper(paper);
    };
    this.printer = new SimulatedPrinter({ ...common, trouble: 0, onPaper });
    this.process = new TerminalProcess({
      ...common,
      network: this.network,
      printer: this.printer,
      merchant,
      settings: this.settings,
      shown,
      limits,
      deadly: 0,
      onCommit: (commit) => {
        this.witness.onCommit(commit);
      },
      onStarted: (terminal) => {
        this.#unlock(terminal);
      },
      onMistake: (what) => {
        this.witness.accuse(0, what);
      },
    });
  }

  #unlock(terminal: Terminal): void {
    const session = terminal.openSession();
    session.subscribe((snapshot) => {
      if (this.process.alive) this.witness.onSnapshot(snapshot);
    });
    void session.intent('unlockStaff', { pin: staffPin });
    this.#session = { session, terminal };
  }

  /** Starts the terminal and lets it find its spot. */
  async open(): Promise<this> {
    this.process.start();
    await this.pass(2000);
    return this;
  }

  /** Lets that many milliseconds pass. */
  async pass(milliseconds: number): Promise<void> {
    await this.universe.runUntil(this.universe.elapsed + milliseconds);
  }

  /** Lets time pass until something holds. @throws Error when it does not within that many milliseconds */
  async until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
    const last = this.universe.elapsed + withinMs;
    while (!holds()) {
      if (this.universe.elapsed >= last) throw new Error(`It did not happen within ${withinMs} ms: ${what}.`);
      await this.pass(50);
    }
  }

  plan(plan: Plan): void {
    this.network.plans.push(plan);
  }

  get snapshot(): Snapshot {
    if (!this.#session) throw new Error('The terminal is not running.');
    return this.#session.session.snapshot();
  }

  get staff(): StaffSnapshot {
    const { staff } = this.snapshot;
    if (!staff) throw new Error('The staff screen is locked.');
    return staff;
  }

  /** Codes of what staff are told. */
  get told(): readonly string[] {
    return this.staff.attention.map(({ code }) => code).sort();
  }

  /** What staff do on their screen. */
  async does<Name extends IntentName>(name: Name, input: IntentInput<Name>): Promise<Answer> {
    if (!this.#session) throw new Error('The terminal is not running.');
    const answering = this.#session.session.intent(name, input);
    await this.pass(0);
    return answering;
  }

  /** Staff put a bill in; gives its id. */
  async putIn(total = 650): Promise<string> {
    const number = `B${(this.#bills += 1)}`;
    const draft = { number, lines: [{ title: 'Lunch', total }], total, currency: 'EUR' as const };
    const answer = await this.does('createBill', { draft });
    if (!answer.ok || answer.billId === undefined) throw new Error(`The bill was not taken: ${JSON.stringify(answer)}`);
    return answer.billId;
  }

  bill(id: string): BillView | undefined {
    return this.staff.bills.find((bill) => bill.id === id);
  }

  async billIs(id: string, status: BillView['status'], withinMs?: number): Promise<void> {
    await this.until(`bill is ${status}`, () => this.bill(id)?.status === status, withinMs);
  }

  customer(index = 0): User {
    const user = this.world.users[index];
    if (!user) throw new Error(`There is no customer ${index}.`);
    return user;
  }

  get spotId(): number {
    return this.world.spotByCode(this.spotCode).id;
  }

  /** The newest transaction of a bill. */
  transactionOf(billId: string): Transaction {
    const found = [...this.world.transactions.values()].findLast((each) => ours(each)?.bill === billId);
    if (!found) throw new Error('The bill has no transaction.');
    return found;
  }

  /** A bill that a checked-in customer can pay; gives its id. */
  async offered(total?: number): Promise<string> {
    this.world.checkIn(this.customer(), this.spotId);
    await this.until('somebody is seen', () => this.staff.spot.status === 'waiting');
    const id = await this.putIn(total);
    await this.billIs(id, 'offered');
    return id;
  }

  /** A customer pays a bill in the app. */
  reserve(billId: string, index = 0): void {
    this.world.reserve(this.customer(index), this.transactionOf(billId).key);
  }

  /** The machine is exchanged: nothing of the journal is left. */
  async replaceTerminal(): Promise<void> {
    this.process.forget();
    this.process.start();
    await this.pass(500);
  }

  /** On what terminal, journal, paper and API disagree, once everything has had time to settle. */
  async disagreements(): Promise<readonly Disagreement[]> {
    await this.pass(90_000);
    return agreement(this);
  }
}
