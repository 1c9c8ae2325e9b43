import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blocked,
  freshBudget,
  mayLeaveAt,
  spend,
  spent,
  unblocked,
  type Priority,
} from '../../../../src/main/core/polling/budget.ts';

const limits = { perMinute: 60, perHour: 900 };

describe('the request budget', () => {
  it('lets a first request leave at once', () => {
    expect(mayLeaveAt(freshBudget, limits, 3, 1000)).toBe(1000);
  });

  it('never lets more leave than the limits, whatever is asked when', () => {
    const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.constantFrom<Priority>(0, 1, 2, 3)), {
      maxLength: 1500,
    });
    fc.assert(
      fc.property(asks, (pauses) => {
        let budget = freshBudget;
        let now = 0;
        const left: number[] = [];
        for (const [pause, priority] of pauses) {
          now = mayLeaveAt(budget, limits, priority, now + pause);
          budget = spend(budget, now, 'spot');
          left.push(now);
        }
        left.forEach((time, index) => {
          const before = left.slice(0, index + 1);
          expect(before.filter((other) => other > time - 60_000).length).toBeLessThanOrEqual(60);
          expect(before.filter((other) => other > time - 3_600_000).length).toBeLessThanOrEqual(900);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('keeps room for money when curiosity has spent its share', () => {
    let budget = freshBudget;
    for (let now = 0; mayLeaveAt(budget, limits, 3, now) === now;) budget = spend(budget, now, 'spot');
    expect(mayLeaveAt(budget, limits, 3, 0)).toBe(60_001);
    expect(mayLeaveAt(budget, limits, 0, 0)).toBe(0);
    expect(spent(budget, 0)).toMatchObject({ lastMinute: 45, lastHour: 45 });
  });

  it('stops everything after a 429: as long as it says, else a minute, doubled up to a quarter of an hour', () => {
    let budget = blocked(freshBudget, 0, 7000);
    expect(mayLeaveAt(budget, limits, 0, 0)).toBe(7000);
    budget = blocked(freshBudget, 0, undefined);
    expect(mayLeaveAt(budget, limits, 0, 0)).toBe(60_000);
    for (let again = 0; again < 6; again += 1) budget = blocked(budget, 0, undefined);
    expect(mayLeaveAt(budget, limits, 0, 0)).toBe(900_000);
    expect(unblocked(budget).blocks).toBe(0);
  });
});
