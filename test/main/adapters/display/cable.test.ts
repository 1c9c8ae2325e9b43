import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { chanceFrom } from '../../../../sandbox/world/chance.ts';
import { kinds } from '../../../../sandbox/devices/kinds.ts';
import { machineTimer, serveDouble } from '../../../../sandbox/devices/serve.ts';
import type { DisplayDouble } from '../../../../sandbox/devices/types.ts';
import { createSystemClock } from '../../../../src/main/adapters/clock/system.ts';
import { createDisplays } from '../../../../src/main/adapters/display/create.ts';
import { configurationSchema } from '../../../../src/main/config/schema.ts';
import type { Showing } from '../../../../src/main/core/display/showing.ts';
import { DisplayKeeper } from '../../../../src/main/terminal/display.ts';
import { exampleConfiguration } from '../../../../scripts/configuration-document.ts';
import { driverNamed } from '../../../display/drivers.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { until } from '../../../fakes/until.ts';
import { showingNumber } from './rig.ts';

const bill: Showing = { view: 'bill', code: 'PAYSERA*3:TABLE1', title: 'To pay', amount: '2,50 EUR' };

/** A keeper with the configured driver, a real serial port, and a double behind a pseudo-terminal. */
async function bench(kind: string, type = kind, lineSpeed: number | undefined = 115_200) {
  const folder = mkdtempSync(join(tmpdir(), 'display-'));
  const link = join(folder, 'display');
  const timer = machineTimer();
  const double: DisplayDouble = kinds[kind]?.(timer) ?? expect.fail('There is no such double.');
  const served = await serveDouble({ double, timer, at: { link }, baudRate: lineSpeed, chance: chanceFrom(5) });
  const { displays } = configurationSchema.parse({
    ...exampleConfiguration,
    displays: [{ type, address: link, baudRate: 115_200 }],
  });
  const [display] = createDisplays(displays, { clock: createSystemClock() });
  if (!display) throw new Error('One display was configured.');
  const problems: (string | null)[] = [];
  const onProblem = (problem: { code: string } | null) => problems.push(problem?.code ?? null);
  const keeper = new DisplayKeeper({ display, clock: createSystemClock(), log: keepingLog(), onProblem });
  onTestFinished(async () => {
    await keeper.stop();
    double.stop();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { double, served, keeper, problems };
}

const shows = (double: DisplayDouble, glass: unknown) => () => JSON.stringify(double.glass()) === JSON.stringify(glass);

test.each([
  ['nextion', 'nextion'],
  ['dgus', 'dwin-dgus'],
  ['escpos-2d', 'escpos-2d'],
  ['line-box', 'line-box'],
])(
  'a %s at a real port follows a hundred states without a word that it does not understand',
  async (kind, type) => {
    const { double, keeper } = await bench(kind, type);
    const { glass } = driverNamed(type);
    for (let index = 0; index < 100; index += 1) {
      keeper.show(showingNumber(index));
      await until(shows(double, glass(showingNumber(index))), `state ${String(index)}`, 5_000);
    }
    expect(double.problems()).toEqual([]);
  },
  60_000,
);

test('a panel of pixels at a real port shows a code that can be scanned', async () => {
  // On USB the speed of a serial port has no meaning.
  const { double, keeper } = await bench('bitmap-lcd', 'bitmap-lcd', 8_000_000);
  keeper.show(bill);
  await until(() => double.glass().code === bill.code, 'the code', 60_000);
  expect(double.problems()).toEqual([]);
}, 70_000);

test('a display that is unplugged and plugged in again shows the present state, and never an older one', async () => {
  const { double, keeper, served, problems } = await bench('nextion');
  const { glass } = driverNamed('nextion');
  keeper.show(bill);
  await until(shows(double, glass(bill)), 'the first state');
  await served.unplug();
  await until(() => problems.at(-1) !== null, 'the report');
  for (let index = 0; index < 20; index += 1) keeper.show(showingNumber(index));
  const seen = new Set<string>();
  double.onChange(() => seen.add(JSON.stringify(double.glass())));
  await served.plug();
  await until(shows(double, glass(showingNumber(19))), 'the present state');
  const older = Array.from({ length: 19 }, (_, index) => JSON.stringify(glass(showingNumber(index))));
  expect(older.filter((old) => seen.has(old))).toEqual([]);
  await until(() => problems.at(-1) === null, 'the good news');
});

test('a display on a bad cable is right again and again', async () => {
  const { double, keeper, served } = await bench('nextion');
  const { glass } = driverNamed('nextion');
  served.setCable({ dropped: 0.025, corrupted: 0.025, delayed: 0.025, split: 0.025 });
  for (let index = 0; index < 10; index += 1) {
    keeper.show(showingNumber(index));
    await until(shows(double, glass(showingNumber(index))), `state ${String(index)}`, 20_000);
  }
}, 120_000);
