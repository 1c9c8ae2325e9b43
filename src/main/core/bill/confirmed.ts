import type { RemoteTransaction } from '../remote.ts';
import type { Turn } from '../turn.ts';
import { amountDetail, asksExactly, sumOf } from './compare.ts';
import { billPaid, offerIsOver } from './outcome.ts';
import { moneyIsMoving, retire } from './retire.ts';
import type { Bill, Offer } from './state.ts';

/** The API shows the offer's transaction as confirmed: the only status that means paid (api.md 6.4). */
export function transactionConfirmed(turn: Turn, offer: Offer, transaction: RemoteTransaction): void {
  turn.stage(offer, { name: 'confirmed' });
  const bill = turn.bill(offer.billId);
  if (!bill) return;
  const details = { expected: amountDetail(offer.price), found: amountDetail(sumOf(transaction)) };
  if (bill.status.name === 'paid') {
    if (bill.status.transactionKey !== offer.key) turn.raise('paid_twice', { billId: bill.id, details });
    return;
  }
  if (!asksExactly(offer, transaction) || bill.version !== offer.version) {
    confirmedDiffers(turn, bill, details);
    return;
  }
  if (bill.status.name !== 'open') turn.raise('wallet_won', { billId: bill.id, details });
  takeOthersBack(turn, bill, offer);
  billPaid(turn, bill, 'wallet', offer.key);
}

/** Money moved, but not the money of this bill: never shown as paid, a person has to look. */
function confirmedDiffers(turn: Turn, bill: Bill, details: Record<string, string>): void {
  turn.raise('confirmed_differs', { billId: bill.id, details });
  if (bill.status.name !== 'open' && bill.status.name !== 'settling') return;
  turn.setBill({ ...bill, status: { name: 'refused', reason: 'confirmed_differs', at: turn.at } });
}

function takeOthersBack(turn: Turn, bill: Bill, paid: Offer): void {
  for (const other of turn.offersOf(bill.id)) {
    if (other.id !== paid.id && !offerIsOver(other) && !moneyIsMoving(other)) retire(turn, other, 'edited');
  }
}
