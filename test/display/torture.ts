import { chanceFrom } from '../../sandbox/world/chance.ts';
import type { Showing } from '../../src/main/core/display/showing.ts';
import type { Glass } from '../../sandbox/devices/types.ts';
import { DisplayKeeper, type DisplayProblem } from '../../src/main/terminal/display.ts';
import { VirtualClock } from '../fakes/virtual-clock.ts';
import { Plug, showingNumber } from '../main/adapters/display/rig.ts';
import type { Driver } from './drivers.ts';

/** What came of driving one display through many states on a bad cable. */
export interface Report {
  readonly driver: string;
  readonly transitions: number;
  readonly restarts: number;
  readonly unplugs: number;
  /** Times in which the display cut every code. */
  readonly cuts: number;
  /** Milliseconds of device time, the longest. */
  readonly longestWrong: number;
  readonly longestBlank: number;
  /** Share of the time in which the present state was on the glass. */
  readonly rightShare: number;
  readonly violations: readonly string[];
}

/** Wrong or old content may be on the glass this long, milliseconds of device time. */
const longestAllowed = 2_000;
/** Ten per cent of what is sent, both ways. */
const badCable = { dropped: 0.025, corrupted: 0.025, delayed: 0.025, split: 0.025 };
/** Chances per transition. */
const chances = { restart: 0.05, unplug: 0.04, cut: 0.02 };

const quiet = () => undefined;
const noLog = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Watches a glass from outside and says what was wrong with it. */
class Witness {
  readonly violations: string[] = [];
  longestWrong = 0;
  longestBlank = 0;
  right = 0;
  total = 0;
  #expected = '';
  #standing: 'right' | 'blank' | 'wrong' = 'blank';
  #since = 0;
  #lastGlass = '';
  /** Everything that was wanted, in order, and from which on it may be delivered. */
  readonly #wanted: string[] = [];
  #allowedFrom = 0;
  #retained = '';
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  want(glass: Glass): void {
    this.#expected = JSON.stringify(glass);
    this.#wanted.push(this.#expected);
    this.look(this.#lastGlass);
  }

  /** From now on, nothing older than what is wanted now may newly appear. */
  reconnected(): void {
    this.#allowedFrom = this.#wanted.length - 1;
    this.#retained = this.#lastGlass;
  }

  look(glass: string): void {
    const now = this.#now();
    if (glass !== this.#lastGlass) {
      const index = this.#wanted.lastIndexOf(glass);
      if (index >= 0 && index < this.#allowedFrom && glass !== this.#retained) {
        this.violations.push(`At ${now} it showed what was written before a reconnect: ${glass}`);
      }
      this.#lastGlass = glass;
    }
    this.#account(now);
    const standing = glass === this.#expected ? 'right' : isBlank(glass) ? 'blank' : 'wrong';
    if (standing !== this.#standing) this.#since = now;
    this.#standing = standing;
  }

  get isWrong(): boolean {
    return this.#standing === 'wrong';
  }

  get isRight(): boolean {
    return this.#standing === 'right';
  }

  #lastAccount = 0;

  #account(now: number): void {
    const passed = now - this.#lastAccount;
    this.#lastAccount = now;
    this.total += passed;
    if (this.#standing === 'right') this.right += passed;
    const lasted = now - this.#since;
    if (this.#standing === 'blank') this.longestBlank = Math.max(this.longestBlank, lasted);
    if (this.#standing !== 'wrong') return;
    if (lasted > longestAllowed && this.longestWrong <= longestAllowed) {
      this.violations.push(
        `At ${now} it had been wrong for ${Math.round(lasted)} ms: ${this.#lastGlass}, not ${this.#expected}`,
      );
    }
    this.longestWrong = Math.max(this.longestWrong, lasted);
  }
}

function isBlank(glass: string): boolean {
  const { lit, code, lines } = JSON.parse(glass) as Glass;
  return !lit || (code === null && lines.length === 0);
}

interface TortureOptions {
  readonly driver: Driver;
  readonly transitions: number;
  readonly seed: number;
  readonly baudRate?: number;
}

/** Drives one display through many states over a cable that drops, flips, delays and splits, in virtual time. */
export async function torture({ driver, transitions, seed, baudRate = 115_200 }: TortureOptions): Promise<Report> {
  const chance = chanceFrom(seed);
  const clock = new VirtualClock();
  const double = driver.double(clock);
  const plug = new Plug({ clock, double, bytesPerSecond: driver.bytesPerSecond ?? baudRate / 10, chance });
  // Time in which the display could be reached.
  let [unreachable, unpluggedAt] = [0, 0];
  const deviceTime = () => (plug.isIn ? clock.monotonic() : unpluggedAt) - unreachable;
  const witness = new Witness(deviceTime);
  const meant: Showing[] = [];
  const see = () => driver.see?.(double, meant) ?? double.glass();
  const look = () => {
    witness.look(JSON.stringify(see()));
  };
  double.onChange(look);
  const display = driver.display(plug.line({ random: chance }));
  const verified = display.capabilities.verify !== 'none';
  const onProblem = (problem: DisplayProblem) => {
    if (problem === null && verified && witness.isWrong) {
      witness.violations.push(`At ${deviceTime()} it was believed although it was wrong: ${JSON.stringify(see())}`);
    }
  };
  const keeper = new DisplayKeeper({ display, clock, log: noLog, onProblem });
  const counts = { restarts: 0, unplugs: 0, cuts: 0 };
  plug.faults = badCable;
  look();
  for (let index = 1; index <= transitions; index += 1) {
    const showing = showingNumber(index);
    // The newest first; older than these it cannot be.
    meant.unshift(showing);
    meant.splice(4);
    witness.want(driver.glass(showing));
    keeper.show(showing);
    await clock.advance(200 + chance() * 2_300);
    look();
    await mischief();
  }
  plug.faults = {};
  await clock.advance(80_000);
  look();
  if (!witness.isRight) witness.violations.push(`At the end it shows ${JSON.stringify(see())}`);
  const stopped = keeper.stop();
  await clock.advance(10_000);
  await stopped;
  double.stop();
  const { longestWrong, longestBlank, right, total, violations } = witness;
  return {
    driver: driver.name,
    transitions,
    ...counts,
    longestWrong,
    longestBlank,
    rightShare: right / total,
    violations,
  };

  async function mischief(): Promise<void> {
    const draw = chance();
    if (draw < chances.restart) {
      counts.restarts += 1;
      double.powerCycle();
    } else if (draw < chances.restart + chances.unplug) await unplug();
    else if (verified && draw < chances.restart + chances.unplug + chances.cut) await cut();
  }

  async function unplug(): Promise<void> {
    counts.unplugs += 1;
    look();
    unpluggedAt = clock.monotonic();
    plug.pullOut();
    const away = chance() * 4_000;
    await clock.advance(away);
    unreachable += clock.monotonic() - unpluggedAt;
    witness.reconnected();
    plug.putIn();
  }

  async function cut(): Promise<void> {
    counts.cuts += 1;
    double.setFaults({ longestCode: 12 });
    await clock.advance(1_000 + chance() * 3_000);
    double.setFaults({ longestCode: 100 });
  }
}
