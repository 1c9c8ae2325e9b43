import { describe, expect, it } from 'vitest';
import { displayContent } from '../../../../src/main/core/display/content.ts';
import type { Snapshot } from '../../../../src/shared/snapshot.ts';
import { bill, secondBill, snapshot } from '../../../renderer/fixture/snapshots.ts';

const code = 'PAYSERA*3:TABLE7';
const shown = (customer: Partial<Snapshot['customer']>, change: Partial<Snapshot> = {}) =>
  displayContent(snapshot(customer, change));

describe('what a display shows', () => {
  it.each([
    ['idle', [], code, 'Scan to pay'],
    ['welcome', [], code, 'Welcome'],
    ['bill', [bill()], code, 'To pay 9.50 EUR'],
    ['checking', [bill()], null, 'One moment'],
    ['paid', [bill()], null, 'Paid. Thank you!'],
    ['refused', [bill()], null, 'Not paid'],
    ['unavailable', [], null, 'Out of service'],
  ] as const)('%s: the spot’s code only while somebody could still pay', (view, bills, expected, first) => {
    const content = shown({ view, bills: [...bills] });
    expect(content.code).toBe(expected);
    expect(content.lines[0]).toBe(first);
  });

  it('adds up the bills, currency by currency', () => {
    const bills = [bill(), secondBill(), bill({ id: 'bill_9', currency: 'USD', total: 100 })];
    expect(shown({ view: 'paid', bills }).lines[1]).toBe('27.60 EUR + 1.00 USD');
  });

  it('speaks the language of the screen', () => {
    const content = shown({ view: 'bill', bills: [bill()] }, { language: 'lt' });
    expect(content.lines[0]).toBe('Mokėti 9,50 EUR');
  });
});
