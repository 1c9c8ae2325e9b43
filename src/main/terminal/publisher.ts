import type { Standing } from '../../shared/admin/state.ts';
import type { Role } from '../../shared/roles.ts';
import type { Language, Snapshot } from '../../shared/snapshot.ts';
import type { Spent } from '../core/polling/budget.ts';
import type { TerminalState } from '../core/bill/state.ts';
import { signOfLife, standingsOf } from '../core/link/standings.ts';
import { linkAfter, unknownLink, type LinkEvent, type LinkState } from '../core/link/link.ts';
import { nextChange, publicSnapshot, staffSnapshot, type Seen, type Shown } from '../core/snapshot/snapshot.ts';
import type { Clock, Stop } from '../ports/clock.ts';

/** What snapshots are made of, besides the state. */
export interface PublisherOptions {
  readonly clock: Clock;
  readonly shown: Shown;
  readonly language: Language;
  readonly state: () => TerminalState;
  readonly spent: () => Spent;
}

/** What time alone changes on the screens is looked at when it changes, and now and then; milliseconds. */
const lookEveryMs = 2000;
const leastLookMs = 100;

/**
 * Makes snapshots and tells the screens when there is a new one. Owns what is known of the links, and the language:
 * neither is journaled.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #listeners = new Set<() => void>();
  #link: LinkState;
  /** Milliseconds since 1970 of each part's last sign of life. */
  readonly #heard = new Map<string, number>();
  #language: Language;
  #revision = 1;
  #last = '';
  #lastSeen: Seen | undefined;
  /** Milliseconds since 1970. */
  #changesAt = 0;
  #queued = false;
  #timer: Stop | undefined;
  #stopped = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#link = unknownLink(options.clock.now());
    this.#language = options.language;
    this.#look();
  }

  /** The snapshot that anybody may see. */
  snapshot(): Snapshot {
    return publicSnapshot(this.#seen());
  }

  /** With the staff part, for a screen that is unlocked by somebody until `locksAt` (milliseconds since 1970). */
  staffSnapshot(unlocked: { readonly role: Role; readonly locksAt: number }): Snapshot {
    const seen = this.#seen();
    return { ...publicSnapshot(seen), staff: { ...staffSnapshot(seen), ...unlocked } };
  }

  /** How each part is doing, and when it last gave a sign of life. */
  standings(): readonly Standing[] {
    return standingsOf(this.#link, this.#heard);
  }

  /** A part gave a sign of life that changes nothing on the screens; `part` as `standingsOf` names it. */
  heard(part: string): void {
    this.#heard.set(part, this.#options.clock.now());
  }

  linkChanged(event: LinkEvent): void {
    const sign = signOfLife(event);
    if (sign !== null) this.heard(sign);
    this.#link = linkAfter(this.#link, event, this.#options.clock.now());
    this.changed();
  }

  choose(language: Language): void {
    this.#language = language;
    this.changed();
  }

  /** Something changed: the screens are told once, after everything that happens now has happened. */
  changed(): void {
    if (this.#queued || this.#stopped) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#publish();
    });
  }

  onChange(listener: () => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.();
    this.#listeners.clear();
  }

  #seen(): Seen {
    const { clock, shown, state, spent } = this.#options;
    return {
      state: state(),
      link: this.#link,
      shown,
      language: this.#language,
      revision: this.#revision,
      at: clock.now(),
      spent: spent(),
    };
  }

  /** Neither what snapshots are made of nor time has changed anything since the last one was made. */
  #isUnchanged(seen: Seen): boolean {
    const last = this.#lastSeen;
    if (!last || seen.at >= this.#changesAt || seen.at < last.at) return false;
    const { state, link, language, spent } = last;
    const counts = spent.lastMinute === seen.spent.lastMinute && spent.lastHour === seen.spent.lastHour;
    return state === seen.state && link === seen.link && language === seen.language && counts;
  }

  #publish(): void {
    if (this.#stopped) return;
    this.#restoreLanguage();
    const seen = this.#seen();
    if (this.#isUnchanged(seen)) return;
    this.#lastSeen = seen;
    this.#changesAt = nextChange(seen);
    const { at: _at, revision: _revision, ...rest } = this.staffSnapshot({ role: 'staff', locksAt: 0 });
    const now = JSON.stringify(rest);
    if (now === this.#last) return;
    this.#last = now;
    this.#revision += 1;
    for (const listener of this.#listeners) listener();
  }

  #look(): void {
    const { clock } = this.#options;
    const next = Math.min(this.#changesAt - clock.now(), lookEveryMs);
    this.#timer = clock.after(Math.max(leastLookMs, next), () => {
      this.#publish();
      this.#look();
    });
  }

  /** The next customer finds the terminal as the merchant set it; whoever chooses before checking in is that customer. */
  #restoreLanguage(): void {
    const { state, language } = this.#options;
    const { spot, bills } = state();
    const inUse = spot.status !== 'closed' || Object.keys(bills).length > 0;
    // A spot that has not been read yet serves nobody.
    if (inUse) this.#served ||= spot.status !== 'unknown';
    else if (this.#served) {
      this.#served = false;
      this.#language = language;
    }
  }

  /** Somebody was served since the language was last restored. */
  #served = false;
}
