import { describe, expect, it } from 'vitest';
import type { OfferStage, OfferStageName } from '../../../../src/main/core/bill/state.ts';
import {
  callbacksAfter,
  hintUse,
  nextJudgement,
  nothingHeard,
  slowed,
  verdictOf,
  type CallbackEvent,
  type CallbackRecord,
} from '../../../../src/main/core/polling/callbacks.ts';
import { key, stateWith } from '../bill/world.ts';
import { cadence } from '../../../fakes/ordinary.ts';

const patience = { silentAfterMs: 10_000, trustedForMs: 3_600_000 };

const promised = (name = 'a'): CallbackEvent => ({ type: 'promised', key: name });
const heard = (at: number, name = 'a', kind = 'reserved'): CallbackEvent => ({ type: 'heard', key: name, kind, at });
const found = (at: number, name = 'a'): CallbackEvent => ({ type: 'foundReserved', key: name, at });
const passed = (at: number): CallbackEvent => ({ type: 'timePassed', at });

function after(...events: readonly CallbackEvent[]): CallbackRecord {
  return events.reduce((record, event) => callbacksAfter(record, event, patience), nothingHeard);
}

describe('callbacks', () => {
  it.each<[string, readonly CallbackEvent[], CallbackRecord['standing']]>([
    ['prove nothing before the first', [promised()], 'unproven'],
    ['work when one came', [promised(), heard(5)], 'working'],
    ['work when one came that tells of something else', [promised(), heard(5, 'a', 'waiting_funds')], 'working'],
    ['prove nothing about a transaction that was not made here', [promised(), heard(5, 'b')], 'unproven'],
    ['may come a little after the reading', [promised(), found(5), heard(4000), passed(20_000)], 'working'],
    ['are waited for', [promised(), found(5), passed(10_004)], 'unproven'],
    ['are missed when they do not come in time', [promised(), found(5), passed(10_005)], 'silent'],
    [
      'are missed although they worked before',
      [promised('a'), heard(5), promised('b'), found(6, 'b'), passed(20_000)],
      'silent',
    ],
    [
      'are missed when only another event of the transaction was told',
      [promised(), heard(5, 'a', 'waiting_funds'), found(6), passed(20_000)],
      'silent',
    ],
    ['are not missed for transactions without our address', [found(5), passed(20_000)], 'unproven'],
    ['are not missed for what they had told before', [promised(), heard(5), found(6), passed(20_000)], 'working'],
    ['work again when one comes late', [promised(), found(5), passed(20_000), heard(30_000)], 'working'],
    [
      'work again with the next transaction',
      [promised(), found(5), passed(20_000), promised('b'), heard(30_000, 'b')],
      'working',
    ],
    [
      'prove nothing when one is sent again',
      [promised('a'), heard(5), promised('b'), found(6, 'b'), passed(20_000), heard(21_000, 'a')],
      'silent',
    ],
    ['are trusted for an hour', [promised(), heard(5), passed(3_600_004)], 'working'],
    ['have to prove themselves anew after that', [promised(), heard(5), passed(3_600_005)], 'unproven'],
    ['stay missed, however long', [promised(), found(5), passed(20_000), passed(9_000_000)], 'silent'],
  ])('%s', (_name, events, standing) => {
    const record = after(...events);
    expect(record.standing).toBe(standing);
    expect(verdictOf(record)).toBe(standing === 'working' ? 'working' : 'silent');
  });

  it('are counted from the first reading that found the money, not from the last', () => {
    expect(nextJudgement(after(promised(), found(5), found(500)), patience)).toBe(10_005);
  });

  it('say when time alone changes the verdict, and not when it does not', () => {
    expect(nextJudgement(nothingHeard, patience)).toBeUndefined();
    expect(nextJudgement(after(promised()), patience)).toBeUndefined();
    expect(nextJudgement(after(promised(), heard(5)), patience)).toBe(3_600_005);
    const both = after(promised('a'), heard(5), promised('b'), found(6, 'b'), promised('c'), found(9, 'c'));
    expect(nextJudgement(both, patience)).toBe(10_006);
    expect(nextJudgement(after(promised(), found(5), passed(10_005)), patience)).toBeUndefined();
  });

  it('change nothing when nothing changes', () => {
    const record = after(promised(), heard(5));
    for (const event of [promised(), heard(9), heard(9, 'b'), found(9, 'b'), found(9), passed(9)]) {
      expect(callbacksAfter(record, event, patience)).toBe(record);
    }
  });

  it('are remembered for a bounded number of transactions', () => {
    const many = Array.from({ length: 1000 }, (_, index) => promised(`t${index}`));
    const record = after(...many);
    expect(record.promised).toHaveLength(200);
    expect(record.promised.at(-1)?.key).toBe('t999');
  });
});

describe('the cadence', () => {
  it('is slower only for offered bills, and only while callbacks work', () => {
    expect(slowed(cadence, 'off')).toBe(cadence);
    expect(slowed(cadence, 'silent')).toBe(cadence);
    expect(slowed(cadence, 'working')).toEqual({ ...cadence, offeredEveryMs: 8000, offeredOldEveryMs: 20_000 });
  });
});

describe('what a callback about a transaction is good for', () => {
  const since = { since: 1 };
  const uses: Readonly<Record<OfferStageName, readonly [OfferStage, 'read' | 'keep' | 'drop']>> = {
    creating: [{ name: 'creating', effectId: 'effect_1' }, 'drop'],
    createLater: [{ name: 'createLater', notBefore: 0 }, 'drop'],
    searching: [{ name: 'searching', ...since }, 'drop'],
    awaitingSpot: [{ name: 'awaitingSpot', why: 'unknown' }, 'keep'],
    attaching: [{ name: 'attaching', effectId: 'effect_1' }, 'keep'],
    attachLater: [{ name: 'attachLater', notBefore: 0 }, 'keep'],
    attachLost: [{ name: 'attachLost', ...since }, 'keep'],
    offered: [{ name: 'offered', ...since }, 'read'],
    checking: [{ name: 'checking', ...since, transaction: false, order: false }, 'drop'],
    confirming: [{ name: 'confirming', effectId: 'effect_1' }, 'drop'],
    readingBack: [{ name: 'readingBack', ...since }, 'drop'],
    confirmLater: [{ name: 'confirmLater', notBefore: 0 }, 'drop'],
    confirmed: [{ name: 'confirmed' }, 'drop'],
    superseded: [{ name: 'superseded', successor: 'offer_2' }, 'read'],
    revoking: [{ name: 'revoking', effectId: 'effect_1' }, 'drop'],
    revokeLater: [{ name: 'revokeLater', notBefore: 0 }, 'drop'],
    revokeReading: [{ name: 'revokeReading', ...since }, 'drop'],
    removingOrder: [{ name: 'removingOrder', effectId: 'effect_1' }, 'drop'],
    removeOrderLater: [{ name: 'removeOrderLater', notBefore: 0 }, 'drop'],
    settled: [{ name: 'settled' }, 'drop'],
    observed: [{ name: 'observed' }, 'drop'],
  };
  it.each(Object.entries(uses))('%s', (_name, [stage, use]) => {
    expect(hintUse(stateWith(stage), key)).toBe(use);
  });

  it('nothing, for transactions that are not ours', () => {
    expect(hintUse(stateWith({ name: 'offered', since: 1 }), 'another')).toBe('drop');
  });
});
