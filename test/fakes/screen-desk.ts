import { intents, refusal, type Answer, type IntentName, type ScreenSession } from '../../src/shared/contract.ts';
import type { Language, Snapshot } from '../../src/shared/snapshot.ts';
import type { ScreenDesk } from '../../src/main/ports/terminal.ts';

/** The snapshot of an idle terminal. */
export function idleSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: 1,
    at: Date.UTC(2026, 10, 23, 12),
    language: 'en',
    terminal: { name: 'T1', locale: { en: 'en-IE', lt: 'lt-LT' } },
    spot: { code: 'PAYSERA*3:table7', name: 'Table 7', place: 'Café', currency: 'EUR' },
    customer: { view: 'idle', scan: true, bills: [], offline: false, attention: false },
    ...change,
  };
}

/** A desk without a terminal behind it: shows what a test wants shown, and keeps what was asked of it. */
export class FakeDesk implements ScreenDesk {
  /** Intents that came through, with their parsed input. */
  readonly carriedOut: { readonly name: string; readonly input: unknown }[] = [];
  /** Sessions ever opened. */
  opened = 0;
  readonly #subscribers = new Set<(snapshot: Snapshot) => void>();
  readonly #sessions = new Set<ScreenSession>();
  #present = idleSnapshot();
  #held: Promise<undefined> = Promise.resolve(undefined);

  /** Sessions that are open now. */
  get open(): number {
    return this.#sessions.size;
  }

  /** Shows the next snapshot, with these changes. */
  show(change: Partial<Snapshot> = {}): void {
    this.#present = { ...this.#present, ...change, revision: this.#present.revision + 1 };
    for (const subscriber of this.#subscribers) subscriber(this.#present);
  }

  /** Holds every following answer back until the returned function is called. */
  hold(): () => void {
    const gate = Promise.withResolvers<undefined>();
    this.#held = gate.promise;
    return () => {
      gate.resolve(undefined);
    };
  }

  openSession(): ScreenSession {
    this.opened += 1;
    const session: ScreenSession = {
      intent: (name, input) => this.#carryOut(name, input),
      admin: () => Promise.resolve({ ok: false, code: 'unknown_request', message: 'There is no admin screen here.' }),
      snapshot: () => this.#present,
      subscribe: (callback) => {
        this.#subscribers.add(callback);
        callback(this.#present);
        return () => this.#subscribers.delete(callback);
      },
      close: () => {
        this.#sessions.delete(session);
      },
    };
    this.#sessions.add(session);
    return session;
  }

  /** Takes every intent whose input fits, but the closing of the spot. */
  async #carryOut(name: string, input: unknown): Promise<Answer> {
    await this.#held;
    const parsed = intents[name as IntentName].input.safeParse(input);
    if (!parsed.success) return refusal('invalid', 'The input does not fit.');
    this.carriedOut.push({ name, input: parsed.data });
    if (name === 'chooseLanguage') this.show(parsed.data as { language: Language });
    return name === 'closeSpot' ? refusal('staff_only', 'Only staff may do this.') : { ok: true };
  }
}
