import { describe, expect, it } from 'vitest';
import type { Failure, Retry } from '../../../../src/shared/failure.ts';
import { decide } from '../../../../src/main/core/bill/decide.ts';
import { recovery, type EffectType } from '../../../../src/main/core/bill/effect.ts';
import type { Happening } from '../../../../src/main/core/bill/event.ts';
import { nextWakeUp } from '../../../../src/main/core/bill/tick.ts';
import type { BillStatus, OfferStage, OfferStageName } from '../../../../src/main/core/bill/state.ts';
import { begin, key, order, settings, spot, stateWith, transaction } from './world.ts';

/** Every stage as it stands at revision 10, with the question or effect it waits for. */
const stages: Readonly<Record<OfferStageName, OfferStage>> = {
  creating: { name: 'creating', effectId: 'effect_1' },
  createLater: { name: 'createLater', notBefore: begin + 60_000 },
  searching: { name: 'searching', since: 10 },
  awaitingSpot: { name: 'awaitingSpot', why: 'closed' },
  attaching: { name: 'attaching', effectId: 'effect_1' },
  attachLater: { name: 'attachLater', notBefore: begin + 60_000 },
  attachLost: { name: 'attachLost', since: 10 },
  offered: { name: 'offered', since: 10 },
  checking: { name: 'checking', since: 10, transaction: false, order: true },
  confirming: { name: 'confirming', effectId: 'effect_1' },
  readingBack: { name: 'readingBack', since: 10 },
  confirmLater: { name: 'confirmLater', notBefore: begin + 60_000 },
  confirmed: { name: 'confirmed' },
  superseded: { name: 'superseded', successor: 'offer_1.2' },
  revoking: { name: 'revoking', effectId: 'effect_1' },
  revokeLater: { name: 'revokeLater', notBefore: begin + 60_000 },
  revokeReading: { name: 'revokeReading', since: 10 },
  removingOrder: { name: 'removingOrder', effectId: 'effect_1' },
  removeOrderLater: { name: 'removeOrderLater', notBefore: begin + 60_000 },
  settled: { name: 'settled' },
  observed: { name: 'observed' },
};

function failure(retry: Retry, code: string): Failure {
  return { code, retry, message: 'No.' };
}

const called = (result: Extract<Happening, { type: 'called' }>['result']): Happening => ({
  type: 'called',
  effectId: 'effect_1',
  result,
});
const read = (seen: ReturnType<typeof transaction> | null, asOf = 10): Happening => ({
  type: 'transactionRead',
  key,
  transaction: seen,
  asOf,
});

/** Everything that can happen to an offer, by a name that reads as a sentence. */
const happenings: Readonly<Record<string, Happening>> = {
  'the call is answered': called({ ok: true }),
  'the call makes a transaction': called({ ok: true, transaction: transaction('new') }),
  'the call makes an order': called({ ok: true, order: order('pending') }),
  'the call certainly did nothing': called({ ok: false, failure: failure('later', 'unreachable') }),
  'the call is refused for good': called({ ok: false, failure: failure('never', 'invalid_parameters') }),
  'the key is refused': called({ ok: false, failure: failure('never', 'unauthorized') }),
  'the answer is lost': called({ ok: false, failure: failure('unknown', 'timeout') }),
  'the transaction is read as new': read(transaction('new')),
  'the transaction is read as waiting for funds': read(transaction('waiting_funds')),
  'the transaction is read as reserved': read(transaction('reserved')),
  'the transaction is read as reserved with another amount': read(transaction('reserved', 651)),
  'the transaction is read as reserved in another currency': read(transaction('reserved', 650, 'USD')),
  'the transaction was read as reserved before it mattered': read(transaction('reserved'), 9),
  'the transaction is read as confirmed': read(transaction('confirmed')),
  'the transaction is read as confirmed with another amount': read(transaction('confirmed', 651)),
  'the transaction was read as confirmed before it mattered': read(transaction('confirmed'), 9),
  'the transaction is read as rejected': read(transaction('rejected')),
  'the transaction is read as deleted': read(transaction('deleted')),
  'the transaction is gone': read(null),
  'the transaction has a status nobody knows': read(transaction('unknown')),
  'the search finds the transaction': {
    type: 'searched',
    offerId: 'offer_1.1',
    transaction: transaction('new'),
    asOf: 10,
  },
  'the search finds nothing': { type: 'searched', offerId: 'offer_1.1', transaction: null, asOf: 10 },
  'the search found nothing before it mattered': { type: 'searched', offerId: 'offer_1.1', transaction: null, asOf: 9 },
  'an effect of somebody else ends': { type: 'called', effectId: 'effect_99', result: { ok: true } },
  'time passes': { type: 'tick' },
};

interface Row {
  readonly to: OfferStageName;
  readonly effects?: readonly string[];
  readonly bill?: BillStatus['name'];
  /** Nothing can refer to it any more: bill and offer have left the state. */
  readonly forgotten?: true;
}

type Table = Partial<Record<OfferStageName, Readonly<Record<string, Row>>>>;

const paid: Row = { to: 'confirmed', effects: ['checkPrinter'], bill: 'paid' };
const differs: Row = { to: 'confirmed', bill: 'refused' };
/** It ended without us: the bill is refused and the order goes. */
const ended: Row = { to: 'removingOrder', effects: ['deleteOrder'], bill: 'refused' };
const endings = {
  'the transaction is read as rejected': ended,
  'the transaction is read as deleted': ended,
  'the transaction is gone': ended,
};
/** Taken back, whatever the reading, since the bill in these rows is open: only the order is left to go. */
const settled: Row = { to: 'removingOrder', effects: ['deleteOrder'] };
const settlings = {
  'the transaction is read as rejected': settled,
  'the transaction is read as deleted': settled,
  'the transaction is gone': settled,
};
const every = (row: Row, ...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, row]));

/** The transition table. What is not in it changes nothing: that is tested too. */
const table: Table = {
  creating: {
    'the call is answered': { to: 'searching' },
    'the call makes an order': { to: 'searching' },
    'the call makes a transaction': { to: 'attaching', effects: ['pointOrder'] },
    ...every({ to: 'createLater' }, 'the call certainly did nothing', 'the key is refused'),
    'the call is refused for good': { to: 'removingOrder', effects: ['deleteOrder'], bill: 'refused' },
    'the answer is lost': { to: 'searching' },
  },
  searching: {
    'the search finds the transaction': { to: 'attaching', effects: ['pointOrder'] },
    'the search finds nothing': { to: 'creating', effects: ['createTransaction'] },
  },
  attaching: {
    ...every({ to: 'attachLost' }, 'the call is answered', 'the call makes a transaction', 'the answer is lost'),
    'the call makes an order': { to: 'offered' },
    ...every({ to: 'attachLater' }, 'the call certainly did nothing', 'the key is refused'),
    'the call is refused for good': { to: 'revoking', effects: ['revoke'], bill: 'refused' },
  },
  offered: {
    ...every(
      { to: 'checking' },
      'the transaction is read as reserved',
      'the transaction is read as reserved with another amount',
      'the transaction is read as reserved in another currency',
    ),
    'the transaction is read as confirmed': paid,
    'the transaction is read as confirmed with another amount': differs,
    ...endings,
  },
  checking: {
    'the transaction is read as reserved': { to: 'confirming', effects: ['confirm'] },
    ...every(
      { to: 'revoking', effects: ['revoke'], bill: 'refused' },
      'the transaction is read as reserved with another amount',
      'the transaction is read as reserved in another currency',
    ),
    ...every(
      { to: 'offered' },
      'the transaction is read as new',
      'the transaction is read as waiting for funds',
      'the transaction has a status nobody knows',
    ),
    'the transaction is read as confirmed': paid,
    'the transaction is read as confirmed with another amount': differs,
    ...endings,
  },
  confirming: every(
    { to: 'readingBack' },
    'the call is answered',
    'the call makes a transaction',
    'the call makes an order',
    'the call certainly did nothing',
    'the call is refused for good',
    'the key is refused',
    'the answer is lost',
  ),
  readingBack: {
    ...every(
      // Not confirmed after all: checked again from the beginning, at once the first time.
      { to: 'checking' },
      'the transaction is read as new',
      'the transaction is read as waiting for funds',
      'the transaction is read as reserved',
      'the transaction is read as reserved with another amount',
      'the transaction is read as reserved in another currency',
      'the transaction has a status nobody knows',
    ),
    'the transaction is read as confirmed': paid,
    'the transaction is read as confirmed with another amount': differs,
    ...endings,
  },
  superseded: {
    ...every(
      { to: 'revoking', effects: ['revoke'] },
      'the transaction is read as waiting for funds',
      'the transaction is read as reserved',
      'the transaction is read as reserved with another amount',
      'the transaction is read as reserved in another currency',
      'the transaction was read as reserved before it mattered',
      'the transaction is read as rejected',
      'the transaction is read as deleted',
      'the transaction has a status nobody knows',
    ),
    ...every(paid, 'the transaction is read as confirmed', 'the transaction was read as confirmed before it mattered'),
    'the transaction is read as confirmed with another amount': differs,
  },
  revoking: {
    ...every(
      { to: 'revokeReading' },
      'the call is answered',
      'the call makes a transaction',
      'the call makes an order',
      'the call is refused for good',
      'the answer is lost',
    ),
    ...every({ to: 'revokeLater' }, 'the call certainly did nothing', 'the key is refused'),
  },
  revokeReading: {
    ...every(
      { to: 'revokeLater' },
      'the transaction is read as new',
      'the transaction is read as waiting for funds',
      'the transaction is read as reserved',
      'the transaction is read as reserved with another amount',
      'the transaction is read as reserved in another currency',
      'the transaction has a status nobody knows',
    ),
    'the transaction is read as confirmed': paid,
    'the transaction is read as confirmed with another amount': differs,
    ...settlings,
  },
  removingOrder: {
    ...every(
      { to: 'settled' },
      'the call is answered',
      'the call makes a transaction',
      'the call makes an order',
      'the call is refused for good',
    ),
    ...every({ to: 'removeOrderLater' }, 'the call certainly did nothing', 'the key is refused', 'the answer is lost'),
  },
  observed: {
    'the transaction is read as confirmed': paid,
    'the transaction is read as confirmed with another amount': {
      to: 'confirmed',
      effects: ['checkPrinter'],
      bill: 'paid',
    },
    'the transaction was read as confirmed before it mattered': paid,
    ...every(
      { to: 'observed', bill: 'withdrawn', forgotten: true },
      'the transaction is read as rejected',
      'the transaction is read as deleted',
      'the transaction is gone',
    ),
  },
};

const names = Object.keys(stages) as OfferStageName[];

describe('decide: an offer', () => {
  for (const name of names) {
    for (const [what, happening] of Object.entries(happenings)) {
      const row = table[name]?.[what];
      const outcome = row ? `goes to ${row.to}${row.bill ? `, the bill is ${row.bill}` : ''}` : 'nothing changes';
      it(`in ${name}: when ${what}, ${outcome}`, () => {
        const state = stateWith(stages[name], name === 'observed' ? { bill: { source: 'foreign' } } : {});
        const decision = decide(state, { ...happening, at: begin + 1000 });
        const { effects } = decision;
        if (!row) {
          expect(decision.state).toBe(state);
          expect(effects).toEqual([]);
          return;
        }
        if (row.forgotten) {
          // It leaves with the next decision: what leaves was seen as it ended.
          expect(decision.state.bills['bill_1']?.status.name).toBe(row.bill);
          expect(nextWakeUp(decision.state, begin + 1000)).toBe(begin + 1000);
          const { state: after } = decide(decision.state, { type: 'tick', at: begin + 1001 });
          expect(after).toMatchObject({ bills: {}, offers: {} });
          expect(after.offers['offer_1.1'] ?? after.bills['bill_1']).toBeUndefined();
          expect(Object.keys(after.spot.past)).toEqual([key]);
          return;
        }
        expect(decision.state.offers['offer_1.1']?.stage.name).toBe(row.to);
        expect(effects.map((effect) => effect.type)).toEqual(row.effects ?? []);
        expect(decision.state.bills['bill_1']?.status.name).toBe(row.bill ?? 'open');
        expect(decision.state.revision).toBe(11);
      });
    }
  }
});

/** Where each stage is after a restart, and what leaves by itself: nothing that changes the remote side unasked. */
const restarts: Readonly<Record<OfferStageName, Row>> = {
  creating: { to: 'searching' },
  createLater: { to: 'creating', effects: ['createTransaction'] },
  searching: { to: 'searching' },
  awaitingSpot: { to: 'awaitingSpot' },
  attaching: { to: 'attachLost' },
  attachLater: { to: 'attachLater' },
  attachLost: { to: 'attachLost' },
  offered: { to: 'offered' },
  checking: { to: 'checking' },
  confirming: { to: 'readingBack' },
  readingBack: { to: 'readingBack' },
  confirmLater: { to: 'confirmLater' },
  confirmed: { to: 'confirmed' },
  superseded: { to: 'superseded' },
  revoking: { to: 'revokeReading' },
  revokeLater: { to: 'revokeLater' },
  revokeReading: { to: 'revokeReading' },
  removingOrder: { to: 'removingOrder', effects: ['deleteOrder'] },
  removeOrderLater: { to: 'removeOrderLater' },
  settled: { to: 'settled' },
  observed: { to: 'observed' },
};

describe('decide: after a restart', () => {
  for (const name of names) {
    const row = restarts[name];
    it(`an offer in ${name} goes on in ${row.to}`, () => {
      const decision = decide(stateWith(stages[name]), { type: 'started', settings, at: begin + 1000 });
      expect(decision.state.offers['offer_1.1']?.stage.name).toBe(row.to);
      expect(decision.effects.map((effect) => effect.type)).toEqual(row.effects ?? []);
    });
  }
});

describe('decide: a reading of the spot', () => {
  const reading = (asOf: number, ...orders: readonly ReturnType<typeof order>[]): Happening => ({
    type: 'spotRead',
    access: 'direct',
    spot: spot('open', orders),
    asOf,
  });
  it('confirms when order and transaction are both as they were made', () => {
    const state = stateWith({ name: 'checking', since: 10, transaction: false, order: false });
    const decision = decide(state, { ...reading(10, order('reserved', transaction('reserved'))), at: begin });
    expect(decision.effects.map((effect) => effect.type)).toEqual(['confirm']);
  });
  it('does not confirm on a reading that was asked for before the money was reserved', () => {
    const state = stateWith({ name: 'checking', since: 10, transaction: false, order: false });
    const decision = decide(state, { ...reading(9, order('reserved', transaction('reserved'))), at: begin });
    expect(decision.effects).toEqual([]);
  });
  it('gives the money back when the order is not ours any more', () => {
    const state = stateWith({ name: 'checking', since: 10, transaction: true, order: false });
    const decision = decide(state, { ...reading(10), at: begin });
    expect(decision.effects.map((effect) => effect.type)).toEqual(['revoke']);
    expect(decision.state.bills['bill_1']?.status).toMatchObject({ name: 'refused', reason: 'order_differs' });
  });
  it('finds an order whose making went unanswered', () => {
    const state = stateWith({ name: 'attachLost', since: 10 }, { offer: { orderId: null } });
    const decision = decide(state, { ...reading(10, order('pending', transaction('new'))), at: begin });
    expect(decision.state.offers['offer_1.1']).toMatchObject({ orderId: 880, stage: { name: 'offered' } });
  });
  it('asks for the order again only when the spot certainly has none', () => {
    const state = stateWith({ name: 'attachLost', since: 10 }, { offer: { orderId: null } });
    expect(decide(state, { ...reading(9), at: begin }).effects).toEqual([]);
    expect(decide(state, { ...reading(10), at: begin }).effects.map((effect) => effect.type)).toEqual(['attachOrder']);
  });
  it('refuses a bill whose order was closed or removed by others', () => {
    const closed = decide(stateWith(stages.offered), { ...reading(10, order('closed')), at: begin });
    expect(closed.state.bills['bill_1']?.status).toMatchObject({ name: 'refused', reason: 'order_closed' });
    const gone = decide(stateWith(stages.offered), { ...reading(10), at: begin });
    expect(gone.state.bills['bill_1']?.status).toMatchObject({ name: 'refused', reason: 'order_gone' });
    expect(gone.effects.map((effect) => effect.type)).toEqual(['revoke']);
  });
  it('changes nothing when nothing is new', () => {
    const state = stateWith(stages.offered);
    const happening = reading(10, order('pending', transaction('new')));
    const first = decide(state, { ...happening, at: begin });
    const second = decide(first.state, { ...happening, at: begin + 1 });
    expect(second.state).toBe(first.state);
  });
});

describe('decide: recovery', () => {
  it('does in each stage what its effect declares: repeat, ask first, or never silently', () => {
    const stageOf: Partial<Record<EffectType, OfferStageName>> = {
      createTransaction: 'creating',
      attachOrder: 'attaching',
      pointOrder: 'attaching',
      confirm: 'confirming',
      revoke: 'revoking',
      deleteOrder: 'removingOrder',
    };
    for (const [type, stage] of Object.entries(stageOf)) {
      const decision = decide(stateWith(stages[stage]), { type: 'started', settings, at: begin + 1000 });
      const repeats = recovery[type as EffectType] === 'repeat';
      expect(decision.effects.length, type).toBe(repeats ? 1 : 0);
      // What is asked first is asked by a reading: the stage is one that the polling wants answered.
      if (!repeats) expect(decision.state.offers['offer_1.1']?.stage).toHaveProperty('since', 11);
    }
    expect(recovery.print).toBe('neverSilently');
  });
});
