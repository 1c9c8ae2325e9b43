import { expect, it } from 'vitest';
import { paperMillimetres } from '../../../../src/main/adapters/printer/estimate.ts';
import { Roll } from '../../../../src/main/adapters/printer/roll.ts';

it('a roll that has just become nearly used up is good for some receipts, fewer with each', () => {
  const roll = new Roll();
  expect([roll.sees(false), roll.isNearEnd]).toEqual([false, false]);
  roll.used(190);
  expect([roll.sees(true), roll.isNearEnd, roll.receiptsLeft()]).toEqual([true, true, 10]);
  roll.used(190);
  expect([roll.sees(true), roll.receiptsLeft()]).toEqual([false, 9]);
  for (let count = 0; count < 20; count += 1) roll.used(190);
  expect(roll.receiptsLeft()).toBe(0);
  expect([roll.sees(false), roll.isNearEnd, roll.sees(true), roll.receiptsLeft()]).toEqual([false, false, true, 10]);
});

it('of a roll that was nearly used up from the beginning nobody knows how long', () => {
  const roll = new Roll();
  expect([roll.sees(true), roll.receiptsLeft()]).toEqual([true, null]);
  roll.used(100);
  expect(roll.receiptsLeft()).toBeNull();
});

it('before any receipt was printed, a usual one is assumed', () => {
  const roll = new Roll();
  roll.sees(false);
  roll.sees(true);
  expect(roll.receiptsLeft()).toBe(12);
});

it('paper is counted as it is printed: a line of 30 dots, a large one of 60, and what it takes to cut', () => {
  const line = { type: 'line', parts: [{ type: 'text', text: 'x' }] } as const;
  expect(paperMillimetres([])).toBe(15);
  expect(paperMillimetres([line, { type: 'size', width: 2, height: 2 }, line, { type: 'feed', lines: 2 }])).toBe(
    (120 + 30 + 60 + 60) / 8,
  );
});
