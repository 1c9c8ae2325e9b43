import { LinkError } from './link-error.ts';

/** Every wait of the screens, in milliseconds. */
export const deadlines = {
  /** For an answer. Main answers as soon as it is journaled; checking a PIN is slow on purpose. */
  answer: 8_000,
  /** For an answer to the admin screen, which may have to ask a device or read a long journal. */
  admin: 40_000,
  /** Without main, until nothing that it said is shown any more: no stale code, no stale "paid". */
  gone: 3_000,
  /** Of silence, until main is asked whether it is there. */
  silence: 4_000,
  /** For the answer to that. */
  pulse: 3_000,
  /** How often the silence is looked at. */
  look: 1_000,
  /** Between attempts to connect: the first pause, and the longest. */
  firstPause: 250,
  longestPause: 4_000,
} as const;

/** The promise, or `unanswered` after so many milliseconds. */
export function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new LinkError('unanswered'));
    }, milliseconds);
    promise.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}
