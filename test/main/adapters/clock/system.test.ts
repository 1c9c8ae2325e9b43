import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSystemClock, largestHoldMs } from '../../../../src/main/adapters/clock/system.ts';

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('now', () => {
  it('is the wall time of the start, counted on', () => {
    const clock = createSystemClock();
    expect(clock.now()).toBe(start);
    vi.advanceTimersByTime(1234);
    expect(clock.now()).toBe(start + 1234);
    expect(Number.isInteger(clock.now())).toBe(true);
  });

  it('does not move when the clock of the machine is set', () => {
    const clock = createSystemClock();
    vi.setSystemTime(start - 30 * hour);
    expect(clock.now()).toBe(start);
    vi.setSystemTime(start + 30 * hour);
    expect(clock.now()).toBe(start);
  });
});

describe('a correction', () => {
  it('forward moves at once', () => {
    const clock = createSystemClock();
    clock.correct(2 * hour);
    expect(clock.now()).toBe(start + 2 * hour);
  });

  it('backward by a little stands still until time has caught up', () => {
    const clock = createSystemClock();
    clock.correct(-largestHoldMs);
    expect(clock.now()).toBe(start);
    vi.advanceTimersByTime(largestHoldMs - 1);
    expect(clock.now()).toBe(start);
    vi.advanceTimersByTime(11);
    expect(clock.now()).toBe(start + 10);
  });

  it('backward by much moves at once: the date was wrong', () => {
    const clock = createSystemClock();
    clock.correct(-48 * hour);
    expect(clock.now()).toBe(start - 48 * hour);
    vi.advanceTimersByTime(5);
    expect(clock.now()).toBe(start - 48 * hour + 5);
  });

  it('is relative to what the clock says at present, also while it stands still', () => {
    const clock = createSystemClock();
    clock.correct(-1000);
    clock.correct(-1000);
    vi.advanceTimersByTime(1000);
    expect(clock.now()).toBe(start);
    clock.correct(0);
    clock.correct(300);
    expect(clock.now()).toBe(start + 300);
  });

  it('that is no number is refused', () => {
    expect(() => {
      createSystemClock().correct(Number.NaN);
    }).toThrow(RangeError);
  });

  it('does not touch durations', () => {
    const clock = createSystemClock();
    const before = clock.monotonic();
    clock.correct(hour);
    vi.advanceTimersByTime(20);
    expect(clock.monotonic() - before).toBe(20);
  });
});

describe('after', () => {
  it('calls back once, not early', () => {
    const callback = vi.fn();
    createSystemClock().after(500, callback);
    vi.advanceTimersByTime(499);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('can be stopped, also again and after the call', () => {
    const callback = vi.fn();
    const stop = createSystemClock().after(500, callback);
    stop();
    stop();
    vi.advanceTimersByTime(1000);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([0, -5])('%i ms is the next moment', (milliseconds) => {
    const callback = vi.fn();
    createSystemClock().after(milliseconds, callback);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('can wait for longer than a timer of Node can', () => {
    const callback = vi.fn();
    const sixtyDays = 60 * 24 * hour;
    createSystemClock().after(sixtyDays, callback);
    vi.advanceTimersByTime(sixtyDays - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('can be stopped in the middle of a long wait', () => {
    const callback = vi.fn();
    const stop = createSystemClock().after(60 * 24 * hour, callback);
    vi.advanceTimersByTime(40 * 24 * hour);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('need not keep the process alive', () => {
    vi.useRealTimers();
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const stops = [createSystemClock({ unref: true }).after(hour, () => undefined)];
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before);
    stops.push(createSystemClock().after(hour, () => undefined));
    expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout')).toHaveLength(before + 1);
    for (const stop of stops) stop();
  });
});
