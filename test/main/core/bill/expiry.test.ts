import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../../src/main/core/bill/event.ts';
import { nextWakeUp } from '../../../../src/main/core/bill/tick.ts';
import { decide } from '../../../../src/main/core/bill/decide.ts';
import { begin, key, run, settings, stateWith, transaction } from './world.ts';

const reservedMs = settings.reserveForSeconds * 1000;
const reading = () => stateWith({ name: 'readingBack', since: 10 }, { offer: { reservedAt: begin } });
const at = (moment: number, happening: Happening) => decide(reading(), { ...happening, at: moment });

describe('a reservation that nears its end while it is not confirmed', () => {
  it('is told to staff in time, without anybody asking', () => {
    expect(nextWakeUp(reading(), begin)).toBe(begin + reservedMs * 0.75);
    expect(at(begin + reservedMs * 0.75 - 1, { type: 'tick' }).state.attention).toEqual({});
    const warned = at(begin + reservedMs * 0.75, { type: 'tick' }).state.attention['reservation_expiring:bill_1'];
    expect(warned).toMatchObject({ dismissable: false });
  });
  it('is not told once the bill is paid', () => {
    const warned = at(begin + reservedMs * 0.8, { type: 'tick' }).state;
    const paid = run(warned, (state): Happening => ({
      type: 'transactionRead',
      key,
      transaction: transaction('confirmed'),
      asOf: state.revision,
    }));
    expect(paid.state.attention).toEqual({});
    expect(paid.state.bills['bill_1']?.status.name).toBe('paid');
  });
  it('and ends, says so: the bill is not paid, and staff offer it again', () => {
    const read: Happening = { type: 'transactionRead', key, transaction: transaction('revoked'), asOf: 10 };
    const ended = at(begin + reservedMs, read).state;
    expect(ended.bills['bill_1']?.status).toMatchObject({ name: 'refused', reason: 'reservation_expired' });
    expect(Object.keys(ended.attention)).toEqual(['reservation_expired:bill_1']);
  });
  it('and is given back long before its end, was not our doing', () => {
    const read: Happening = { type: 'transactionRead', key, transaction: transaction('revoked'), asOf: 10 };
    const ended = at(begin + 1000, read).state;
    expect(ended.bills['bill_1']?.status).toMatchObject({ name: 'refused', reason: 'transaction_ended' });
  });
});

describe('money that was reserved for what was no longer wanted', () => {
  for (const reason of ['edited', 'withdrawn', 'expired', 'paid_otherwise', 'order_closed'] as const) {
    it(`(${reason}) is told to staff when it has gone back`, () => {
      const state = stateWith({ name: 'revokeReading', since: 10 }, { offer: { unwanted: reason } });
      const read: Happening = { type: 'transactionRead', key, transaction: transaction('revoked'), asOf: 10 };
      expect(run(state, read).state.attention['money_returned:bill_1']?.details).toEqual({ amount: '650 EUR' });
    });
  }
  it('is not told when nobody had reserved any', () => {
    const state = stateWith({ name: 'revokeReading', since: 10 }, { offer: { unwanted: 'edited' } });
    const read: Happening = { type: 'transactionRead', key, transaction: transaction('deleted'), asOf: 10 };
    expect(run(state, read).state.attention).toEqual({});
  });
});
