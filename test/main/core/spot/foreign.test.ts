import { describe, expect, it } from 'vitest';
import { newState } from '../../../../src/main/core/bill/decide.ts';
import type { TerminalState } from '../../../../src/main/core/bill/state.ts';
import type { RemoteOrder, RemoteTransaction } from '../../../../src/main/core/remote.ts';
import { begin, run, settings, spot, spotRead, transaction } from '../bill/world.ts';

const foreignKey = 'FOREIGNKEY';
const seen = (status: RemoteTransaction['status'], amount = 500, createdAt = begin): RemoteTransaction => ({
  ...transaction(status, amount),
  key: foreignKey,
  createdAt,
});
const order = (embedded: RemoteTransaction | null, status: RemoteOrder['status'] = 'pending'): RemoteOrder => ({
  id: 990,
  transactionKey: foreignKey,
  status,
  transaction: embedded,
});
const reads =
  (...orders: readonly RemoteOrder[]) =>
  (state: TerminalState) =>
    spotRead(state, spot('open', orders));
const effectsOf = (decision: ReturnType<typeof run>) => decision.effects.map((effect) => effect.type);
const id = 'bill_foreign_FOREIGNKEY';

describe('a foreign order', () => {
  it('is shown as a bill, and nothing of it is touched', () => {
    const met = run(newState(settings, begin), reads(order(seen('new'))));
    expect(met.state.bills[id]).toMatchObject({ source: 'foreign', total: { amount: 500 }, status: { name: 'open' } });
    expect(effectsOf(met)).toEqual([]);
  });
  it('of another terminal at this spot is told to staff, by that terminal’s name', () => {
    const by = (terminal: string) => {
      const [payment] = transaction('new', 500).payments;
      const parameters = { terminal, spot: `${settings.locationId}:${settings.identifier}`, bill: 'b', offer: 'o' };
      return { ...seen('new'), payments: payment ? [{ ...payment, parameters }] : [] };
    };
    const met = run(newState(settings, begin), reads(order(by('BAR-2'))));
    expect(met.state.attention['other_terminal']).toMatchObject({ details: { terminal: 'BAR-2' } });
    const alone = run(newState(settings, begin), reads(order(seen('new'))));
    expect(alone.state.attention['other_terminal']).toBeUndefined();
  });
  it('reserved, is not confirmed by us', () => {
    const met = run(newState(settings, begin), reads(order(seen('new'))), reads(order(seen('reserved'))));
    expect(effectsOf(met)).toEqual([]);
  });
  it('confirmed, has its receipt printed with what was confirmed', () => {
    const met = run(
      newState(settings, begin),
      reads(order(seen('new'))),
      reads(order(seen('confirmed', 450), 'confirmed')),
    );
    expect(met.state.bills[id]?.status).toMatchObject({ name: 'paid', how: 'wallet' });
    expect(met.state.receipts[1]?.facts.total.amount).toBe(450);
    expect(effectsOf(met)).toEqual(['checkPrinter']);
    expect(met.state.spot.closing).toEqual({ name: 'none' });
  });
  it('already confirmed when first seen, is printed only if it was made in our time', () => {
    const ours = run(newState(settings, begin), reads(order(seen('confirmed', 500, begin + 1), 'confirmed')));
    expect(ours.state.receiptsMade).toBe(1);
    const before = run(newState(settings, begin), reads(order(seen('confirmed', 500, begin - 1), 'confirmed')));
    expect(before.state.receiptsMade).toBe(0);
  });
  it('printed once, is not printed again while the spot goes on listing it', () => {
    const confirmed = reads(order(seen('confirmed'), 'confirmed'));
    const met = run(newState(settings, begin), reads(order(seen('new'))), confirmed, confirmed, confirmed);
    expect(met.state.receiptsMade).toBe(1);
  });
  it('gone or closed, disappears', () => {
    expect(
      run(newState(settings, begin), reads(order(seen('new'))), reads()).state.bills[id]?.status.name ?? 'withdrawn',
    ).toBe('withdrawn');
  });
  it('without its transaction in the reading is read apart', () => {
    const met = run(newState(settings, begin), reads(order(null)));
    expect(met.state.spot.unread).toEqual({ [foreignKey]: 990 });
    const read = run(met.state, { type: 'transactionRead', key: foreignKey, transaction: seen('new'), asOf: 1 });
    expect(read.state.bills[id]).toBeDefined();
    expect(read.state.spot.unread).toEqual({});
  });
  it('is confirmed where the merchant wants it, if it is what was first shown', () => {
    const confirming = { ...settings, foreignOrders: 'confirm' as const };
    const reserved = run(
      newState(confirming, begin),
      reads(order(seen('new'))),
      reads(order(seen('reserved'), 'reserved')),
      reads(order(seen('reserved'), 'reserved')),
    );
    expect(effectsOf(reserved)).toEqual(['confirm']);
  });
  it('changed since it was first shown, is not confirmed and not taken back: its maker decides', () => {
    const confirming = { ...settings, foreignOrders: 'confirm' as const };
    const changed = run(
      newState(confirming, begin),
      reads(order(seen('new'))),
      reads(order(seen('reserved', 999), 'reserved')),
      reads(order(seen('reserved', 999), 'reserved')),
    );
    expect(effectsOf(changed)).toEqual([]);
    expect(changed.state.attention[`payment_differs:${id}`]).toBeDefined();
  });
  it('whose amounts cannot be added up is pointed out to staff', () => {
    const [payment] = seen('new').payments;
    const odd = { ...seen('new'), payments: payment ? [{ ...payment, price: null }] : [] };
    expect(run(newState(settings, begin), reads(order(odd))).state.attention['foreign_unreadable']).toBeDefined();
  });
});
