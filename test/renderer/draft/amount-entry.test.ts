import { expect, test } from 'vitest';
import { largestAmount } from '../../../src/shared/money.ts';
import { amountOf, withDigits, withOtherSign, withoutLastDigit } from '../../../src/renderer/src/draft/amount-entry.ts';

test.each([
  [0, '1', 1],
  [1, '2', 12],
  [12, '50', 1_250],
  [0, '0', 0],
  [0, '00', 0],
  [0, '007', 7],
  [5, '00', 500],
  [-5, '25', -525],
  [0, '1250', 1_250],
])('%i and then the digits %s is %i', (amount, digits, entered) => {
  expect(withDigits(amount, digits)).toBe(entered);
});

test('digits that would make an amount too large are not taken', () => {
  expect(withDigits(largestAmount / 10, '0')).toBe(largestAmount);
  expect(withDigits(largestAmount / 10, '1')).toBe(largestAmount / 10);
  expect(withDigits(largestAmount, '00')).toBe(largestAmount);
  expect(withDigits(0, '9'.repeat(40))).toBe(999_999_999);
});

test.each([
  [1_250, 125],
  [9, 0],
  [0, 0],
  [-525, -52],
  [-5, 0],
])('%i without its last digit is %i', (amount, entered) => {
  expect(Object.is(withoutLastDigit(amount), entered)).toBe(true);
});

test.each([
  [1_250, -1_250],
  [-1, 1],
  [0, 0],
])('%i with the other sign is %i', (amount, entered) => {
  expect(Object.is(withOtherSign(amount), entered)).toBe(true);
});

test.each([
  ['12.50', 1_250],
  ['€12.50', 1_250],
  ['12,50 €', 1_250],
  ['-€3.00', -300],
  ['−3,00 €', -300],
  ['1 234,56 €', 123_456],
  ['', 0],
  ['abc', 0],
])('the text %s is the amount %i', (text, amount) => {
  expect(amountOf(text)).toBe(amount);
});
