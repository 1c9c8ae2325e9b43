import { expect, test } from 'vitest';
import { isAtRest } from '../../../../src/main/core/bill/at-rest.ts';
import type { Bill, Offer, OfferStage, Receipt, TerminalState } from '../../../../src/main/core/bill/state.ts';
import { newState } from '../../../../src/main/core/bill/decide.ts';
import { baseBill, baseOffer, begin, settings } from './world.ts';

const empty = newState(settings, begin);
const withBill = (status: Bill['status']): TerminalState => ({
  ...empty,
  bills: { [baseBill.id]: { ...baseBill, status } },
});
const withStage = (stage: OfferStage): TerminalState => ({
  ...empty,
  offers: { [baseOffer.id]: { ...baseOffer, stage } satisfies Offer },
});
const withPaper = (paper: Receipt['paper']): TerminalState => ({
  ...empty,
  receipts: { 1: { number: 1, paper } as Receipt },
});

test('a terminal that has just been set up is at rest', () => {
  expect(isAtRest(empty)).toBe(true);
});

test.each<Bill['status']>([
  { name: 'open', offerId: baseOffer.id },
  { name: 'settling', how: 'cash', since: begin },
  { name: 'refused', reason: 'payer_refused' as never, at: begin },
])('with a bill that is $name it is not', (status) => {
  expect(isAtRest(withBill(status))).toBe(false);
});

test.each<Bill['status']>([
  { name: 'paid', how: 'wallet', at: begin, transactionKey: 'k', receiptNumber: 1 },
  { name: 'withdrawn', at: begin },
  { name: 'expired', at: begin },
])('a bill that is $name is over', (status) => {
  expect(isAtRest(withBill(status))).toBe(true);
});

test.each<OfferStage>([
  { name: 'searching', since: 1 },
  { name: 'checking', since: 1, transaction: false, order: false },
  { name: 'readingBack', since: 1 },
  { name: 'revokeLater', notBefore: begin },
  { name: 'removeOrderLater', notBefore: begin },
])('while an offer is at $name money may move, with no bill left too', (stage) => {
  expect(isAtRest(withStage(stage))).toBe(false);
});

test.each<OfferStage>([{ name: 'confirmed' }, { name: 'settled' }, { name: 'observed' }])(
  'an offer that is $name is over',
  (stage) => {
    expect(isAtRest(withStage(stage))).toBe(true);
  },
);

test('a receipt that waits for its paper is waited for, one that lies there is not', () => {
  expect(isAtRest(withPaper({ name: 'queued', notBefore: begin }))).toBe(false);
  expect(isAtRest(withPaper({ name: 'printed', proof: 'process id' }))).toBe(true);
  expect(isAtRest(withPaper({ name: 'failed', problem: 'paper_out' }))).toBe(true);
});

test('somebody who has checked in is not disturbed; a spot that only a bill has opened is nobody', () => {
  expect(isAtRest({ ...empty, spot: { ...empty.spot, status: 'waiting', somebody: true } })).toBe(false);
  expect(isAtRest({ ...empty, spot: { ...empty.spot, status: 'open', somebody: true } })).toBe(false);
  expect(isAtRest({ ...empty, spot: { ...empty.spot, status: 'open', somebody: false } })).toBe(true);
});
