import { describe, expect, it } from 'vitest';
import type { Command } from '../../../../src/main/adapters/printer/commands.ts';
import { estimateMs } from '../../../../src/main/adapters/printer/estimate.ts';
import { epson } from './profiles.ts';

const lines = (count: number): readonly Command[] =>
  Array.from({ length: count }, () => ({ type: 'line', parts: [{ type: 'text', text: 'x' }] }));
const estimate = (count: number, more: { bytesPerSecond?: number; millimetresPerSecond?: number } = {}): number => {
  const { millimetresPerSecond = 150, ...line } = more;
  return estimateMs(lines(count), { bytes: 1_920, profile: { ...epson, millimetresPerSecond }, ...line });
};

describe('how long a job takes', () => {
  it('grows with its length, and shrinks with the speed of the paper', () => {
    expect(estimate(40)).toBe(500 + 2_100);
    expect(estimate(80)).toBe(500 + 4_100);
    expect(estimate(40, { millimetresPerSecond: 75 })).toBe(500 + 4_200);
  });
  it('includes the way over a slow line: two seconds for 1,920 bytes at 9600 baud', () => {
    expect(estimate(40, { bytesPerSecond: 960 }) - estimate(40)).toBe(2_000);
  });
});
