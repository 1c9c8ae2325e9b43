import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineTimer, serveDouble } from '../../sandbox/devices/serve.ts';
import type { DisplayDouble, Timer } from '../../sandbox/devices/types.ts';
import { createSystemClock } from '../../src/main/adapters/clock/system.ts';
import { createSerialTransport } from '../../src/main/adapters/transport/serial.ts';
import type { Showing } from '../../src/main/core/display/showing.ts';
import type { DisplayPort } from '../../src/main/ports/display.ts';
import { drivers, type Driver } from '../display/drivers.ts';
import { showingNumber } from '../main/adapters/display/rig.ts';

/** What `show` took on one display at one speed, milliseconds. */
interface DisplayFigures {
  readonly what: string;
  readonly figures: readonly number[];
}

const speeds = [9_600, 115_200] as const;
const withinMs = 20_000;
/** A glass that has not changed for so long, milliseconds, is looked at. */
const stillMs = 60;

/**
 * Milliseconds from `show` to verified, per driver and speed, over a real serial port (a pseudo-terminal) whose line is as slow as it
 * says. Displays that tell what they show are verified when the driver says so; of those that never say anything it is measured
 * until the double's glass shows it, which the driver itself cannot know.
 */
export async function measureDisplays(count: number): Promise<readonly DisplayFigures[]> {
  const all: DisplayFigures[] = [];
  for (const driver of drivers) {
    // A panel of pixels hangs on USB, whose speed is not the port's.
    const its = driver.bytesPerSecond === undefined ? speeds : speeds.slice(0, 1);
    for (const baudRate of its) all.push(await measure(driver, baudRate, count));
  }
  return all;
}

async function measure(driver: Driver, baudRate: number, count: number): Promise<DisplayFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'display-bench-'));
  const link = join(folder, 'display');
  const timer = machineTimer();
  const double = driver.double(timer);
  const lineSpeed = driver.bytesPerSecond === undefined ? baudRate : driver.bytesPerSecond * 10;
  const served = await serveDouble({ double, timer, at: { link }, baudRate: lineSpeed });
  try {
    const display = displayAt(driver, link, lineSpeed);
    const figures = await showAll(driver, { display, double, timer }, count);
    const how = display.capabilities.verify === 'readback' ? 'read-back' : 'glass of the double';
    const speed = driver.bytesPerSecond === undefined ? `${String(baudRate)} baud` : 'USB full speed';
    return { what: `${driver.name}, ${speed}: show to ${how}`, figures };
  } finally {
    double.stop();
    await served.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function displayAt(driver: Driver, path: string, lineSpeed: number): DisplayPort {
  const clock = createSystemClock();
  const transport = createSerialTransport({ path, baudRate: 115_200, flowControl: 'none', clock });
  return driver.display({
    name: driver.name,
    transport: { ...transport, bytesPerSecond: lineSpeed / 10 },
    clock,
    answerMs: 400,
    brightness: 100,
    random: Math.random,
    watch: () => () => undefined,
  });
}

interface Bench {
  readonly display: DisplayPort;
  readonly double: DisplayDouble;
  readonly timer: Timer;
}

async function showAll(driver: Driver, { display, double, timer }: Bench, count: number): Promise<number[]> {
  const { signal } = new AbortController();
  const session = await display.connect(signal);
  const figures: number[] = [];
  try {
    await session.identify(signal);
    await session.init(signal);
    for (let index = 0; index <= count; index += 1) {
      const showing = showingNumber(index + 1);
      const startedAt = timer.monotonic();
      await session.show(showing, signal);
      const isSure = display.capabilities.verify === 'readback';
      const endedAt = isSure ? timer.monotonic() : await seenAt(driver, { double, timer }, showing);
      // The first one warms up.
      if (index > 0) figures.push(endedAt - startedAt);
    }
    return figures;
  } finally {
    await session.close();
  }
}

/** When the glass began to show it. Comparing pixels takes its time, so it is done when nothing has changed for a while. */
async function seenAt(driver: Driver, { double, timer }: Omit<Bench, 'display'>, showing: Showing): Promise<number> {
  const meant = JSON.stringify(driver.glass(showing));
  const giveUpAt = timer.monotonic() + withinMs;
  let changedAt = timer.monotonic();
  const stop = double.onChange(() => {
    changedAt = timer.monotonic();
  });
  try {
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const now = timer.monotonic();
      if (now > giveUpAt) throw new Error(`${driver.name} did not show ${JSON.stringify(showing)}.`);
      if (now - changedAt < stillMs) continue;
      const glass = driver.see ? driver.see(double, [showing]) : double.glass();
      if (JSON.stringify(glass) === meant) return changedAt;
    }
  } finally {
    stop();
  }
}
