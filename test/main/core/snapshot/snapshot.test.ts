import { describe, expect, it } from 'vitest';
import type { Bill, TerminalState } from '../../../../src/main/core/bill/state.ts';
import { unknownLink } from '../../../../src/main/core/link/link.ts';
import { freshBudget, spent as spentOf } from '../../../../src/main/core/polling/budget.ts';
import { publicSnapshot } from '../../../../src/main/core/snapshot/snapshot.ts';
import type { Snapshot } from '../../../../src/shared/snapshot.ts';
import { begin, stateWith } from '../bill/world.ts';
import { shown } from '../../../fakes/ordinary.ts';

function customerOf(state: TerminalState, at = begin + 2000): Snapshot['customer'] {
  const link = { ...unknownLink(begin), api: { status: 'ok' as const, since: begin } };
  const spent = spentOf(freshBudget, 0);
  return publicSnapshot({ state, link, shown, language: 'en', revision: 1, at, spent }).customer;
}

const paid: Bill['status'] = { name: 'paid', how: 'wallet', at: begin, transactionKey: 'k', receiptNumber: 1 };

/** A bill of the visit before the present one. */
function afterwards(status: TerminalState['spot']['status'], bill: Partial<Bill>): TerminalState {
  const state = stateWith({ name: 'confirmed' }, { bill });
  return { ...state, spot: { ...state.spot, status, visits: 1, since: begin - 1000 } };
}

describe('what the customer sees after the spot has closed', () => {
  it('is still the payment, for the one who paid', () => {
    expect(customerOf(afterwards('closed', { status: paid })).view).toBe('paid');
  });
  it.each(['waiting', 'open'] as const)('is nothing of it once the spot is %s again', (status) => {
    const customer = customerOf(afterwards(status, { status: paid }));
    expect(customer.bills).toEqual([]);
    expect(customer.view).toBe(status === 'waiting' ? 'welcome' : 'idle');
  });
  it('is not the money of the one before, while it is being confirmed', () => {
    const state = stateWith({ name: 'confirming', effectId: 'effect_1' });
    const next = { ...state, spot: { ...state.spot, status: 'waiting' as const, visits: 1 } };
    expect(customerOf(next)).toMatchObject({ view: 'welcome', bills: [] });
    expect(customerOf(state).view).toBe('checking');
  });
  it('is the idle screen when the time of the paid screen is over', () => {
    expect(customerOf(afterwards('closed', { status: paid }), begin + 60_000).view).toBe('idle');
  });
});
