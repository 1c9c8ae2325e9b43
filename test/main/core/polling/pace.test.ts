import { describe, expect, it } from 'vitest';
import { offeredPause, paced, thrift, type Cadence, type Known } from '../../../../src/main/core/polling/pace.ts';
import { begin } from '../bill/world.ts';

const cadence: Cadence = {
  idleEveryMs: 18_000,
  waitingEveryMs: 6000,
  offeredEveryMs: 1000,
  offeredOldEveryMs: 15_000,
  freshForMs: 120_000,
  shopClosedEveryMs: 70_000,
  openingHours: [{ days: ['mon'], from: '09:00', to: '10:00' }],
};
const known: Known = {
  at: Date.parse('2026-11-23T09:30:00+02:00'),
  timeZone: 'Europe/Vilnius',
  callbacks: 'off',
  lastHour: 0,
  limits: { perMinute: 60, perHour: 900 },
};

describe('the pace', () => {
  it('is as configured while the shop is open and the budget is there', () => {
    expect(paced(cadence, known)).toEqual(cadence);
  });
  it('of looking around is slow while the shop is closed; a bill is followed all the same', () => {
    const closed = paced(cadence, { ...known, at: begin });
    expect(closed.idleEveryMs).toBe(70_000);
    expect(closed.offeredEveryMs).toBe(1000);
    expect(closed.waitingEveryMs).toBe(6000);
  });
  it('leaves at most 60 requests for an hour in which the shop is closed', () => {
    expect(3_600_000 / paced(cadence, { ...known, at: begin }).idleEveryMs).toBeLessThanOrEqual(60);
  });
  it('of offered bills is slower while callbacks tell of them', () => {
    expect(paced(cadence, { ...known, callbacks: 'working' }).offeredEveryMs).toBeGreaterThan(1000);
    expect(paced(cadence, { ...known, callbacks: 'silent' }).offeredEveryMs).toBe(1000);
  });
  it('slows down as the hour is spent, without a jump, and never below the usual', () => {
    const spent = [0, 300, 540, 600, 650, 700, 750, 800, 900];
    const factors = spent.map((lastHour) => thrift({ lastHour, limits: known.limits }));
    expect(factors.slice(0, 3)).toEqual([1, 1, 1]);
    for (const [index, factor] of factors.entries()) expect(factor).toBeGreaterThanOrEqual(factors[index - 1] ?? 1);
    expect(paced(cadence, { ...known, lastHour: 800 }).offeredEveryMs).toBeGreaterThan(10_000);
  });
});

describe('the pause between looks at an offered bill', () => {
  it('is short at once when somebody is there', () => {
    expect(offeredPause(cadence, 0, true)).toBe(1000);
  });
  it('leaves time for the code to be scanned when nobody is known to be there', () => {
    expect(offeredPause(cadence, 4000, false)).toBe(2500);
    expect(offeredPause(cadence, 5000, false)).toBeLessThan(1100);
  });
  it('never gets shorter with the age of the bill, and ends at the longest', () => {
    let last = 0;
    for (let age = 5000; age < 3_600_000; age += 5000) {
      const pause = offeredPause(cadence, age, true);
      expect(pause).toBeGreaterThanOrEqual(last);
      last = pause;
    }
    expect(last).toBe(15_000);
  });
  it('is usual for a bill whose time of offering lies in the future, because a clock was corrected', () => {
    expect(offeredPause(cadence, -60_000, true)).toBe(1000);
  });
});
