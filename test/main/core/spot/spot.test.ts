import { describe, expect, it } from 'vitest';
import type { OfferStage, TerminalState } from '../../../../src/main/core/bill/state.ts';
import type { Happening } from '../../../../src/main/core/bill/event.ts';
import { begin, key, order, run, spot, spotRead, stateWith, transaction } from '../bill/world.ts';

const closed = (state: TerminalState) => spotRead(state, spot('closed', [order('closed')]));
const listed =
  (status: 'waiting' | 'open' | null) =>
  (state: TerminalState): Happening => ({
    type: 'spotRead',
    access: 'list',
    spot: status && spot(status, null),
    asOf: state.revision,
  });

describe('the last customer leaves', () => {
  const beforeMoney: readonly OfferStage[] = [
    { name: 'creating', effectId: 'effect_1' },
    { name: 'createLater', notBefore: begin + 60_000 },
    { name: 'searching', since: 10 },
    { name: 'awaitingSpot', why: 'closed' },
    { name: 'attaching', effectId: 'effect_1' },
    { name: 'attachLater', notBefore: begin + 60_000 },
    { name: 'attachLost', since: 10 },
    { name: 'offered', since: 10 },
  ];
  for (const stage of beforeMoney) {
    it(`takes back a bill that is ${stage.name}: the next customer must not see it`, () => {
      const { state } = run(stateWith(stage), closed);
      expect(state.bills['bill_1']?.status).toMatchObject({ name: 'refused', reason: 'order_closed' });
      expect(state.offers['offer_1.1']?.unwanted).toBe('order_closed');
      expect(state.attention['order_closed:bill_1']).toBeDefined();
      expect(state.spot.visits).toBe(1);
    });
  }

  it('leaves money that is moving to its end', () => {
    const { state } = run(stateWith({ name: 'confirming', effectId: 'effect_1' }), closed);
    expect(state.bills['bill_1']?.status.name).toBe('open');
    const paid = run(state, { type: 'called', effectId: 'effect_1', result: { ok: true } }, (now): Happening => ({
      type: 'transactionRead',
      key,
      transaction: transaction('confirmed'),
      asOf: now.revision,
    }));
    expect(paid.state.bills['bill_1']).toMatchObject({ status: { name: 'paid' }, visit: 0 });
  });

  it('a bill that is offered again belongs to the visit in which it is', () => {
    const left = run(stateWith({ name: 'offered', since: 10 }, { offer: { key: null, orderId: null } }), closed);
    const again = run(left.state, {
      type: 'intent',
      intent: { type: 'offerBillAgain', billId: 'bill_1', ended: false },
    });
    expect(again.state.bills['bill_1']).toMatchObject({ status: { name: 'open' }, visit: 1 });
  });
});

describe('a spot that can only be read through lists', () => {
  const offered = (): TerminalState => {
    const state = stateWith({ name: 'offered', since: 10 });
    return { ...state, spot: { ...state.spot, access: 'list', status: 'closed' } };
  };

  it('has the orders of offered bills made sure of when somebody comes: they may be gone unseen', () => {
    const { effects } = run(offered(), listed('waiting'));
    expect(effects).toMatchObject([{ type: 'pointOrder', orderId: 880, key }]);
  });
  it('has them left alone while nobody comes', () => {
    expect(run(offered(), listed(null)).effects).toEqual([]);
  });
});
