import { expect, test } from 'vitest';
import { afterLoss, noLosses, type Losses, type Remedy } from '../../../src/main/window/recovery.ts';

function remediesFor(times: readonly number[]): Remedy[] {
  let losses: Losses = noLosses;
  return times.map((now) => {
    const next = afterLoss(losses, now);
    losses = next.losses;
    return next.remedy;
  });
}

test('two losses in a minute reload, the next two make the window anew, the fifth ends the process', () => {
  expect(remediesFor([0, 1_000, 2_000, 3_000, 4_000])).toEqual([
    { do: 'reload', afterMs: 250 },
    { do: 'reload', afterMs: 500 },
    { do: 'recreate', afterMs: 1_000 },
    { do: 'recreate', afterMs: 2_000 },
    { do: 'exit' },
  ]);
});

test('a loss a minute is only ever reloaded, and at once', () => {
  const hourly = Array.from({ length: 60 }, (_, minute) => minute * 60_000);
  expect(new Set(remediesFor(hourly).map((remedy) => JSON.stringify(remedy)))).toEqual(
    new Set(['{"do":"reload","afterMs":250}']),
  );
});

test('no more is remembered than the last minute', () => {
  let losses: Losses = noLosses;
  for (let now = 0; now < 1_000_000; now += 20_000) ({ losses } = afterLoss(losses, now));
  expect(losses.at).toHaveLength(3);
});
