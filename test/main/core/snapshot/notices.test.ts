import { expect, test } from 'vitest';
import type { Receipt, TerminalState } from '../../../../src/main/core/bill/state.ts';
import { noticesOf } from '../../../../src/main/core/snapshot/notices.ts';
import { facts } from '../receipt/facts.ts';
import { stateWith } from '../bill/world.ts';

const receipt: Receipt = {
  number: 1,
  billId: 'bill_1',
  facts,
  jobId: 'job_1.1',
  papers: 1,
  copy: false,
  queuedAt: 0,
  paper: { name: 'sending', effectId: 'effect_1' },
};

function withReceipt(change: Partial<Receipt>): TerminalState {
  return { ...stateWith({ name: 'confirmed' }), receipts: { 1: { ...receipt, ...change } } };
}

const sending = withReceipt({});

test.each<[string, Partial<Receipt>, readonly string[]]>([
  ['came out', { paper: { name: 'printed', proof: 'status' } }, ['receipt.printed']],
  ['did not leave', { paper: { name: 'queued', notBefore: 0 } }, []],
  ['is in doubt and waits for a person', { paper: { name: 'doubtful', problem: 'Gone.' } }, ['receipt.doubtful']],
  [
    'is in doubt and is followed by its copy',
    { paper: { name: 'checkingPrinter', effectId: 'effect_2' }, papers: 2, copy: true },
    ['receipt.doubtful'],
  ],
])('the till is told of a paper that %s', (_name, change, types) => {
  expect(noticesOf(sending, withReceipt(change)).map(({ type }) => type)).toEqual(types);
});

test('the till is told of the copy of a paper in doubt', () => {
  const copy = { papers: 2, copy: true };
  const before = withReceipt({ ...copy, paper: { name: 'sending', effectId: 'effect_3' } });
  const after = withReceipt({ ...copy, paper: { name: 'printed', proof: 'status' } });
  expect(noticesOf(before, after)).toEqual([{ type: 'receipt.printed', data: { receiptNumber: 1 } }]);
});
