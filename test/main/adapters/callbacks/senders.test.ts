import { describe, expect, it } from 'vitest';
import { Senders } from '../../../../src/main/adapters/callbacks/senders.ts';

function times(count: number, work: (index: number) => void): void {
  for (let index = 0; index < count; index += 1) work(index);
}

describe('senders of forged callbacks', () => {
  it('are refused after ten in a minute, and nobody else with them', () => {
    const senders = new Senders();
    times(9, () => senders.forged('a', 100));
    expect(senders.isRefused('a', 100)).toBe(false);
    senders.forged('a', 200);
    expect(senders.isRefused('a', 59_999)).toBe(true);
    expect(senders.isRefused('b', 59_999)).toBe(false);
    expect(senders.isRefused('a', 60_100)).toBe(false);
  });

  it('are told of once a minute', () => {
    const senders = new Senders();
    expect([1, 2, 3, 60_001].map((now) => senders.forged('a', now))).toEqual([true, false, false, true]);
  });

  it('with many addresses are refused all together', () => {
    const senders = new Senders();
    times(299, (index) => senders.forged(`s${index}`, 1));
    expect(senders.isRefused('another', 1)).toBe(false);
    senders.forged('another', 1);
    expect(senders.isRefused('a third', 1)).toBe(true);
    expect(senders.isRefused('a third', 60_001)).toBe(false);
  });
});
