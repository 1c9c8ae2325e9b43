import { largestAmount } from '../../../shared/money.ts';

/**
 * Amounts as a till takes them: digits shift in from the right, `1`, `2`, `5`, `0` is 12.50. All in minor units; what
 * would be too large is not taken.
 */
export function withDigits(amount: number, digits: string): number {
  return [...digits].reduce((entered, digit) => {
    const next = Math.abs(entered) * 10 + Number(digit);
    return next > largestAmount ? entered : signOf(entered) * next;
  }, amount);
}

/** Without its last digit. */
export function withoutLastDigit(amount: number): number {
  // Adding zero makes a plain zero of a negative one.
  return Math.trunc(amount / 10) + 0;
}

/** The other sign: a discount is a line with a negative amount. */
export function withOtherSign(amount: number): number {
  return amount === 0 ? 0 : -amount;
}

/** What somebody typed or pasted over an amount: its digits, and whether there is a minus before them. */
export function amountOf(text: string): number {
  const amount = withDigits(0, text.replace(/\D/gu, ''));
  return /^\D*[-−]/u.test(text) ? withOtherSign(amount) : amount;
}

function signOf(amount: number): number {
  return amount < 0 ? -1 : 1;
}
