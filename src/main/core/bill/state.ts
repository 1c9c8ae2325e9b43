import type { BillLine, OtherWay, RefusalReason } from '../../../shared/bill.ts';
import type { BillId, EffectId, JobId, OfferId } from '../../../shared/ids.ts';
import type { Money } from '../../../shared/money.ts';
import type { Language } from '../../../shared/snapshot.ts';
import type { ReceiptFacts } from '../receipt/document.ts';
import type { SpotState } from '../spot/state.ts';

/** What of the configuration decides: journaled with each start, so that every decision can be explained later. */
export interface Settings {
  readonly terminal: string;
  readonly merchantLines: readonly string[];
  readonly language: Language;
  readonly timeZone: string;
  readonly locationId: number;
  readonly identifier: string;
  /** Seconds from the payer's acceptance until the money returns by itself. */
  readonly reserveForSeconds: number;
  readonly billExpiresAfterMs: number;
  readonly maximumOpenBills: number;
  readonly foreignOrders: 'observe' | 'confirm';
  readonly closeAfterMs: number;
  readonly paidScreenMs: number;
  readonly refusedScreenMs: number;
  readonly waitingCloseAfterMs: number;
  readonly printerConfigured: boolean;
  readonly printRetryEveryMs: number;
  readonly printMaximumAgeMs: number;
  readonly doubtfulReceipts: 'copy' | 'ask';
  readonly pinWrongTries: number;
  readonly pinLockOutMs: number;
}

/** A bill's own standing. What its transaction is doing is the offer's stage: two facts, never one (design.md 2). */
export type BillStatus =
  /** Wanted and unpaid; `offerId` is the offer that may pay it. */
  | { readonly name: 'open'; readonly offerId: OfferId }
  /** Staff took cash or card; paid as soon as no offer of the bill can be paid any more. */
  | { readonly name: 'settling'; readonly how: OtherWay; readonly since: number }
  | {
      readonly name: 'paid';
      readonly how: 'wallet' | OtherWay;
      readonly at: number;
      readonly transactionKey: string | null;
      readonly receiptNumber: number | null;
    }
  /** Not payable as it stands: staff offer it again, edit, withdraw it or take cash. */
  | { readonly name: 'refused'; readonly reason: RefusalReason; readonly at: number }
  | { readonly name: 'withdrawn'; readonly at: number }
  | { readonly name: 'expired'; readonly at: number };

/** What the merchant wants paid here (design.md 1). */
export interface Bill {
  readonly id: BillId;
  readonly number: string;
  readonly version: number;
  readonly source: 'staff' | 'till' | 'foreign';
  readonly lines: readonly BillLine[];
  readonly total: Money;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970; null until the API has answered since the bill was taken, or when it never expires. */
  readonly expiresAt: number | null;
  /** Offers made so far: it numbers the next one. */
  readonly offersMade: number;
  /** The visit (SpotState.visits) in which it was last offered: what belongs to one visit is not shown in the next. */
  readonly visit: number;
  readonly status: BillStatus;
  /** A receipt for it may be out that the journal no longer knows of: another one says COPY. */
  readonly mayHaveReceipt?: boolean;
  /** The till's key and the hash of the body it came with. */
  readonly idempotency: { readonly key: string; readonly bodyHash: string } | null;
}

/** Why an offer is to be taken back. */
export type UnwantedReason = 'edited' | 'withdrawn' | 'expired' | 'paid_otherwise' | 'forgotten' | RefusalReason;

/**
 * The stage of an offer. The comment says what has already happened in the world; the recovery of each stage after a
 * crash is in recover.ts. `since` is the revision at which a question arose: only an answer that was asked for at or
 * after that revision counts. `notBefore` is milliseconds since 1970.
 */
export type OfferStage =
  /** The transaction has been asked for; there may be one. */
  | { readonly name: 'creating'; readonly effectId: EffectId }
  /** Certainly no transaction yet; to be asked for again. */
  | { readonly name: 'createLater'; readonly notBefore: number }
  /** The answer was lost: a transaction may exist, payable by nobody. It is searched for. */
  | { readonly name: 'searching'; readonly since: number }
  /** There is a transaction, no order: the spot is not known yet, or takes no orders while it is closed. */
  | { readonly name: 'awaitingSpot'; readonly why: 'unknown' | 'closed' }
  /** The order has been asked for (or its re-pointing); there may be one. */
  | { readonly name: 'attaching'; readonly effectId: EffectId }
  | { readonly name: 'attachLater'; readonly notBefore: number }
  /** The answer was lost: the spot tells whether the order is there. */
  | { readonly name: 'attachLost'; readonly since: number }
  /** The customer can pay. */
  | { readonly name: 'offered'; readonly since: number }
  /** The API said reserved; read again and compared before anything else. */
  | { readonly name: 'checking'; readonly since: number; readonly transaction: boolean; readonly order: boolean }
  /** The confirmation has been asked for; the money may be ours. */
  | { readonly name: 'confirming'; readonly effectId: EffectId }
  /** The confirmation was answered, or its answer was lost: only reading tells. */
  | { readonly name: 'readingBack'; readonly since: number }
  /** Still reserved after a confirmation: to be checked and confirmed again. */
  | { readonly name: 'confirmLater'; readonly notBefore: number }
  /** Read as confirmed. The end of the good way. */
  | { readonly name: 'confirmed' }
  /** Edited away: waits until its successor has taken the order over, then is taken back. */
  | { readonly name: 'superseded'; readonly successor: OfferId }
  /** Deletion or revocation has been asked for. */
  | { readonly name: 'revoking'; readonly effectId: EffectId }
  | { readonly name: 'revokeLater'; readonly notBefore: number }
  /** Answered, or the answer lost: only reading tells. */
  | { readonly name: 'revokeReading'; readonly since: number }
  /** The transaction is in a final state, unpaid; its order is being removed. */
  | { readonly name: 'removingOrder'; readonly effectId: EffectId }
  | { readonly name: 'removeOrderLater'; readonly notBefore: number }
  /** Nothing of it is left to be done. */
  | { readonly name: 'settled' }
  /** A foreign order that is only looked at. */
  | { readonly name: 'observed' };

export type OfferStageName = OfferStage['name'];

/** One transaction made (or, for foreign orders, met) for one version of a bill. */
export interface Offer {
  readonly id: OfferId;
  readonly billId: BillId;
  readonly version: number;
  /** What the transaction must say, to be confirmed. */
  readonly price: Money;
  readonly description: string;
  readonly createdAt: number;
  /** Milliseconds since 1970 when the customer could first pay it; null before. */
  readonly offeredAt: number | null;
  /** Milliseconds since 1970 when its money was first seen reserved; null before. */
  readonly reservedAt: number | null;
  readonly key: string | null;
  readonly orderId: number | null;
  readonly unwanted: UnwantedReason | null;
  /** The offer whose order this one takes over, after an edit. */
  readonly predecessor: OfferId | null;
  /** Failures of the present step in a row: the wait before the next try grows with it. */
  readonly failures: number;
  readonly stage: OfferStage;
}

/** One paper of a receipt on its way. */
export type PaperStage =
  | { readonly name: 'queued'; readonly notBefore: number }
  | { readonly name: 'checkingPrinter'; readonly effectId: EffectId }
  /** Something may have left for the printer: never repeated silently (design.md 2). */
  | { readonly name: 'sending'; readonly effectId: EffectId }
  /** All of it has left for the printer, whose word that it is printed is awaited. */
  | { readonly name: 'sent'; readonly effectId: EffectId }
  | { readonly name: 'printed'; readonly proof: string }
  /** Nothing left this machine. */
  | { readonly name: 'failed'; readonly problem: string }
  | { readonly name: 'doubtful'; readonly problem: string };

export interface Receipt {
  readonly number: number;
  readonly billId: BillId;
  readonly facts: ReceiptFacts;
  readonly jobId: JobId;
  /** Papers begun so far; the job id holds it. */
  readonly papers: number;
  /** True when the paper at hand must be marked: an earlier one left, or may have. */
  readonly copy: boolean;
  readonly queuedAt: number;
  readonly paper: PaperStage;
}

export interface AttentionItem {
  readonly id: string;
  readonly code: string;
  readonly since: number;
  readonly billId: BillId | null;
  readonly receiptNumber: number | null;
  readonly details: Readonly<Record<string, string | number>>;
  readonly dismissable: boolean;
}

/** Everything the terminal knows and has promised: plain data, journaled. Ended things leave it after a while. */
export interface TerminalState {
  /** Grows by one with each journaled event. */
  readonly revision: number;
  /** Milliseconds since 1970 of the very first start with this journal. */
  readonly firstStartedAt: number;
  readonly settings: Settings;
  readonly effectsMade: number;
  readonly receiptsMade: number;
  readonly spot: SpotState;
  readonly bills: Readonly<Record<BillId, Bill>>;
  readonly offers: Readonly<Record<OfferId, Offer>>;
  readonly receipts: Readonly<Record<number, Receipt>>;
  readonly attention: Readonly<Record<string, AttentionItem>>;
  readonly pin: { readonly wrongTries: number; readonly lockedUntil: number };
}
