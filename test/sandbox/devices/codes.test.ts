import { describe, expect, it, onTestFinished } from 'vitest';
import { machineTimer } from '../../../sandbox/devices/serve.ts';
import type { Showing } from '../../../src/main/core/display/showing.ts';
import { createSystemClock } from '../../../src/main/adapters/clock/system.ts';
import { DisplayKeeper } from '../../../src/main/terminal/display.ts';
import { drivers, type Driver } from '../../display/drivers.ts';
import { keepingLog } from '../../fakes/log.ts';
import { until } from '../../fakes/until.ts';
import { Plug } from '../../main/adapters/display/rig.ts';
import { readQr } from '../printer/camera.ts';
import { readWithZbar } from '../printer/zbar.ts';

/** What the doubles' glass pictures show, read by two readers of codes that share no line with each other or with us. */

const texts = ['PAYSERA*3:TABLE1', 'PAYSERA*123456:table-7', 'PAYSERA*3:a-Very-Long_Identifier.of-a-table'];

/** Shows something by way of the driver, and gives a picture of the glass. */
async function pictureOf(driver: Driver, showing: Showing): Promise<Buffer> {
  const timer = machineTimer();
  const double = driver.double(timer);
  const clock = createSystemClock();
  const plug = new Plug({ clock, double });
  const keeper = new DisplayKeeper({
    display: driver.display(plug.line()),
    clock,
    log: keepingLog(),
    onProblem: () => undefined,
  });
  onTestFinished(async () => {
    await keeper.stop();
    double.stop();
  });
  const meant = JSON.stringify(driver.glass(showing));
  const seen = () => JSON.stringify(driver.see ? driver.see(double, [showing]) : double.glass());
  keeper.show(showing);
  await until(() => seen() === meant, `${driver.name} to show ${String(showing.code)}`);
  expect(double.problems()).toEqual([]);
  return double.png();
}

describe.each(drivers)('the glass of $name', (driver) => {
  it.each(texts)('shows %s to both readers', async (code) => {
    const showing: Showing = { view: 'bill', code, title: 'Mokėti', amount: '1 234,50 EUR' };
    const picture = await pictureOf(driver, showing);
    const meant = driver.glass(showing).code;
    expect(readQr(picture)).toBe(meant);
    expect(await readWithZbar(picture)).toBe(meant);
  });

  it('shows no code to either reader when there is none', async () => {
    const picture = await pictureOf(driver, { view: 'paid', code: null, title: 'Apmokėta', amount: '12,50 EUR' });
    expect(readQr(picture) ?? '').toBe('');
    expect(await readWithZbar(picture)).toBeUndefined();
  });
});
