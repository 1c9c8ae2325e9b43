import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, difference } from '../../../../src/main/adapters/journal/change.ts';

/** States as they come: objects in objects, lists, and texts, numbers, null at the ends. */
const state = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, '', 'a', 0, 1, 2),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'bill_1', '7'), tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('a change', () => {
  it('leads from any state to any other, and says nothing when they are equal', () => {
    fc.assert(
      fc.property(state, state, (before, after) => {
        const change = difference(before, after);
        if (change === undefined) expect(JSON.stringify(before)).toBe(JSON.stringify(after));
        else expect(applied(before, JSON.parse(JSON.stringify(change)))).toEqual(after);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds only what became different', () => {
    const before = { spot: { status: 'closed', visits: 1 }, bills: { bill_1: { total: 5 }, bill_2: { total: 7 } } };
    const after = { spot: { status: 'open', visits: 1 }, bills: { bill_1: { total: 5 }, bill_3: { total: 9 } } };
    expect(difference(before, after)).toEqual({
      spot: { status: ['open'] },
      bills: { bill_2: [], bill_3: [{ total: 9 }] },
    });
  });

  it('takes something undefined for something that is not there, as JSON does', () => {
    expect(difference({ a: 1 }, { a: 1, b: undefined })).toBeUndefined();
    expect(difference({ a: 1, b: 2 }, { a: 1, b: undefined })).toEqual({ b: [] });
  });

  it('leaves what it is applied to as it was', () => {
    const before = Object.freeze({ a: Object.freeze({ b: 1 }) });
    expect(applied(before, { a: { b: [2] } })).toEqual({ a: { b: 2 } });
  });
});
