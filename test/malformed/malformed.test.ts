import { expect, test } from 'vitest';
import { edges } from './edges.ts';

/** Few enough for every run of the tests; `npm run test:malformed` sends a hundred thousand. */
const messages = 300;

test.each(edges)('no malformed message has an effect on the $name', { timeout: 120_000 }, async (edge) => {
  await expect(edge.attack(messages)).resolves.toBeUndefined();
});
