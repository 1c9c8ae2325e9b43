import { refusal, type Answer } from '../../shared/contract.ts';
import { decide, newState } from '../core/bill/decide.ts';
import type { Effect } from '../core/bill/effect.ts';
import type { Happening, TerminalEvent } from '../core/bill/event.ts';
import type { Settings, TerminalState } from '../core/bill/state.ts';
import { nextWakeUp } from '../core/bill/tick.ts';
import { noticesOf } from '../core/snapshot/notices.ts';
import type { Clock, Stop } from '../ports/clock.ts';
import { JournalError, type JournalPort } from '../ports/journal.ts';
import type { Log } from '../ports/log.ts';
import type { Notice } from '../ports/terminal.ts';
import { diskFull } from './journal-keeper.ts';

/** What the loop needs, and whom it tells. The callbacks run after the journal has the decision. */
export interface LoopOptions {
  readonly settings: Settings;
  readonly journal: JournalPort;
  readonly clock: Clock;
  readonly log: Log;
  /** Effects that may leave now: they are journaled. */
  readonly onEffects: (effects: readonly Effect[]) => void;
  readonly onState: (state: TerminalState) => void;
  readonly onNotice: (notice: Notice) => void;
  /** The journal failed, or works again (null). */
  readonly onJournal: (problem: JournalError | null) => void;
}

/** Before the next try to write what could not be written, and the least pause between ticks, in milliseconds. */
const retryEveryMs = 2000;
const leastTickMs = 20;
const idleTickMs = 1000;

/** What is not taken any more when there is only room for finishing what runs. */
const beginsSomething: ReadonlySet<string> = new Set(['createBill', 'editBill', 'offerBillAgain']);

/**
 * The ring of design.md 2: one event at a time, decided, journaled, and only then carried out. Synchronous: when
 * `dispatch` returns, the decision is on the disk.
 */
export class Loop {
  readonly #options: LoopOptions;
  #state: TerminalState;
  #fresh: boolean;
  /** Results that the journal could not take yet, in order: they are not lost, nothing overtakes them. */
  #held: Happening[] = [];
  /** The journal could not be written when it was last tried. */
  #failing = false;
  #inside = false;
  #queue: Happening[] = [];
  #wake: Stop | undefined;
  #retry: Stop | undefined;
  #stopped = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    const loaded = options.journal.load();
    this.#fresh = loaded === null;
    this.#state = loaded ?? newState(options.settings, options.clock.now());
  }

  get state(): TerminalState {
    return this.#state;
  }

  /** Whether the journal could not be written when it was last tried. */
  get isFailing(): boolean {
    return this.#failing;
  }

  /** Queues the recovery event: from here on the terminal lives. @throws JournalError when it cannot be written. */
  start(): void {
    const damage = this.#options.journal.damage();
    if (damage) this.#options.log.error('The journal was damaged.', { code: 'journal_damaged', ...damage });
    this.#step({ type: 'started', settings: this.#options.settings, ...(damage && { damage }) });
    this.#drain();
    this.#arm();
  }

  /** A result, a reading, a tick. Never throws; what cannot be journaled now is kept and tried again. */
  dispatch(happening: Happening): void {
    if (this.#stopped) return;
    this.#queue.push(happening);
    this.#drain();
    this.#arm();
  }

  /** An intent: answered when it is journaled, or refused. Never throws. */
  intend(intent: Extract<Happening, { type: 'intent' }>['intent']): Answer {
    if (this.#stopped) return refusal('stopping', 'The terminal is stopping. Try again when it has started.');
    if (this.#failing) return this.#unwritable();
    if (beginsSomething.has(intent.type) && !this.#options.journal.spare()) {
      return refusal('disk_full', diskFull.message);
    }
    try {
      const answer = this.#step({ type: 'intent', intent });
      this.#drain();
      this.#arm();
      return answer ?? refusal('invalid', 'This cannot be done.');
    } catch (error) {
      this.#journalFailed(error);
      return this.#unwritable();
    }
  }

  /** Takes nothing new. Idempotent. */
  stop(): void {
    this.#stopped = true;
    this.#wake?.();
    this.#retry?.();
  }

  #unwritable(): Answer {
    return refusal('journal_failed', 'The terminal cannot write its journal, so it takes nothing new. Check the disk.');
  }

  #drain(): void {
    if (this.#inside) return;
    this.#inside = true;
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) this.#take(next);
    } finally {
      this.#inside = false;
    }
  }

  #take(happening: Happening): void {
    if (this.#failing) {
      this.#hold(happening);
      return;
    }
    try {
      this.#step(happening);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      this.#hold(happening);
      this.#journalFailed(error);
    }
  }

  /** Results do not come again. Readings do, and an old one must not be acted upon: what it saw may have changed since. */
  #hold(happening: Happening): void {
    if ('effectId' in happening || happening.type === 'pinTried') this.#held.push(happening);
  }

  /** Decides, journals, and only then lets the effects out. */
  #step(happening: Happening): Answer | undefined {
    const event: TerminalEvent = { ...happening, at: this.#options.clock.now() };
    const before = this.#state;
    const decision = decide(before, event);
    if (decision.state === before) return decision.answer;
    const notices = this.#options.journal.commit({
      event,
      before: this.#fresh ? null : before,
      state: decision.state,
      effects: decision.effects,
      notices: noticesOf(before, decision.state),
    });
    this.#fresh = false;
    this.#state = decision.state;
    this.#options.onState(decision.state);
    for (const notice of notices) this.#options.onNotice(notice);
    if (decision.effects.length > 0) this.#options.onEffects(decision.effects);
    return decision.answer;
  }

  #journalFailed(error: unknown): void {
    if (!(error instanceof JournalError)) throw error;
    this.#failing = true;
    this.#options.log.error(error.message, { code: error.code });
    this.#options.onJournal(error);
    this.#retry ??= this.#options.clock.after(retryEveryMs, () => {
      this.#retry = undefined;
      this.#tryHeld();
    });
  }

  #tryHeld(): void {
    try {
      this.#options.journal.probe();
    } catch (error) {
      this.#journalFailed(error);
      return;
    }
    this.#failing = false;
    const [...held] = this.#held;
    this.#held = [];
    this.#queue.unshift(...held);
    this.#drain();
    // The drain may have failed again; the compiler does not know.
    if (!this.isFailing) this.#options.onJournal(null);
    this.#arm();
  }

  /** Sets the one timer to when time alone changes something next. */
  #arm(): void {
    this.#wake?.();
    this.#wake = undefined;
    if (this.#stopped) return;
    const now = this.#options.clock.now();
    const next = nextWakeUp(this.#state, now);
    if (next === undefined) return;
    const revision = this.#state.revision;
    this.#wake = this.#options.clock.after(Math.max(leastTickMs, next - now), () => {
      this.#tick(revision);
    });
  }

  #tick(revision: number): void {
    this.dispatch({ type: 'tick' });
    // Due, but held up by something else: looked at again now and then instead of spinning.
    if (this.#state.revision === revision && !this.#stopped) {
      this.#wake?.();
      this.#wake = this.#options.clock.after(idleTickMs, () => {
        this.#tick(this.#state.revision);
      });
    }
  }
}
