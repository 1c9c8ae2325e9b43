import type { Answer } from '../../shared/contract.ts';
import type { BillId, EffectId, OfferId } from '../../shared/ids.ts';
import type { Effect, NewEffect } from './bill/effect.ts';
import type { AttentionItem, Bill, Offer, OfferStage, Receipt, TerminalState } from './bill/state.ts';
import type { SpotState } from './spot/state.ts';

/** Milliseconds to wait before the next try after that many failures in a row (api.md 11.5: 1, 2, 4 … 60 s). */
export function backOffMs(failures: number): number {
  return Math.min(60_000, 1000 * 2 ** Math.min(failures, 6));
}

interface AttentionText {
  readonly billId?: BillId;
  readonly receiptNumber?: number;
  readonly details?: Readonly<Record<string, string | number>>;
  readonly dismissable?: boolean;
}

/**
 * One decision in the making: the state as it becomes and the effects it asks for. Lives only within one call of
 * `decide`; every change replaces, nothing of the given state is altered.
 */
export class Turn {
  readonly at: number;
  /** The revision that this decision will have, if it changes anything. */
  readonly revision: number;
  readonly effects: Effect[] = [];
  answer: Answer | undefined;
  /** The state as it was before. */
  readonly before: TerminalState;
  #state: TerminalState;

  constructor(state: TerminalState, at: number) {
    this.before = state;
    this.#state = state;
    this.at = at;
    this.revision = state.revision + 1;
  }

  get state(): TerminalState {
    return this.#state;
  }

  change(part: Partial<TerminalState>): void {
    this.#state = { ...this.#state, ...part };
  }

  bill(id: BillId): Bill | undefined {
    return this.#state.bills[id];
  }

  setBill(bill: Bill): void {
    this.change({ bills: { ...this.#state.bills, [bill.id]: bill } });
  }

  offer(id: OfferId): Offer | undefined {
    return this.#state.offers[id];
  }

  setOffer(offer: Offer): Offer {
    this.change({ offers: { ...this.#state.offers, [offer.id]: offer } });
    return offer;
  }

  /** Puts the offer into a stage; failures in a row are forgotten unless given. */
  stage(offer: Offer, stage: OfferStage, more: Partial<Offer> = {}): Offer {
    return this.setOffer({ ...offer, failures: 0, ...more, stage });
  }

  offersOf(billId: BillId): readonly Offer[] {
    return Object.values(this.#state.offers).filter((offer) => offer.billId === billId);
  }

  setSpot(part: Partial<SpotState>): void {
    const spot = this.#state.spot;
    const changed = Object.entries(part).some(([key, value]) => !same(spot[key as keyof SpotState], value));
    if (changed) this.change({ spot: { ...spot, ...part } });
  }

  setReceipt(receipt: Receipt): void {
    this.change({ receipts: { ...this.#state.receipts, [receipt.number]: receipt } });
  }

  /** Asks for an effect; gives its id. */
  effect(effect: NewEffect): EffectId {
    const number = this.#state.effectsMade + 1;
    const effectId: EffectId = `effect_${number}`;
    this.change({ effectsMade: number });
    this.effects.push({ ...effect, effectId });
    return effectId;
  }

  /** Raises something for staff to look at; raising it again keeps its beginning. */
  raise(code: string, text: AttentionText = {}): void {
    const about = text.receiptNumber ?? text.billId;
    const id = about === undefined ? code : `${code}:${about}`;
    const item: AttentionItem = {
      id,
      code,
      since: this.#state.attention[id]?.since ?? this.at,
      billId: text.billId ?? null,
      receiptNumber: text.receiptNumber ?? null,
      details: text.details ?? {},
      dismissable: text.dismissable ?? true,
    };
    if (!same(this.#state.attention[id], item)) {
      this.change({ attention: { ...this.#state.attention, [id]: item } });
    }
  }

  /** Takes back what is over: all that `which` says yes to. */
  lower(which: (item: AttentionItem) => boolean): void {
    const entries = Object.entries(this.#state.attention);
    const left = entries.filter(([, item]) => !which(item));
    if (left.length < entries.length) this.change({ attention: Object.fromEntries(left) });
  }

  accept(more: { billId?: BillId; receiptNumber?: number } = {}): void {
    this.answer = { ok: true, ...more };
  }

  refuse(code: Extract<Answer, { ok: false }>['code'], message: string): void {
    this.answer = { ok: false, code, message };
  }
}

/** Equal as plain data: the parts compared here are small. */
function same(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
