import { expect, test } from 'vitest';
import { driverNamed, drivers } from './drivers.ts';
import { torture } from './torture.ts';

/** A panel of pixels takes a thousand times as many bytes. */
const runs = drivers.map(({ name }) => [name, name === 'bitmap-lcd' ? 25 : 250] as const);

test.each(runs)(
  '%s shows nothing wrong for more than two seconds, whatever the cable does',
  async (name, transitions) => {
    const driver = drivers.find((each) => each.name === name);
    if (!driver) throw new Error('It is in the list.');
    const report = await torture({ driver, transitions, seed: 7 });
    expect(report.violations).toEqual([]);
    expect(report.restarts + report.unplugs).toBeGreaterThan(0);
    expect(report.rightShare).toBeGreaterThan(0.5);
  },
  60_000,
);

/** Each lost answer costs half a second there, and what resynchronises a panel takes another third. */
test.each(['nextion', 'dwin-dgus', 'dwin-dgus with CRC'])(
  '%s shows nothing wrong for more than two seconds on a slow line either',
  async (name) => {
    const report = await torture({ driver: driverNamed(name), transitions: 800, seed: 1, baudRate: 9_600 });
    expect(report.violations).toEqual([]);
  },
  60_000,
);
