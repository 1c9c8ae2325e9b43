import type { EffectId, JobId, OfferId } from '../../../shared/ids.ts';
import type { TransactionRequest } from '../remote.ts';
import type { ReceiptDocument } from '../receipt/document.ts';

/** Something to be done in the world. Journaled before it leaves; its result comes back as an event. */
export type WalletEffect =
  | {
      readonly type: 'createTransaction';
      readonly effectId: EffectId;
      readonly offerId: OfferId;
      readonly request: TransactionRequest;
    }
  | {
      readonly type: 'attachOrder';
      readonly effectId: EffectId;
      readonly offerId: OfferId;
      readonly spotId: number;
      readonly key: string;
    }
  | {
      readonly type: 'pointOrder';
      readonly effectId: EffectId;
      readonly offerId: OfferId;
      readonly orderId: number;
      readonly key: string;
    }
  | { readonly type: 'confirm'; readonly effectId: EffectId; readonly offerId: OfferId; readonly key: string }
  | { readonly type: 'revoke'; readonly effectId: EffectId; readonly offerId: OfferId; readonly key: string }
  | { readonly type: 'deleteOrder'; readonly effectId: EffectId; readonly offerId: OfferId; readonly orderId: number }
  | { readonly type: 'closeSpot'; readonly effectId: EffectId; readonly spotId: number };

export type PrinterEffect =
  | { readonly type: 'checkPrinter'; readonly effectId: EffectId; readonly jobId: JobId }
  | { readonly type: 'print'; readonly effectId: EffectId; readonly jobId: JobId; readonly document: ReceiptDocument };

export type Effect = WalletEffect | PrinterEffect;
export type EffectType = Effect['type'];

/**
 * How each kind is recovered when the process died before its result was journaled (design.md 2): `repeat` it,
 * `ask` the remote side first and decide then, or `neverSilently`: paper that may be out is only printed again as a
 * marked copy. recover.ts carries this out, stage by stage; a test holds the two together.
 */
export const recovery: Readonly<Record<EffectType, 'repeat' | 'ask' | 'neverSilently'>> = {
  createTransaction: 'ask',
  attachOrder: 'ask',
  pointOrder: 'ask',
  confirm: 'ask',
  revoke: 'ask',
  deleteOrder: 'repeat',
  closeSpot: 'ask',
  checkPrinter: 'repeat',
  print: 'neverSilently',
};

/** An effect as the deciding code writes it: the id is given by the turn. */
export type NewEffect = Effect extends infer Each ? (Each extends Effect ? Omit<Each, 'effectId'> : never) : never;
