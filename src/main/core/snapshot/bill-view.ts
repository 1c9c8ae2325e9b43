import type { BillStatus as ShownStatus, BillView } from '../../../shared/bill.ts';
import type { Bill, Offer } from '../bill/state.ts';
import { moneyIsMoving } from '../bill/retire.ts';

/** A bill as screens and till see it; `offer` is the one that may pay it, if there is one. */
export function billView(bill: Bill, offer: Offer | undefined): BillView {
  const { status } = bill;
  const view: BillView = {
    id: bill.id,
    number: bill.number,
    version: bill.version,
    source: bill.source,
    lines: bill.lines.map((line) => ({ ...line })),
    total: bill.total.amount,
    currency: bill.total.currency,
    status: shownStatus(bill, offer),
    createdAt: bill.createdAt,
  };
  if (status.name === 'refused') view.reason = status.reason;
  if (status.name === 'paid') {
    view.paid = {
      how: status.how,
      at: status.at,
      ...(status.transactionKey === null ? {} : { transactionKey: status.transactionKey }),
      ...(status.receiptNumber === null ? {} : { receiptNumber: status.receiptNumber }),
    };
  }
  return view;
}

function shownStatus(bill: Bill, offer: Offer | undefined): ShownStatus {
  const { status } = bill;
  if (status.name !== 'open') return status.name;
  if (!offer) return 'preparing';
  if (moneyIsMoving(offer)) return 'checking';
  return offer.stage.name === 'offered' || offer.stage.name === 'observed' ? 'offered' : 'preparing';
}

/** The offer that may pay a bill at the moment. */
export function currentOffer(bill: Bill, offers: Readonly<Record<string, Offer>>): Offer | undefined {
  return bill.status.name === 'open' ? offers[bill.status.offerId] : undefined;
}
