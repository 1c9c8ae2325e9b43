import type { BillDraft, BillView, OtherWay } from '../../shared/bill.ts';
import type { Answer, ScreenSession } from '../../shared/contract.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import type { Stop } from './clock.ts';

/** Something the till may want to know, journaled in the same commit as what it tells of. */
export interface Notice {
  /** Grows by one; the till resumes after the last one it saw. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `bill.<status>` for each change of a bill, `spot.<status>`, `receipt.printed`, `receipt.failed`, `receipt.doubtful`. */
  readonly type: string;
  readonly data: {
    readonly bill?: BillView;
    readonly spot?: { readonly status: string };
    readonly receiptNumber?: number;
  };
}

/** What the till asks of the terminal. `idempotency` is the key and a hash of the body it came with. */
export type TillCommand =
  | {
      readonly type: 'create';
      readonly draft: BillDraft;
      readonly idempotency: { readonly key: string; readonly bodyHash: string };
    }
  | { readonly type: 'edit'; readonly billId: string; readonly draft: BillDraft }
  | { readonly type: 'withdraw'; readonly billId: string }
  | { readonly type: 'paidOtherwise'; readonly billId: string; readonly how: OtherWay };

/** The terminal as the till interface sees it. */
export interface TillDesk {
  /** Journals the command or refuses it; the outcome is seen in the bill later. Never throws. */
  submit(command: TillCommand): Promise<Answer>;
  /** Any bill ever taken, ended ones too. */
  bill(billId: string): BillView | undefined;
  /** Without the staff part. */
  snapshot(): Snapshot;
  /** Notices after that id, oldest first, at most `limit`. */
  noticesAfter(id: number, limit: number): readonly Notice[];
  /** The id of the newest notice; 0 when there is none. */
  newestNotice(): number;
  /** Calls back with each new notice, after it was journaled. */
  onNotice(callback: (notice: Notice) => void): Stop;
}

/** The terminal as a host of screens sees it: one session per window or connection. */
export interface ScreenDesk {
  openSession(): ScreenSession;
}
