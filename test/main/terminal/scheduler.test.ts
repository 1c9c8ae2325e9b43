import { describe, expect, it } from 'vitest';
import type { RememberedBudget } from '../../../src/main/core/polling/budget.ts';
import type { RequestMemory } from '../../../src/main/ports/requests.ts';
import type { Outcome } from '../../../src/main/ports/wallet.ts';
import { Scheduler, type Errand } from '../../../src/main/terminal/scheduler.ts';
import { settle, VirtualClock } from '../../fakes/virtual-clock.ts';

const limits = { perMinute: 10, perHour: 900 };
const done: Outcome<null> = { ok: true, value: null };
const tooMany = (retryAfterMs?: number): Outcome<null> => ({
  ok: false,
  failure: {
    code: 'rate_limit_exceeded',
    retry: 'later',
    message: 'Too many requests.',
    status: 429,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  },
});

/** Remembers as the file does, for as long as the test runs. */
function memory(): RequestMemory & { kept: RememberedBudget | null } {
  return {
    kept: null,
    load() {
      return this.kept;
    },
    save(budget) {
      this.kept = budget;
    },
    close: () => undefined,
  };
}

function scene(clock = new VirtualClock(), remembers?: RequestMemory) {
  const scheduler = new Scheduler(limits, clock, remembers);
  const left: string[] = [];
  const ask = (name: string, errand: Errand, answer: Outcome<null> = done) =>
    void scheduler.run(errand, () => {
      left.push(name);
      return Promise.resolve(answer);
    });
  return { clock, scheduler, left, ask };
}

const idle: Errand = { priority: 3, purpose: 'spot' };
const offered: Errand = { priority: 2, purpose: 'bills' };
const money: Errand = { priority: 0, purpose: 'payments' };

describe('the scheduler', () => {
  it('lets money pass what is less urgent, within what was kept back for it', async () => {
    const { clock, left, ask } = scene();
    for (let count = 0; count < 9; count += 1) ask(`idle ${count}`, idle);
    ask('confirm', money);
    await settle();
    expect(left).toEqual(['idle 0', 'idle 1', 'idle 2', 'idle 3', 'idle 4', 'idle 5', 'idle 6', 'confirm']);
    await clock.advance(60_000);
    expect(left).toHaveLength(8);
    await clock.advance(1);
    expect(left).toHaveLength(10);
  });

  it('does not put off for ever what only looks around', async () => {
    const { clock, left, ask } = scene();
    for (let count = 0; count < 9; count += 1) ask('offered', offered);
    ask('idle', idle);
    for (let count = 0; count < 40; count += 1) ask('offered', offered);
    await clock.advance(61_000);
    expect(left.slice(0, 11)).toContain('idle');
  });

  it('holds everything else while something must be alone', async () => {
    const { clock, scheduler, left, ask } = scene();
    const gate = Promise.withResolvers<Outcome<null>>();
    void scheduler.run({ priority: 1, purpose: 'clock', alone: true }, () => gate.promise);
    ask('confirm', money);
    await clock.advance(1000);
    expect(left).toEqual([]);
    gate.resolve(done);
    await settle();
    expect(left).toEqual(['confirm']);
  });

  it('after 429 sends nothing for as long as the API asked, money neither', async () => {
    const { clock, left, ask } = scene();
    ask('refused', idle, tooMany(20_000));
    await settle();
    ask('confirm', money);
    await clock.advance(19_999);
    expect(left).toEqual(['refused']);
    await clock.advance(1);
    expect(left).toEqual(['refused', 'confirm']);
  });

  it('comes back slowly after 429, and money at once', async () => {
    const { clock, left, ask } = scene();
    ask('refused', idle, tooMany(1000));
    await settle();
    for (let count = 0; count < 9; count += 1) ask('idle', idle);
    ask('confirm', money);
    await clock.advance(1000);
    expect(left).toEqual(['refused', 'confirm', 'idle']);
  });

  it('remembers over a restart what was spent, and that the API asked to wait', async () => {
    const clock = new VirtualClock();
    const remembers = memory();
    const first = scene(clock, remembers);
    for (let count = 0; count < 9; count += 1) first.ask('offered', offered);
    await settle();
    first.scheduler.stop();
    const second = scene(clock, remembers);
    second.ask('offered', offered);
    second.ask('refused', money, tooMany(90_000));
    await settle();
    expect(second.left).toEqual(['refused']);
    second.scheduler.stop();
    const third = scene(clock, remembers);
    third.ask('confirm', money);
    await clock.advance(89_999);
    expect(third.left).toEqual([]);
    await clock.advance(1);
    expect(third.left).toEqual(['confirm']);
  });

  it('counts requests that a call needed besides its first, and tells what they were for', () => {
    const { scheduler, ask } = scene();
    ask('pages', offered);
    expect([scheduler.mayLeaveBesides('spot'), scheduler.mayLeaveBesides('spot')]).toEqual([true, true]);
    expect(scheduler.spent).toMatchObject({
      lastMinute: 3,
      byPurpose: { bills: { lastMinute: 1 }, spot: { lastMinute: 2, lastHour: 2 }, payments: { lastHour: 0 } },
      pausedForMs: 0,
    });
  });

  it('does not let a call overspend by what it needs besides its first request', async () => {
    const { clock, scheduler, ask } = scene();
    for (let count = 0; count < 8; count += 1) ask('offered', offered);
    expect([1, 2, 3].map(() => scheduler.mayLeaveBesides('spot'))).toEqual([true, true, false]);
    await clock.advance(60_001);
    ask('refused', money, tooMany(20_000));
    await settle();
    expect(scheduler.mayLeaveBesides('clock')).toBe(false);
  });

  it('stopped, lets go of what waits, and leaves no timer', async () => {
    const { clock, scheduler } = scene();
    const many = Array.from({ length: 12 }, () => scheduler.run(idle, () => Promise.resolve(done)));
    await settle();
    scheduler.stop();
    expect((await Promise.all(many)).filter((outcome) => outcome === null)).toHaveLength(5);
    expect(clock.pending).toBe(0);
  });
});
