import { describe, expect, it } from 'vitest';
import { newState } from '../../../../src/main/core/bill/decide.ts';
import type { OfferStage, TerminalState } from '../../../../src/main/core/bill/state.ts';
import { begun, dueAt, ended } from '../../../../src/main/core/polling/policy.ts';
import { wantsOf } from '../../../../src/main/core/polling/wants.ts';
import { begin, key, settings, stateWith } from '../bill/world.ts';
import { cadence } from '../../../fakes/ordinary.ts';

/** Late enough for the code to have been scanned. */
const at = begin + 6000;

/** Wants as short texts: target, priority, and either the pause or the question's revision. */
function told(state: TerminalState, now = at): readonly string[] {
  return wantsOf(state, cadence, now).map(
    ({ target, priority, since, everyMs }) =>
      `${target} ${priority} ${since === null ? `every ${everyMs}` : `since ${since}`}`,
  );
}

function with_(stage: OfferStage, spot: Partial<TerminalState['spot']> = {}): TerminalState {
  const state = stateWith(stage);
  return { ...state, spot: { ...state.spot, ...spot } };
}

const since = { since: 10 };

describe('what is wanted of the API', () => {
  it.each<[string, TerminalState, readonly string[]]>([
    ['a terminal that has just started looks for its spot', newState(settings, begin), ['spot 3 every 6000']],
    ['an idle spot is looked at now and then', with_({ name: 'settled' }, { status: 'closed' }), ['spot 3 every 6000']],
    ['a waiting spot more often', with_({ name: 'settled' }, { status: 'waiting' }), ['spot 3 every 3000']],
    [
      'an offered bill: one reading answers both questions',
      with_({ name: 'offered', ...since }),
      ['spot 2 every 2100'],
    ],
    [
      'where readings do not bring the transaction, it is read too',
      with_({ name: 'offered', ...since }, { embeds: false }),
      [`transaction:${key} 2 every 2100`, 'spot 2 every 2100'],
    ],
    [
      'where the spot cannot be read, the transaction is followed',
      with_({ name: 'offered', ...since }, { access: 'list' }),
      [`transaction:${key} 2 every 2100`, 'spot 3 every 3000'],
    ],
    [
      'reserved money is looked at at once',
      with_({ name: 'checking', ...since, transaction: false, order: false }),
      ['spot 1 since 10'],
    ],
    [
      'a confirmation is read back at once',
      with_({ name: 'readingBack', ...since }),
      [`transaction:${key} 1 since 10`, 'spot 3 every 3000'],
    ],
    [
      'a lost creation is searched for',
      with_({ name: 'searching', ...since }),
      ['search:offer_1.1 1 since 10', 'spot 3 every 3000'],
    ],
    ['a lost order is looked for at the spot', with_({ name: 'attachLost', ...since }), ['spot 1 since 10']],
    [
      'a closing is read back at once',
      with_({ name: 'settled' }, { closing: { name: 'readingBack', since: 12 } }),
      ['spot 1 since 12'],
    ],
    [
      'nothing is asked of a transaction while its confirmation is under way',
      with_({ name: 'confirming', effectId: 'effect_1' }),
      ['spot 3 every 3000'],
    ],
  ])('%s', (_name, state, wants) => {
    expect(told(state)).toEqual(wants);
  });

  it('an offer that has been there for a while is looked at less often', () => {
    expect(told(with_({ name: 'offered', ...since }), begin + 600_000)).toEqual(['spot 2 every 5000']);
  });
});

const question = { read: { kind: 'spotByCode' }, target: 'spot', since: 10, everyMs: 0, priority: 1 } as const;
const habit = { ...question, since: null, everyMs: 6000, priority: 3 } as const;

describe('when it is asked', () => {
  it('a new question at once, even right after a reading that was begun before it', () => {
    expect(dueAt(question, undefined, 0.5)).toBe(0);
    const earlier = begun(habit, undefined, { at: 100, revision: 9 });
    expect(dueAt(question, earlier, 0.5)).toBe(0);
  });
  it('an unsettled question again, after growing pauses', () => {
    let memory = begun(question, undefined, { at: 100, revision: 10 });
    const pauses = Array.from({ length: 5 }, () => {
      const due = dueAt(question, memory, 0.5);
      const pause = due - memory.begunAt;
      memory = ended(begun(question, memory, { at: due, revision: 10 }), true);
      return pause;
    });
    expect(pauses).toEqual([400, 800, 1600, 3200, 6400]);
  });
  it('a habit after its pause, ten per cent more or less', () => {
    const memory = begun(habit, undefined, { at: 1000, revision: 1 });
    expect([0, 0.5, 1].map((jitter) => Math.round(dueAt(habit, memory, jitter)))).toEqual([6400, 7000, 7600]);
  });
  it('after failures with back-off up to a minute', () => {
    let memory = begun(question, undefined, { at: 0, revision: 10 });
    for (let failures = 0; failures < 10; failures += 1) memory = ended(memory, false);
    expect(dueAt(question, memory, 0.5)).toBe(60_000);
    expect(ended(memory, true).failures).toBe(0);
  });
});
