/** A source of numbers in 0..1: `Math.random`-like, but from one seed (mulberry32), so that a run can be repeated. */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A text of letters and digits. */
export function randomText(length: number, chance: () => number): string {
  return Array.from({ length }, () => letters[Math.floor(chance() * letters.length)] ?? 'A').join('');
}
