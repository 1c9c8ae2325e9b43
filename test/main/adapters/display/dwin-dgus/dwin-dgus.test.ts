import { expect, onTestFinished, test } from 'vitest';
import type { Showing } from '../../../../../src/main/core/display/showing.ts';
import { DisplayKeeper } from '../../../../../src/main/terminal/display.ts';
import { driverNamed } from '../../../../display/drivers.ts';
import { keepingLog } from '../../../../fakes/log.ts';
import { VirtualClock } from '../../../../fakes/virtual-clock.ts';
import { Plug, showingNumber } from '../rig.ts';

/** A keeper with the driver, and every glass that its double has had, one after the other. */
async function bench(driverName: string, baudRate: number) {
  const driver = driverNamed(driverName);
  const clock = new VirtualClock();
  const double = driver.double(clock);
  const plug = new Plug({ clock, double, bytesPerSecond: baudRate / 10 });
  const seen: string[] = [];
  double.onChange(() => {
    const glass = JSON.stringify(double.glass());
    if (glass !== seen.at(-1)) seen.push(glass);
  });
  const display = driver.display(plug.line());
  const keeper = new DisplayKeeper({ display, clock, log: keepingLog(), onProblem: () => undefined });
  onTestFinished(async () => {
    const stopped = keeper.stop();
    await clock.advance(5_000);
    await stopped;
    double.stop();
  });
  const glassOf = (showing: Showing) => JSON.stringify(driver.glass(showing));
  return { clock, plug, keeper, seen, glassOf };
}

const blank = JSON.stringify({ lit: true, code: null, lines: [] });

test.each(['dwin-dgus', 'dwin-dgus with CRC'])('on %s old and new never stand together', async (name) => {
  const { clock, keeper, seen, glassOf } = await bench(name, 9_600);
  const showings = Array.from({ length: 12 }, (_, index) => showingNumber(index));
  for (const showing of showings) {
    keeper.show(showing);
    await clock.advance(2_000);
    expect(seen.at(-1)).toBe(glassOf(showing));
  }
  const allowed = new Set([blank, ...showings.map(glassOf)]);
  expect(seen.filter((glass) => !allowed.has(glass))).toEqual([]);
});

test('what stood there before a reconnect is hidden before anything is asked', async () => {
  const { clock, plug, keeper, seen, glassOf } = await bench('dwin-dgus', 9_600);
  keeper.show(showingNumber(1));
  await clock.advance(2_000);
  plug.pullOut();
  keeper.show(showingNumber(2));
  await clock.advance(2_000);
  const before = seen.length;
  plug.putIn();
  await clock.advance(60);
  expect(seen.slice(before)).toEqual([blank]);
  await clock.advance(2_000);
  expect(seen.at(-1)).toBe(glassOf(showingNumber(2)));
});
