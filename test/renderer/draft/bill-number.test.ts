import { expect, test } from 'vitest';
import { suggestedNumber } from '../../../src/renderer/src/draft/bill-number.ts';

const staff = (number: string, createdAt: number) => ({ number, createdAt, source: 'staff' as const });
const till = (number: string, createdAt: number) => ({ number, createdAt, source: 'till' as const });

test.each([
  ['the first bill is number 1', [], '1'],
  ['the newest bill of staff is counted on', [staff('7', 1), staff('9', 3), staff('8', 2)], '10'],
  ['zeros and what is before them stay', [staff('2026-0099', 1)], '2026-0100'],
  ["the till's own numbers are left alone", [till('500', 9), staff('7', 1)], '8'],
  ['a number that is taken is passed over', [till('8', 9), staff('7', 1)], '9'],
  ['a name without a number is not counted on', [staff('Table', 2), staff('3', 1)], '4'],
])('%s', (_name, bills, number) => {
  expect(suggestedNumber(bills)).toBe(number);
});
