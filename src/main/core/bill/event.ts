import type { BillDraft, OtherWay } from '../../../shared/bill.ts';
import type { Failure } from '../../../shared/failure.ts';
import type { BillId, EffectId, OfferId } from '../../../shared/ids.ts';
import type { RemoteOrder, RemoteSpot, RemoteTransaction } from '../remote.ts';
import type { Receipt, Settings } from './state.ts';

/** What a person or the till asks, with what the terminal gathered for the decision (ids, earlier entries). */
export type CoreIntent =
  | {
      readonly type: 'createBill';
      readonly billId: BillId;
      readonly source: 'staff' | 'till';
      readonly draft: BillDraft;
      readonly idempotency: { readonly key: string; readonly bodyHash: string } | null;
      /** The bill that this idempotency key made before, from the journal. */
      readonly earlier: { readonly billId: BillId; readonly bodyHash: string } | null;
    }
  | { readonly type: 'editBill'; readonly billId: BillId; readonly draft: BillDraft; readonly ended: boolean }
  | { readonly type: 'withdrawBill'; readonly billId: BillId; readonly ended: boolean }
  | { readonly type: 'payBillOtherwise'; readonly billId: BillId; readonly how: OtherWay; readonly ended: boolean }
  | { readonly type: 'offerBillAgain'; readonly billId: BillId; readonly ended: boolean }
  | { readonly type: 'closeSpot' }
  /** `archived` is the receipt from the journal when it is no longer in the state. */
  | { readonly type: 'reprintReceipt'; readonly receiptNumber: number; readonly archived: Receipt | null }
  | { readonly type: 'dismissAttention'; readonly id: string };

/** How a call to the API ended. `value` is what it made, when it makes something. */
export type CallResult =
  | { readonly ok: true; readonly transaction?: RemoteTransaction; readonly order?: RemoteOrder }
  | { readonly ok: false; readonly failure: Failure };

export type PrintResult =
  | { readonly outcome: 'printed'; readonly proof: string }
  | { readonly outcome: 'failed' | 'doubtful'; readonly problem: string };

/** What opening the journal found to be wrong (docs/journal.md). */
export interface JournalDamage {
  /** Entries that are gone, by their revisions; none when everything could be saved. */
  readonly gaps: readonly { readonly first: number; readonly last: number }[];
  /** Whether what is true now may be missing from the state, and not only what was. */
  readonly doubt: boolean;
  /** How far these had come at least: none of their numbers may be given again. */
  readonly revision: number;
  readonly effectsMade: number;
  readonly receiptsMade: number;
  /** The folder in which the damaged files are kept; null when they were mended in their place. */
  readonly keptIn: string | null;
}

/** Everything that can happen to the terminal. `asOf` is the state's revision when the reading was asked for. */
export type Happening =
  | { readonly type: 'started'; readonly settings: Settings; readonly damage?: JournalDamage }
  /** Something in the journal's past was found to be damaged while the terminal runs. */
  | { readonly type: 'journalFaultFound'; readonly message: string }
  | { readonly type: 'tick' }
  | { readonly type: 'intent'; readonly intent: CoreIntent }
  | { readonly type: 'called'; readonly effectId: EffectId; readonly result: CallResult }
  /** `null`: the API knows no such spot, or does not list ours (then `access` is `list`: it is closed). */
  | {
      readonly type: 'spotRead';
      readonly access: 'direct' | 'list';
      readonly spot: RemoteSpot | null;
      readonly asOf: number;
    }
  /** `null`: the API knows no such transaction (any more). */
  | {
      readonly type: 'transactionRead';
      readonly key: string;
      readonly transaction: RemoteTransaction | null;
      readonly asOf: number;
    }
  /** What the search for a lost transaction brought; null when the API does not let us search. */
  | {
      readonly type: 'searched';
      readonly offerId: OfferId;
      readonly transaction: RemoteTransaction | null;
      readonly asOf: number;
    }
  /** What of this terminal's own the API still has open. */
  | { readonly type: 'swept'; readonly transactions: readonly RemoteTransaction[]; readonly asOf: number }
  | {
      readonly type: 'printerChecked';
      readonly effectId: EffectId;
      readonly problem: string | null;
      /** The roll is nearly used up, with a guess of how many receipts it is still good for. */
      readonly paperLow?: { readonly receiptsLeft: number | null };
    }
  /** All of the paper has left this machine. */
  | { readonly type: 'paperSent'; readonly effectId: EffectId }
  | { readonly type: 'paperEnded'; readonly effectId: EffectId; readonly result: PrintResult }
  | { readonly type: 'pinTried'; readonly right: boolean }
  /** The time of a lock-out is over, by this process's own measure of time. */
  | { readonly type: 'pinLockOver' };

/** A happening and when it happened (milliseconds since 1970), stamped by the mailbox. */
export type TerminalEvent = Happening & { readonly at: number };
