import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Merchant } from '../../sandbox/access.ts';
import { createSystemClock, type SystemClock } from '../../src/main/adapters/clock/system.ts';
import { openJournal } from '../../src/main/adapters/journal/journal.ts';
import { openRequestFile } from '../../src/main/adapters/requests/file.ts';
import { createMerchantClient } from '../../src/main/adapters/wallet/merchant.ts';
import { followApiTime } from '../../src/main/api-time.ts';
import type { Cadence } from '../../src/main/core/polling/pace.ts';
import type { Settings, TerminalState } from '../../src/main/core/bill/state.ts';
import type { Shown } from '../../src/main/core/snapshot/snapshot.ts';
import { JournalError, type Commit, type JournalPort } from '../../src/main/ports/journal.ts';
import type { Log } from '../../src/main/ports/log.ts';
import { startTerminal, type Terminal } from '../../src/main/terminal/terminal.ts';
import { apiRoot } from './api.ts';
import { Died, Life } from './life.ts';
import type { Chance, Mischief } from './mischief.ts';
import type { Network } from './network.ts';
import type { SimulatedPrinter } from './printer.ts';
import type { Trace } from './trace.ts';
import type { Universe } from './universe.ts';
import { cadence } from '../fakes/ordinary.ts';

/** What the process runs with, and who is told of what it does. */
export interface ProcessOptions {
  readonly universe: Universe;
  readonly chance: Chance;
  readonly mischief: Mischief;
  readonly trace: Trace;
  readonly network: Network;
  readonly printer: SimulatedPrinter;
  readonly merchant: Merchant;
  readonly settings: Settings;
  readonly shown: Shown;
  readonly limits: { readonly perMinute: number; readonly perHour: number };
  /** An ordinary one, when left out. */
  readonly cadence?: Cadence;
  /** How likely a kill is at each place where one would hurt. */
  readonly deadly: number;
  readonly onCommit: (commit: Commit) => void;
  readonly onStarted: (terminal: Terminal) => void;
  /** A mistake of ours: nothing of the kind may ever happen. */
  readonly onMistake: (what: string) => void;
}

export const staffPin = '4711';

/** The terminal's process: started, killed at any step, started again, with its journal on a real file. */
export class TerminalProcess {
  readonly #options: ProcessOptions;
  readonly #folder: string;
  #life: Life | undefined;
  #journal: JournalPort | undefined;
  #requests: ReturnType<typeof openRequestFile> | undefined;
  #kept = true;
  terminal: Terminal | undefined;
  /** As last committed; survives kills, as the journal does. */
  state: TerminalState | undefined;
  kills = 0;
  commits = 0;
  /** Elapsed milliseconds until when the disk is full. */
  diskFullUntil = 0;
  /** Milliseconds by which the machine's clock is wrong from the next start on. */
  wallOffsetMs = 0;

  constructor(options: ProcessOptions) {
    this.#options = options;
    // Memory where there is some: a commit is as durable there as this simulation can tell.
    this.#folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'spot-terminal-sim-'));
  }

  get alive(): boolean {
    return this.#life?.alive === true;
  }

  get journalPath(): string {
    return join(this.#folder, 'journal.db');
  }

  /** Starts the process; a start that fails is tried again by whoever keeps the terminal running. */
  start(): void {
    if (this.alive || !this.#kept) return;
    const { trace, mischief, deadly } = this.#options;
    trace.tell('process', 'starts');
    const life = new Life(mischief, deadly, () => {
      this.#died();
    });
    this.#life = life;
    try {
      this.#journal = openJournal(this.journalPath);
      this.terminal = this.#boot(life, this.#journal);
      this.#options.onStarted(this.terminal);
    } catch (error) {
      if (!(error instanceof Died) && !(error instanceof JournalError)) throw error;
      trace.tell('process', error.message);
      life.die();
    }
  }

  kill(): void {
    this.#life?.die();
  }

  /** What the disk has now; `comesBack` then puts the machine back to it, as a disk that lied about what it wrote. */
  disk(): { readonly comesBack: () => void } {
    const files = ['', '-wal'].map((part) => this.journalPath + part);
    const kept = files.map((file) => (existsSync(file) ? readFileSync(file) : undefined));
    return {
      comesBack: () => {
        this.#life?.die();
        for (const [index, file] of files.entries()) {
          const bytes = kept[index];
          if (bytes) writeFileSync(file, bytes);
          else rmSync(file, { force: true });
        }
      },
    };
  }

  /** The machine is exchanged: the process ends, and nothing of its files is left. */
  forget(): void {
    this.#life?.die();
    rmSync(this.#folder, { recursive: true, force: true });
    mkdirSync(this.#folder);
    this.state = undefined;
  }

  /** Ends it for good; its journal is left to be looked at. */
  end(): void {
    this.#kept = false;
    this.#life?.die();
  }

  /** Removes its files. */
  remove(): void {
    this.end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #died(): void {
    const { universe, trace, chance } = this.#options;
    trace.tell('process', 'is dead');
    this.kills += 1;
    this.terminal = undefined;
    this.#journal?.close();
    this.#journal = undefined;
    this.#requests?.close();
    this.#requests = undefined;
    universe.after(chance.between('restart', 500, 15_000), () => {
      this.start();
    });
  }

  /** The file of the request budget; what is dead writes nothing into it. */
  #openRequests(life: Life, log: Log): ReturnType<typeof openRequestFile> {
    const { universe } = this.#options;
    const file = openRequestFile(join(this.#folder, 'requests.json'), log, {
      boot: 'evening',
      uptimeMs: () => universe.elapsed,
      wall: () => universe.now(),
    });
    this.#requests = file;
    return {
      ...file,
      save: (budget) => {
        if (life.alive) file.save(budget);
      },
    };
  }

  #boot(life: Life, journal: JournalPort): Terminal {
    const { settings, shown, limits, network, printer, merchant, chance } = this.#options;
    const clock = this.#clock(life);
    const { serverClock, machineOffsetMs } = followApiTime(clock);
    const log = this.#log(life);
    const wallet = createMerchantClient({
      root: apiRoot,
      macId: merchant.macId,
      macKey: () => merchant.macKey,
      locationId: settings.locationId,
      clock,
      randomBytes: (size) => Uint8Array.from({ length: size }, () => chance.between('nonce', 0, 255)),
      log,
      http: network.http(life),
      serverClock,
    });
    let bills = 0;
    const boot = chance.between('boot', 0, 2 ** 30).toString(36);
    return startTerminal({
      settings,
      shown,
      language: 'en',
      cadence: this.#options.cadence ?? cadence,
      limits,
      requests: this.#openRequests(life, log),
      lockAfterMs: 30 * 86_400_000,
      wallet,
      printer: printer.port(life),
      journal: this.#watched(life, journal),
      clock,
      machineOffsetMs,
      log,
      random: () => chance.draw('jitter'),
      newBillId: () => `bill_${boot}${(bills += 1)}`,
      roleOf: (pin) => Promise.resolve(pin === staffPin ? 'staff' : undefined),
    });
  }

  /** Real time keeping on simulated time; timers of a dead process never go off. */
  #clock(life: Life): SystemClock {
    const { universe } = this.#options;
    return createSystemClock({
      source: {
        wall: () => Math.floor(universe.now() + this.wallOffsetMs),
        monotonic: () => universe.elapsed,
        after: (milliseconds, callback) =>
          universe.after(milliseconds, () => {
            if (life.alive) this.guarded(callback);
          }),
      },
    });
  }

  /** Does something within the process, which may die of it. */
  guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof Died)) throw error;
    }
  }

  /** The journal, with the places before and after a commit where a kill would hurt, and with a disk that may be full. */
  #watched(life: Life, journal: JournalPort): JournalPort {
    const { universe, trace, onCommit } = this.#options;
    const alive = () => {
      if (!life.alive) throw new Died();
      return journal;
    };
    return {
      damage: () => journal.damage(),
      load: () => journal.load(),
      commit: (commit) => {
        life.dieOrGoOn('before a commit');
        if (universe.elapsed < this.diskFullUntil) throw new JournalError('journal_unwritable', 'The disk is full.');
        const notices = journal.commit(commit);
        this.state = commit.state;
        this.commits += 1;
        trace.tell('journal', told(commit));
        onCommit(commit);
        life.dieOrGoOn('after a commit');
        return notices;
      },
      probe: () => {
        alive();
        if (universe.elapsed < this.diskFullUntil) throw new JournalError('journal_unwritable', 'The disk is full.');
        journal.probe();
      },
      spare: () => universe.elapsed >= this.diskFullUntil && journal.spare(),
      tidy: () => alive().tidy(),
      checkNext: () => alive().checkNext(),
      billsNamed: (number) => alive().billsNamed(number),
      life: (billId) => alive().life(billId),
      earlier: (key) => alive().earlier(key),
      bill: (id) => alive().bill(id),
      receipt: (number) => alive().receipt(number),
      noticesAfter: (id, limit) => alive().noticesAfter(id, limit),
      newestNotice: () => alive().newestNotice(),
      close: () => undefined,
    };
  }

  #log(life: Life): Log {
    const { trace, onMistake } = this.#options;
    const quiet = () => undefined;
    return {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (message, fields) => {
        if (!life.alive) return;
        trace.tell('log', `${message} ${JSON.stringify(fields ?? {})}`);
        if (message.includes('unforeseen')) onMistake(`${message} ${JSON.stringify(fields ?? {})}`);
      },
    };
  }
}

function told({ event, effects, state }: Commit): string {
  const what = event.type === 'intent' ? `intent ${event.intent.type}` : event.type;
  const stages = Object.values(state.offers).map((offer) => `${offer.id.slice(-6)} ${offer.stage.name}`);
  const then = effects.length > 0 ? ` -> ${effects.map((effect) => effect.type).join(', ')}` : '';
  return `${state.revision} ${what}${then} (${state.spot.status} ${state.spot.visits}) [${stages.join('; ')}]`;
}
