import { describe, expect, test } from 'vitest';
import type { Bill, Receipt } from '../../src/main/core/bill/state.ts';
import type { BillView } from '../../src/shared/bill.ts';
import { money } from '../../src/shared/money.ts';
import type { RemoteTransaction, WorldState } from '../flows/sandbox-desk.ts';
import { facts } from '../main/core/receipt/facts.ts';
import { quietStaff } from '../renderer/fixture/snapshots.ts';
import { broken } from './check.ts';
import type { Evidence } from './evidence.ts';

/** A run in which one bill of 250 was paid by wallet, and its receipt printed. */

const key = 'a-transaction-key';
const transaction: RemoteTransaction = {
  key,
  status: 'confirmed',
  payments: [{ price: 250, currency: 'EUR', parameters: { terminal: 'RUN-1', bill: 'bill_1', offer: 'offer_1.1' } }],
  confirmedAt: 1000,
};
const bill: Bill = {
  id: 'bill_1',
  number: 'B0',
  version: 1,
  source: 'till',
  lines: [{ title: 'Coffee', total: 250 }],
  total: money(250, 'EUR'),
  createdAt: 0,
  visit: 1,
  expiresAt: null,
  offersMade: 1,
  status: { name: 'paid', how: 'wallet', at: 1100, transactionKey: key, receiptNumber: 1 },
  idempotency: null,
};
const view: BillView = {
  id: 'bill_1',
  number: 'B0',
  version: 1,
  source: 'till',
  lines: bill.lines.map(({ title, total }) => ({ title, total })),
  total: 250,
  currency: 'EUR',
  status: 'paid',
  paid: { how: 'wallet', at: 1100, transactionKey: key, receiptNumber: 1 },
  createdAt: 0,
};
const receipt: Receipt = {
  number: 1,
  billId: 'bill_1',
  facts,
  jobId: 'job_1.1',
  papers: 1,
  copy: false,
  queuedAt: 1100,
  paper: { name: 'printed', proof: 'process_id' },
};
const world: WorldState = {
  spots: [{ id: 51, status: 'closed', users: [] }],
  orders: [{ id: 52, status: 'confirmed', transactionKey: key, atSpot: true }],
  transactions: [transaction],
  users: [{ balance: 99_750, locked: 0 }],
};
const sound: Evidence = {
  terminal: 'RUN-1',
  world,
  papers: [{ number: 1, marked: false, whole: true }],
  staff: quietStaff({ bills: [], receipts: [], spot: { status: 'closed', access: 'direct', mayClose: false } }),
  bills: [view],
  told: [{ bill: 0, what: 'putIn', view }],
  journal: {
    soundness: 'ok',
    bills: [bill],
    receipts: [receipt],
    notices: [{ id: 1, at: 1100, type: 'bill.paid', data: { bill: view } }],
  },
  balance: 100_000,
};

const withWorld = (change: Partial<WorldState>): Partial<Evidence> => ({ world: { ...world, ...change } });
const withJournal = (change: Partial<Evidence['journal']>): Partial<Evidence> => ({
  journal: { ...sound.journal, ...change },
});
const withTransactions = (...transactions: RemoteTransaction[]) => withWorld({ transactions });

describe('what is looked for after a run', () => {
  test('nothing is found where everything is right', () => {
    expect(broken(sound)).toEqual([]);
  });

  test.each<[string, Partial<Evidence>, string]>([
    [
      'another amount was confirmed',
      withTransactions({
        ...transaction,
        payments: [
          { ...transaction.payments[0], price: 1, currency: 'EUR', parameters: transaction.payments[0]?.parameters },
        ],
      }),
      '1: 1 was confirmed for bill B0 of 250',
    ],
    [
      'a withdrawn bill was confirmed',
      withJournal({ bills: [{ ...bill, status: { name: 'withdrawn', at: 900 } }] }),
      'was confirmed, but bill B0 is withdrawn',
    ],
    [
      'a bill was confirmed twice',
      withTransactions(transaction, { ...transaction, key: 'another' }),
      '2: bill bill_1 was paid twice',
    ],
    [
      'a bill was told as paid before it was confirmed',
      withTransactions({ ...transaction, confirmedAt: 1200 }),
      '2: bill B0 was told as paid, but its transaction was not confirmed',
    ],
    [
      'a bill was told as something else after it was paid',
      withJournal({
        notices: [
          ...sound.journal.notices,
          { id: 2, at: 1200, type: 'bill.refused', data: { bill: { ...view, status: 'refused' } } },
        ],
      }),
      '2: bill B0 was told as refused (2) after paid (1)',
    ],
    ['money is missing', withWorld({ users: [{ balance: 99_500, locked: 0 }] }), '2: customers have spent 500'],
    ['money is locked', withWorld({ users: [{ balance: 99_750, locked: 10 }] }), '3: 10 is still reserved'],
    [
      'a reservation hangs',
      withTransactions(transaction, { ...transaction, key: 'hanging', status: 'reserved', confirmedAt: null }),
      'is still reserved',
    ],
    [
      'two receipts without a mark came out',
      { papers: [...sound.papers, { number: 1, marked: false, whole: false }] },
      '4: receipt 1 came out 2 times without a mark',
    ],
    ['a receipt is said to be printed and is not', { papers: [] }, '4: receipt 1 is said to be printed'],
    [
      'a receipt was lost without a word',
      { ...withJournal({ receipts: [{ ...receipt, paper: { name: 'queued', notBefore: 0 } }] }), papers: [] },
      '4: receipt 1 is not on paper, and nobody is told',
    ],
    [
      'a paid bill has no receipt',
      { ...withJournal({ receipts: [] }), papers: [] },
      '5: 1 bills are paid with 0 receipts',
    ],
    ['a number was left out', withJournal({ receipts: [{ ...receipt, number: 2 }] }), '5: receipt 2 stands in place 1'],
    [
      'a withdrawn bill can still be paid',
      {
        ...withWorld({
          transactions: [{ ...transaction, status: 'new', confirmedAt: null }],
          orders: [{ id: 52, status: 'pending', transactionKey: key, atSpot: true }],
        }),
        bills: [{ ...view, status: 'withdrawn' }],
      },
      '3, 6: bill B0 (withdrawn) can still be paid',
    ],
    [
      'the spot is taken for something else',
      withWorld({ spots: [{ id: 51, status: 'open', users: [] }] }),
      '6: the terminal takes the spot for closed',
    ],
    ['the journal is damaged', withJournal({ soundness: 'row 1 missing' }), '6: SQLite finds the journal damaged'],
    ['the journal has lost a bill', withJournal({ bills: [] }), '6: bill B0 is paid, but missing in the journal'],
    ['a bill that was taken is gone', { bills: [] }, '6: bill 0 was taken, but is not there'],
    [
      'a bill was taken twice',
      { told: [...sound.told, { bill: 0, what: 'putIn', view: { ...view, id: 'bill_2' } }] },
      '6: bill 0 was taken twice',
    ],
    [
      'an edit that was answered is forgotten',
      { told: [...sound.told, { bill: 0, what: 'edit', view: { ...view, version: 2 } }] },
      '6: edit of bill 0 was answered as done',
    ],
  ])('%s', (_name, change, sentence) => {
    expect(broken({ ...sound, ...change }).join('\n')).toContain(sentence);
  });
});
