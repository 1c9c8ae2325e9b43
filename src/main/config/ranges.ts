import { z } from 'zod';

interface Explained {
  readonly description: string;
  /** Why the default is what it is, or why the setting exists. */
  readonly reason: string;
  readonly unit?: string;
}

/** A time in milliseconds, within a range. */
export function duration(range: readonly [number, number], fallback: number, about: Omit<Explained, 'unit'>) {
  const [least, most] = range;
  return z
    .int()
    .min(least)
    .max(most)
    .default(fallback)
    .meta({ ...about, unit: 'ms' });
}

/** A whole number, within a range. */
export function count(range: readonly [number, number], fallback: number, about: Explained) {
  const [least, most] = range;
  return z
    .int()
    .min(least)
    .max(most)
    .default(fallback)
    .meta({ ...about });
}
