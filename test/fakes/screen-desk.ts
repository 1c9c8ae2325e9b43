import { intents, refusal, type Answer, type IntentName, type ScreenSession } from '../../src/shared/contract.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';
import type { ScreenDesk } from '../../src/main/ports/terminal.ts';

/** A desk without a terminal behind it: keeps what was asked of it, and shows what a test wants shown. */
export interface FakeDesk extends ScreenDesk {
  /** Sessions that are open now. */
  readonly open: number;
  /** Sessions ever opened. */
  readonly opened: number;
  /** Intents that came through, with their parsed input. */
  readonly carriedOut: { readonly name: string; readonly input: unknown }[];
  /** Shows the next snapshot, with these changes. */
  show(change?: Partial<Snapshot>): void;
  /** Holds every following answer back until the returned function is called. */
  hold(): () => void;
}

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

/** A desk that shows an idle terminal, and takes the PIN 1234. */
export function fakeDesk(): FakeDesk {
  const subscribers = new Set<(snapshot: Snapshot) => void>();
  const sessions = new Set<ScreenSession>();
  const carriedOut: { name: string; input: unknown }[] = [];
  let present = idleSnapshot();
  let opened = 0;
  let held: Promise<void> = Promise.resolve();

  function show(change: Partial<Snapshot> = {}): void {
    present = { ...present, ...change, revision: present.revision + 1 };
    for (const subscriber of subscribers) subscriber(present);
  }

  async function carryOut(name: string, input: unknown): Promise<Answer> {
    await held;
    const parsed = intents[name as IntentName].input.safeParse(input);
    if (!parsed.success) return refusal('invalid', 'The input does not fit.');
    carriedOut.push({ name, input: parsed.data });
    if (name === 'chooseLanguage') show({ language: (parsed.data as { language: 'en' | 'lt' }).language });
    return name === 'closeSpot' ? refusal('staff_only', 'Only staff may do this.') : { ok: true };
  }

  function openSession(): ScreenSession {
    opened += 1;
    const session: ScreenSession = {
      intent: carryOut,
      snapshot: () => present,
      subscribe(callback) {
        subscribers.add(callback);
        callback(present);
        return () => subscribers.delete(callback);
      },
      close() {
        sessions.delete(session);
      },
    };
    sessions.add(session);
    return session;
  }

  return {
    get open() {
      return sessions.size;
    },
    get opened() {
      return opened;
    },
    carriedOut,
    openSession,
    show,
    hold() {
      const gate = Promise.withResolvers<undefined>();
      held = gate.promise;
      return () => {
        gate.resolve(undefined);
      };
    },
  };
}
