import { applied } from './change.ts';
import type { Entry } from './entry.ts';

type Bodies = Readonly<Record<string, unknown>>;

/** What a till's idempotency key made. */
export interface KeyMade {
  readonly billId: string;
  readonly bodyHash: string;
}

/**
 * What entries tell, read one after the other: the state they lead to, and the last of everything that was in it on the
 * way, which is how ended bills and receipts are found again.
 */
export class Story {
  #state: unknown;
  readonly bills = new Map<string, unknown>();
  readonly receipts = new Map<number, unknown>();
  readonly keys = new Map<string, KeyMade>();

  /** @param state what the entries begin with, as plain data */
  constructor(state: unknown) {
    this.#state = state;
    const { bills, receipts } = partsOf(state);
    this.#keep({ bills, receipts });
  }

  get state(): unknown {
    return this.#state;
  }

  /** Goes on by one entry. */
  add(entry: Entry): void {
    this.follow(entry, applied(this.#state, entry.change));
  }

  /** Goes on by one entry, to a state that is known. */
  follow({ event, ended }: Pick<Entry, 'event' | 'ended'>, state: unknown): void {
    if (ended) this.#keep(ended);
    const before = partsOf(this.#state);
    this.#state = state;
    const after = partsOf(state);
    this.#keep({ bills: changed(before.bills, after.bills), receipts: changed(before.receipts, after.receipts) });
    const made = keyOf(event);
    if (made && !this.keys.has(made.key)) this.keys.set(made.key, made);
  }

  #keep({ bills, receipts }: { bills: Bodies; receipts: Bodies }): void {
    for (const [id, body] of Object.entries(bills)) this.bills.set(id, body);
    for (const [number, body] of Object.entries(receipts)) this.receipts.set(Number(number), body);
  }
}

function partsOf(state: unknown): { bills: Bodies; receipts: Bodies } {
  const { bills = {}, receipts = {} } = (state ?? {}) as { bills?: Bodies; receipts?: Bodies };
  return { bills, receipts };
}

function changed(before: Bodies, after: Bodies): Bodies {
  if (before === after) return {};
  return Object.fromEntries(Object.entries(after).filter(([id, body]) => before[id] !== body));
}

/** The idempotency key that an event brought, with what it made. */
export function keyOf(event: Entry['event']): (KeyMade & { readonly key: string }) | undefined {
  if (event.type !== 'intent') return undefined;
  const intent = event['intent'] as {
    type: string;
    billId?: string;
    idempotency?: { key: string; bodyHash: string } | null;
    earlier?: unknown;
  };
  if (intent.type !== 'createBill' || !intent.idempotency || intent.billId === undefined) return undefined;
  return { ...intent.idempotency, billId: intent.billId };
}
