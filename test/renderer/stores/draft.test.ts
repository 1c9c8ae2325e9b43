import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { billDraftSchema } from '../../../src/shared/bill.ts';
import { useDraftStore } from '../../../src/renderer/src/stores/draft.ts';
import { secondBill } from '../fixture/snapshots.ts';

beforeEach(() => {
  setActivePinia(createPinia());
});

function typed(lines: readonly (readonly [string, number])[]) {
  const draft = useDraftStore();
  draft.begin('7');
  draft.remove(0);
  for (const [title, amount] of lines) draft.add({ title, amount });
  return draft;
}

test('what is sent adds up, and is what main takes', () => {
  const bill = typed([
    [' Coffee ', 250],
    ['', 400],
    ['Discount', -50],
  ]).asBill('EUR', 'Item');
  expect(billDraftSchema.parse(bill)).toEqual({
    number: '7',
    lines: [
      { title: 'Coffee', total: 250 },
      { title: 'Item', total: 400 },
      { title: 'Discount', total: -50 },
    ],
    total: 600,
    currency: 'EUR',
  });
});

test.each([
  ['number', ' ', [['Coffee', 250]]],
  ['amount', '7', [['Coffee', 250], ['Tea', 0]]], // prettier-ignore
  ['total', '7', [['Coffee', 250], ['Discount', -250]]], // prettier-ignore
  [undefined, '7', [['Coffee', 250]]],
] as const)('%s is missing', (missing, number, lines) => {
  const draft = typed(lines);
  draft.number = number;
  expect(draft.missing).toBe(missing);
});

test('a bill that is edited keeps its quantities', () => {
  const draft = useDraftStore();
  const bill = secondBill();
  draft.edit(bill);
  expect(draft.billId).toBe(bill.id);
  expect(draft.asBill('EUR', 'Item')).toMatchObject({ number: bill.number, lines: bill.lines, total: bill.total });
});

test('a bill that was begun is gone on with, one that was only edited is not', () => {
  const draft = typed([['Coffee', 250]]);
  draft.begin('8');
  expect(draft.number).toBe('7');
  draft.edit(secondBill());
  draft.begin('8');
  expect([draft.number, draft.billId, draft.lines.length]).toEqual(['8', undefined, 1]);
});
