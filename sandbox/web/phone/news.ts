/** What a customer is told when something changed, from two states one after the other. */
import { formatMoney } from '../shared/money.ts';
import type { Bill, PhoneState } from './state.ts';

export type Tone = 'good' | 'wait' | 'bad' | 'plain';

export interface News {
  readonly text: string;
  readonly tone: Tone;
}

const amount = (bill: Bill): string => formatMoney(bill.price, bill.currency);

/** The words for a bill's state, and how they are coloured. */
export function describeStatus(status: string): News {
  switch (status) {
    case 'pending':
      return { text: 'To pay', tone: 'plain' };
    case 'reserved':
      return { text: 'Reserved', tone: 'wait' };
    case 'confirmed':
      return { text: 'Paid', tone: 'good' };
    case 'closed':
      return { text: 'Closed', tone: 'plain' };
    default:
      return { text: status, tone: 'plain' };
  }
}

/** The words right after somebody pressed Pay or Refuse, until the next state says more. */
export const reservedNews = (bill: Bill): News => ({
  text: `Reserved: waiting for the merchant to take ${amount(bill)}.`,
  tone: 'wait',
});

export const refusedNews = (bill: Bill): News => ({
  text: `Refused ${amount(bill)}. Nothing was paid.`,
  tone: 'bad',
});

function billNews(before: Bill, after: Bill | undefined): News | undefined {
  const wasOpen = before.status === 'pending' || before.status === 'reserved';
  if (wasOpen && after?.status === 'confirmed') return { text: `Paid ${amount(after)}.`, tone: 'good' };
  if (before.status === 'reserved' && after !== undefined && after.status !== 'reserved') {
    return { text: `The merchant did not take the ${amount(before)}. Nothing was paid.`, tone: 'bad' };
  }
  return undefined;
}

/** The news between two states of the same customer; undefined when there are none. */
export function newsBetween(before: PhoneState, after: PhoneState): News | undefined {
  const earlier = before.spot;
  if (earlier === null) return undefined;
  if (after.spot?.id !== earlier.id) {
    return { text: `${earlier.title || 'The spot'} was closed. You are checked out.`, tone: 'plain' };
  }
  for (const bill of earlier.orders) {
    const same = after.spot.orders.find(({ transactionKey }) => transactionKey === bill.transactionKey);
    const news = billNews(bill, same);
    if (news !== undefined) return news;
  }
  return undefined;
}
