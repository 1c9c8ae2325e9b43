import { randomInt } from 'node:crypto';

const digits = 6;

/** A new PIN that nobody could guess: six digits, not all the same and not counted up or down. */
export function newPin(): string {
  for (;;) {
    const pin = String(randomInt(10 ** digits)).padStart(digits, '0');
    if (!isObvious(pin)) return pin;
  }
}

function isObvious(pin: string): boolean {
  const steps = Array.from(pin.slice(1), (digit, index) => Number(digit) - Number(pin[index]));
  return steps.every((step) => step === steps[0]);
}
