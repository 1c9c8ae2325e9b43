import { EventEmitter } from 'node:events';
import { drawGlass } from './picture.ts';
import type { CommonFaults, DisplayDouble, Glass, Stop, Timer } from './types.ts';

/** Longer lists of complaints help nobody. */
const mostProblems = 1000;

/** What all doubles of displays have: cable, clock, faults, complaints. */
export abstract class Double<Faults extends CommonFaults> implements DisplayDouble<Faults> {
  protected readonly timer: Timer;
  #faults: Faults;
  readonly #problems: string[] = [];
  readonly #events = new EventEmitter<{ send: [Uint8Array]; change: [] }>();
  #busyUntil = 0;
  #stopped = false;
  #off = false;
  readonly #timers = new Set<Stop>();

  constructor(timer: Timer, faults: Faults) {
    this.timer = timer;
    this.#faults = faults;
  }

  protected abstract take(bytes: Uint8Array): void;
  protected abstract restart(): void;
  /** What it does and says once it has started. */
  protected abstract started(): void;
  abstract glass(): Glass;

  /** How long it takes to start, milliseconds. */
  protected readonly startMs: number = 300;

  get isOff(): boolean {
    return this.#off;
  }

  receive(bytes: Uint8Array): void {
    if (this.#stopped || this.#off) return;
    this.take(bytes);
    this.changed();
  }

  onSend(callback: (bytes: Uint8Array) => void): Stop {
    this.#events.on('send', callback);
    return () => this.#events.off('send', callback);
  }

  onChange(callback: () => void): Stop {
    this.#events.on('change', callback);
    return () => this.#events.off('change', callback);
  }

  png(): Buffer {
    return drawGlass(this.glass());
  }

  problems(): readonly string[] {
    return [...this.#problems];
  }

  faults(): Faults {
    return this.#faults;
  }

  setFaults(change: Partial<Faults>): void {
    this.#faults = { ...this.#faults, ...change };
    this.changed();
  }

  powerCycle(): void {
    this.#forget();
    this.#busyUntil = 0;
    this.#off = true;
    this.restart();
    this.changed();
    this.#later(this.startMs, () => {
      this.#off = false;
      this.started();
      this.changed();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#forget();
    this.#events.removeAllListeners();
  }

  protected complain(sentence: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push(sentence);
  }

  protected changed(): void {
    this.#events.emit('change');
  }

  /** Does something after everything earlier, as late as its slowness makes it. */
  protected inTurn(work: () => void): void {
    const { slowMs } = this.#faults;
    if (slowMs === 0 && this.#busyUntil <= this.timer.monotonic()) {
      work();
      return;
    }
    this.#busyUntil = Math.max(this.timer.monotonic(), this.#busyUntil) + slowMs;
    this.#later(this.#busyUntil - this.timer.monotonic(), () => {
      work();
      this.changed();
    });
  }

  #later(milliseconds: number, work: () => void): void {
    const stop = this.timer.after(milliseconds, () => {
      this.#timers.delete(stop);
      work();
    });
    this.#timers.add(stop);
  }

  /** What was begun before a restart is not finished after it. */
  #forget(): void {
    for (const stop of this.#timers) stop();
    this.#timers.clear();
  }

  protected send(bytes: Uint8Array): void {
    if (!this.#faults.silent && !this.#stopped && !this.#off) this.#events.emit('send', bytes);
  }
}
