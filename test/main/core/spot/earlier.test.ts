import { describe, expect, it } from 'vitest';
import { newState } from '../../../../src/main/core/bill/decide.ts';
import type { Happening } from '../../../../src/main/core/bill/event.ts';
import type { TerminalState } from '../../../../src/main/core/bill/state.ts';
import type { RemoteTransaction, TransactionStatus } from '../../../../src/main/core/remote.ts';
import { begin, key, order, run, settings, spot, spotRead, stateWith, transaction } from '../bill/world.ts';

const own = { terminal: 'T1', spot: '3:TABLE1', bill: 'bill_lost', offer: 'offer_lost.1' };

/** A transaction that the terminal made before its journal begins. */
function earlier(status: TransactionStatus, parameters: object = own, createdAt = begin - 60_000): RemoteTransaction {
  const made = transaction(status);
  return { ...made, createdAt, payments: made.payments.map((payment) => ({ ...payment, parameters })) };
}

const started: Happening = { type: 'started', settings };
const seen = (found: RemoteTransaction) => (state: TerminalState) =>
  spotRead(state, spot('open', [{ ...order('pending', found), transactionKey: found.key }]));
const swept =
  (...transactions: readonly RemoteTransaction[]) =>
  (state: TerminalState): Happening => ({
    type: 'swept',
    transactions,
    asOf: state.revision,
  });
const fresh = () => newState(settings, begin);
const effectsOf = (decision: ReturnType<typeof run>) => decision.effects.map((effect) => effect.type);

describe('what the terminal left behind before its journal begins', () => {
  for (const status of ['new', 'waiting', 'reserved'] as const) {
    it(`${status}: its order is found at the spot, taken back, and staff are told`, () => {
      const met = run(fresh(), started, seen(earlier(status)));
      expect(met.effects).toMatchObject([{ type: 'revoke', key }]);
      expect(met.state.attention['earlier_order:bill_lost']?.details).toMatchObject({ amount: '650 EUR' });
      expect(met.state.bills).toEqual({});
      const gone = run(
        met.state,
        { type: 'called', effectId: 'effect_1', result: { ok: true } },
        (state): Happening => ({ type: 'transactionRead', key, transaction: earlier('revoked'), asOf: state.revision }),
      );
      expect(gone.effects).toMatchObject([{ type: 'deleteOrder', orderId: 880 }]);
    });
  }
  it('is found by asking once after the start, also where orders cannot be read', () => {
    const met = run(fresh(), started, swept(earlier('reserved')));
    expect(effectsOf(met)).toEqual(['revoke']);
    expect(met.state.spot.sweep).toBeNull();
  });
  it('paid then, is told of and never shown as a bill', () => {
    const met = run(fresh(), started, seen(earlier('confirmed')));
    expect(met.state.attention['earlier_paid:bill_lost']).toBeDefined();
    expect(met.state.bills).toEqual({});
    expect(met.state.receiptsMade).toBe(0);
  });
  it('is told once, however often it is listed', () => {
    const met = run(fresh(), started, seen(earlier('confirmed')), seen(earlier('confirmed')));
    const dismissed = run(met.state, {
      type: 'intent',
      intent: { type: 'dismissAttention', id: 'earlier_paid:bill_lost' },
    });
    expect(run(dismissed.state, seen(earlier('confirmed'))).state.attention).toEqual({});
  });
});

describe('what is not left behind', () => {
  it('is the order of a bill that this journal knows', () => {
    const state = stateWith({ name: 'offered', since: 10 });
    expect(effectsOf(run(state, started, swept(earlier('new', { ...own, offer: 'offer_1.1' }))))).toEqual([]);
  });
  it('is a transaction that is being searched for', () => {
    const state = stateWith({ name: 'searching', since: 10 }, { offer: { key: null } });
    const met = run(state, started, swept(earlier('new', { ...own, offer: 'offer_1.1' })));
    expect(met.state.offers['offer_1.1']?.stage.name).toBe('searching');
  });
  it('is the order of another terminal of the same name at another spot', () => {
    expect(effectsOf(run(fresh(), started, swept(earlier('reserved', { ...own, spot: '3:TABLE2' }))))).toEqual([]);
  });
  it('is what was read before it was forgotten: an old answer that comes late', () => {
    const ended = stateWith({ name: 'settled' }, { bill: { status: { name: 'withdrawn', at: begin } } });
    const forgotten = run(ended, { type: 'tick' });
    expect(forgotten.state.offers).toEqual({});
    const late: Happening = {
      type: 'spotRead',
      access: 'direct',
      spot: spot('open', [order('pending', earlier('new'))]),
      asOf: ended.revision,
    };
    const met = run(forgotten.state, late);
    expect(effectsOf(met)).toEqual([]);
    expect(met.state.attention).toEqual({});
  });
  it('is asked for again only after the next start', () => {
    const once = run(fresh(), started, swept());
    expect(once.state.spot.sweep).toBeNull();
    expect(run(once.state, started).state.spot.sweep).not.toBeNull();
  });
});
