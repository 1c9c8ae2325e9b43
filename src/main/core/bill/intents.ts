import type { BillDraft } from '../../../shared/bill.ts';
import { assertNever } from '../../../shared/failure.ts';
import type { BillId } from '../../../shared/ids.ts';
import { money } from '../../../shared/money.ts';
import { reprint } from '../receipt/printing.ts';
import { closeByStaff } from '../spot/closing.ts';
import type { Turn } from '../turn.ts';
import type { CoreIntent } from './event.ts';
import { offerBill } from './offering.ts';
import { billPaid, calm, offerIsOver } from './outcome.ts';
import { moneyIsMoving, retire, retireAll } from './retire.ts';
import type { Bill, Offer } from './state.ts';

/** What a person or the till asks. Every path answers: accepted, or refused with a code and a sentence. */
export function intended(turn: Turn, intent: CoreIntent): void {
  switch (intent.type) {
    case 'createBill':
      return createBill(turn, intent);
    case 'editBill':
      return withBill(turn, intent, (bill) => {
        editBill(turn, bill, intent.draft);
      });
    case 'withdrawBill':
      return withBill(turn, intent, (bill) => {
        withdrawBill(turn, bill);
      });
    case 'payBillOtherwise':
      return withBill(turn, intent, (bill) => {
        payBillOtherwise(turn, bill, intent.how);
      });
    case 'offerBillAgain':
      return withBill(turn, intent, (bill) => {
        offerBillAgain(turn, bill);
      });
    case 'closeSpot':
      return closeByStaff(turn);
    case 'reprintReceipt':
      return reprint(turn, intent.receiptNumber, intent.archived);
    case 'dismissAttention':
      return dismissAttention(turn, intent.id);
    default:
      return assertNever(intent);
  }
}

/** Not ended: it still waits for money or for a decision of staff. */
export function isUnpaid(bill: Bill): boolean {
  return bill.status.name === 'open' || bill.status.name === 'settling' || bill.status.name === 'refused';
}

function createBill(turn: Turn, intent: Extract<CoreIntent, { type: 'createBill' }>): void {
  const { earlier, draft, idempotency } = intent;
  if (earlier) {
    if (earlier.bodyHash === idempotency?.bodyHash) turn.accept({ billId: earlier.billId });
    else
      turn.refuse(
        'idempotency_conflict',
        'This Idempotency-Key was used for another bill. Use a new key for a new bill.',
      );
    return;
  }
  const unpaid = Object.values(turn.state.bills).filter(isUnpaid);
  if (unpaid.some((bill) => bill.number === draft.number)) {
    turn.refuse('number_in_use', `Bill ${draft.number} is already here and unpaid. Edit it, or use another number.`);
    return;
  }
  if (unpaid.length >= turn.state.settings.maximumOpenBills) {
    turn.refuse('too_many_bills', 'There are too many unpaid bills at this spot. Settle or withdraw some first.');
    return;
  }
  offerBill(turn, newBill(turn, intent), null);
  turn.accept({ billId: intent.billId });
}

function newBill(turn: Turn, intent: Extract<CoreIntent, { type: 'createBill' }>): Bill {
  const { draft } = intent;
  return {
    id: intent.billId,
    number: draft.number,
    version: 1,
    source: intent.source,
    lines: draft.lines,
    total: money(draft.total, draft.currency),
    createdAt: turn.at,
    expiresAt: null,
    offersMade: 0,
    visit: turn.state.spot.visits,
    // Replaced by offerBill in the same decision.
    status: { name: 'withdrawn', at: turn.at },
    idempotency: intent.idempotency,
  };
}

/** Finds an unpaid bill of ours, or refuses. */
function withBill(turn: Turn, intent: { billId: BillId; ended: boolean }, act: (bill: Bill) => void): void {
  const bill = turn.bill(intent.billId);
  if (!bill) {
    if (intent.ended) turn.refuse('bill_ended', 'This bill has ended already. Nothing was changed.');
    else turn.refuse('bill_unknown', 'There is no such bill. Look at the list of bills again.');
  } else if (bill.source === 'foreign') {
    turn.refuse('bill_foreign', 'This bill was made by other software. Change it there.');
  } else if (!isUnpaid(bill)) {
    turn.refuse('bill_ended', `Bill ${bill.number} has ended already. Nothing was changed.`);
  } else if (turn.offersOf(bill.id).some(moneyIsMoving)) {
    turn.refuse(
      'payment_in_progress',
      `The customer is paying bill ${bill.number} right now. Wait a moment and look again.`,
    );
  } else {
    act(bill);
  }
}

function liveOffers(turn: Turn, bill: Bill): readonly Offer[] {
  return turn.offersOf(bill.id).filter((offer) => !offerIsOver(offer));
}

function editBill(turn: Turn, bill: Bill, draft: BillDraft): void {
  if (bill.status.name === 'settling') {
    turn.refuse('payment_in_progress', `Bill ${bill.number} is being settled. It cannot be edited any more.`);
    return;
  }
  const twin = Object.values(turn.state.bills).find(
    (other) => other.id !== bill.id && isUnpaid(other) && other.number === draft.number,
  );
  if (twin) {
    turn.refuse('number_in_use', `Bill ${draft.number} is already here and unpaid. Use another number.`);
    return;
  }
  const edited: Bill = {
    ...bill,
    number: draft.number,
    version: bill.version + 1,
    lines: draft.lines,
    total: money(draft.total, draft.currency),
  };
  turn.setBill(edited);
  calm(turn, edited);
  const old = liveOffers(turn, bill);
  const holder = old.find((offer) => offer.stage.name === 'offered' || offer.stage.name === 'superseded') ?? null;
  const next = offerBill(turn, edited, holder);
  for (const offer of old) supersede(turn, offer, next);
  turn.accept({ billId: bill.id });
}

/** The old offer keeps its order until the new one takes it; everything else of it is taken back at once. */
function supersede(turn: Turn, offer: Offer, next: Offer): void {
  if (offer.id !== next.predecessor) retire(turn, offer, 'edited');
  else if (!offer.unwanted || offer.stage.name === 'superseded') {
    turn.stage({ ...offer, unwanted: 'edited' }, { name: 'superseded', successor: next.id });
  }
}

function withdrawBill(turn: Turn, bill: Bill): void {
  if (bill.status.name === 'settling') {
    turn.refuse('payment_in_progress', `Bill ${bill.number} is being settled. It cannot be withdrawn any more.`);
    return;
  }
  endBill(turn, bill, 'withdrawn');
  turn.accept({ billId: bill.id });
}

/** Ends a bill without payment and takes its offers back. */
export function endBill(turn: Turn, bill: Bill, how: 'withdrawn' | 'expired'): void {
  turn.setBill({ ...bill, status: { name: how, at: turn.at } });
  calm(turn, bill);
  retireAll(turn, bill, how);
}

function payBillOtherwise(turn: Turn, bill: Bill, how: 'cash' | 'card'): void {
  if (bill.status.name === 'settling') {
    turn.accept({ billId: bill.id });
    return;
  }
  const settling: Bill = { ...bill, status: { name: 'settling', how, since: turn.at } };
  turn.setBill(settling);
  retireAll(turn, bill, 'paid_otherwise');
  const unsettled = turn.bill(bill.id);
  if (unsettled?.status.name === 'settling' && liveOffers(turn, bill).length === 0)
    billPaid(turn, unsettled, how, null);
  turn.accept({ billId: bill.id });
}

function offerBillAgain(turn: Turn, bill: Bill): void {
  if (bill.status.name !== 'refused') {
    turn.refuse('bill_not_refused', `Bill ${bill.number} is being offered already.`);
    return;
  }
  if (liveOffers(turn, bill).length > 0) {
    turn.refuse(
      'payment_in_progress',
      `The earlier offer of bill ${bill.number} is still being taken back. Try again in a moment.`,
    );
    return;
  }
  calm(turn, bill);
  offerBill(turn, { ...bill, expiresAt: null }, null);
  turn.accept({ billId: bill.id });
}

function dismissAttention(turn: Turn, id: string): void {
  const item = turn.state.attention[id];
  if (!item?.dismissable) {
    turn.refuse('attention_unknown', 'There is nothing like this to be looked at any more.');
    return;
  }
  turn.lower((each) => each.id === id);
  turn.accept();
}
