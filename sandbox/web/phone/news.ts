/** What a customer is told, in words. */
import { formatMoney } from '../shared/money.ts';
import type { Payment, PhoneState } from './state.ts';

type Tone = 'good' | 'wait' | 'bad' | 'plain';

export interface News {
  readonly text: string;
  readonly tone: Tone;
}

const amount = (payment: Payment): string => formatMoney(payment.price, payment.currency);

const STATUS_WORDS: ReadonlyMap<string, News> = new Map<string, News>([
  ['pending', { text: 'To pay', tone: 'plain' }],
  ['reserved', { text: 'Reserved', tone: 'wait' }],
  ['confirmed', { text: 'Paid', tone: 'good' }],
  ['rejected', { text: 'Refused', tone: 'bad' }],
  ['closed', { text: 'Closed', tone: 'plain' }],
  ['revoked', { text: 'Given back', tone: 'bad' }],
  ['failed', { text: 'Given back', tone: 'bad' }],
]);

/** The words for the state of an order or a transaction, and how they are coloured. */
export function describeStatus(status: string): News {
  return STATUS_WORDS.get(status) ?? { text: status, tone: 'plain' };
}

/** Right after somebody pressed Pay, until the merchant has answered. */
export const reservedNews = (payment: Payment): News => ({
  text: `Reserved: waiting for the merchant to take ${amount(payment)}.`,
  tone: 'wait',
});

/** Right after somebody pressed Refuse. */
export const refusedNews = (payment: Payment): News => ({
  text: `Refused: ${amount(payment)} will not be paid.`,
  tone: 'bad',
});

function paymentNews(before: PhoneState, after: PhoneState): News | undefined {
  for (const payment of after.payments) {
    const earlier = before.payments.find(({ transactionKey }) => transactionKey === payment.transactionKey);
    if (earlier?.status === payment.status) continue;
    if (payment.status === 'confirmed') return { text: `Paid ${amount(payment)}.`, tone: 'good' };
    // The reservation itself may have come and gone between two looks.
    if (payment.status === 'revoked' || payment.status === 'failed') {
      return { text: `The merchant did not take ${amount(payment)}. The money is yours again.`, tone: 'bad' };
    }
  }
  return undefined;
}

/** What happened between two states of the same customer, most important first; empty when nothing did. */
export function newsBetween(before: PhoneState, after: PhoneState): readonly News[] {
  const payment = paymentNews(before, after);
  const left = before.spot !== null && before.spot.id !== after.spot?.id;
  const closed: News = { text: 'The merchant has closed the spot; you are checked out.', tone: 'plain' };
  return [...(payment === undefined ? [] : [payment]), ...(left ? [closed] : [])];
}
