import { describe, expect, it } from 'vitest';
import { playEvening } from './evening.ts';

describe('an evening', () => {
  it('is the same for the same seed, to the byte', async () => {
    const first = await playEvening({ seed: 5, keepTrace: true });
    const second = await playEvening({ seed: 5, keepTrace: true });
    expect(second.trace).toEqual(first.trace);
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(first.trace.length).toBeGreaterThan(100);
  });
  it('is another one for another seed', async () => {
    const [five, six] = [await playEvening({ seed: 5 }), await playEvening({ seed: 6 })];
    expect(five.fingerprint).not.toBe(six.fingerprint);
  });
  it('can be told again without something that happened in it', async () => {
    const whole = await playEvening({ seed: 5 });
    const [first = ''] = whole.happened;
    const without = await playEvening({ seed: 5, left: new Set([first]) });
    expect(whole.happened).toContain(first);
    expect(without.happened).not.toContain(first);
  });
});
