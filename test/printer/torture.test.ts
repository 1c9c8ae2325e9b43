import { expect, test } from 'vitest';
import { torture } from './torture.ts';

test('no fault in the middle of a receipt makes it come twice unmarked, or be called printed when it is not', async () => {
  const { rows, violations } = await torture({ receipts: 60, seed: 11, transport: 'tcp', lanes: 15 });
  expect(violations).toEqual([]);
  expect(rows.reduce((sum, { receipts }) => sum + receipts, 0)).toBe(60);
  const inTheMiddle = rows.reduce((sum, row) => sum + row.inTheMiddle, 0);
  expect(inTheMiddle).toBeGreaterThan(40);
}, 60_000);
