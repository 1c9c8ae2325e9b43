import { describe, expect, it, onTestFinished } from 'vitest';
import { NextionDouble, type NextionFaults } from '../../../../../sandbox/devices/nextion/nextion.ts';
import { createNextionDisplay } from '../../../../../src/main/adapters/display/nextion/nextion.ts';
import type { NextionProject } from '../../../../../src/main/adapters/display/nextion/session.ts';
import { DisplayKeeper, type DisplayProblem } from '../../../../../src/main/terminal/display.ts';
import { keepingLog } from '../../../../fakes/log.ts';
import { VirtualClock } from '../../../../fakes/virtual-clock.ts';
import { Plug, showingNumber } from '../rig.ts';

const project: NextionProject = {
  page: 'qr',
  blankPage: 'idle',
  codeComponent: 'qr0',
  longestCode: 100,
  lineComponents: ['t0', 't1'],
  longestLine: 40,
  characters: 'ascii',
};

function kept(faults: Partial<NextionFaults> = {}, change: Partial<NextionProject> = {}) {
  const clock = new VirtualClock();
  const double = new NextionDouble({ timer: clock });
  double.setFaults(faults);
  const plug = new Plug({ clock, double, bytesPerSecond: 11_520 });
  const problems: (string | null)[] = [];
  const log = keepingLog();
  const keeper = new DisplayKeeper({
    display: createNextionDisplay(plug.line(), { ...project, ...change }),
    clock,
    log,
    onProblem: (problem: DisplayProblem) => problems.push(problem?.code ?? null),
  });
  onTestFinished(async () => {
    const stopped = keeper.stop();
    await clock.advance(10_000);
    await stopped;
    double.stop();
    expect(clock.pending).toBe(0);
  });
  return { clock, double, plug, keeper, problems, log };
}

const bill = { view: 'bill', code: 'PAYSERA*3:TABLE1', title: 'To pay', amount: '2,50 EUR' } as const;
const seen = { lit: true, code: 'PAYSERA*3:TABLE1', lines: ['To pay', '2,50 EUR'] };
const blank = { lit: true, code: null, lines: [] };

describe('a Nextion panel', () => {
  it('shows the code and the lines, without a word that it does not understand', async () => {
    const { clock, double, keeper, problems } = kept();
    keeper.show(bill);
    await clock.advance(1_000);
    expect(double.glass()).toEqual(seen);
    expect(double.problems()).toEqual([]);
    expect(problems).toEqual([null]);
  });

  it('goes from one state to the next, and is cleared at the end', async () => {
    const { clock, double, keeper } = kept();
    keeper.show(bill);
    await clock.advance(1_000);
    keeper.show({ view: 'paid', code: null, title: 'Apmokėta', amount: '2,50 EUR' });
    await clock.advance(1_000);
    expect(double.glass()).toEqual({ lit: true, code: null, lines: ['Apmoketa', '2,50 EUR'] });
    const stopped = keeper.stop();
    await clock.advance(2_000);
    await stopped;
    expect(double.glass()).toEqual(blank);
  });

  it('that restarts by itself is set up and shown again', async () => {
    const { clock, double, keeper } = kept();
    keeper.show(bill);
    await clock.advance(1_000);
    double.powerCycle();
    await clock.advance(1_300);
    expect(double.glass()).toEqual(seen);
  });

  it('that restarts without a word is noticed within two seconds', async () => {
    const { clock, double, keeper, plug } = kept();
    keeper.show(bill);
    await clock.advance(1_000);
    plug.faults = { dropped: 1 };
    double.powerCycle();
    await clock.advance(301);
    plug.faults = {};
    await clock.advance(2_000);
    expect(double.glass()).toEqual(seen);
  });

  it('that cuts the code is cleared and reported, and told again when it no longer does', async () => {
    const { clock, double, keeper, problems } = kept({ longestCode: 12 });
    keeper.show(bill);
    await clock.advance(2_000);
    expect(double.glass()).toEqual(blank);
    expect(problems).toContain('display_wrong_content');
    double.setFaults({ longestCode: 100 });
    await clock.advance(120_000);
    expect(double.glass()).toEqual(seen);
    expect(problems.at(-1)).toBeNull();
  });

  it('is never told a code that its project has no room for', async () => {
    const { clock, double, keeper, problems } = kept({}, { longestCode: 12 });
    keeper.show(bill);
    await clock.advance(2_000);
    expect(double.glass()).toEqual(blank);
    expect(problems).toEqual(['display_code_refused']);
    keeper.show({ ...bill, code: null });
    await clock.advance(2_000);
    expect(double.glass()).toEqual({ lit: true, code: null, lines: ['To pay', '2,50 EUR'] });
  });

  it('that was unplugged shows only the present state when it is back', async () => {
    const { clock, double, keeper, plug, problems } = kept();
    keeper.show(bill);
    await clock.advance(1_000);
    plug.pullOut();
    for (let index = 0; index < 5; index += 1) {
      keeper.show(showingNumber(index));
      await clock.advance(1_500);
    }
    expect(double.glass()).toEqual(seen);
    expect(problems.at(-1)).toBe('display_not_found');
    const glasses = new Set<string>();
    double.onChange(() => glasses.add(JSON.stringify(double.glass())));
    plug.putIn();
    await clock.advance(1_000);
    const present = { lit: true, code: 'PAYSERA*3:TABLE1', lines: ['To pay', '40,36 EUR'] };
    expect(double.glass()).toEqual(present);
    expect(
      [...glasses].filter((glass) => glass.includes('EUR') && !glass.includes('40,36') && !glass.includes('2,50')),
    ).toEqual([]);
  });

  it.each<[string, Partial<NextionFaults>]>([
    ['sends its answers byte by byte', { piecemeal: true }],
    ['is touched all the time', { touched: true }],
    ['takes 200 ms for each command', { slowMs: 200 }],
  ])('that %s shows what it should', async (_what, faults) => {
    const { clock, double, keeper } = kept(faults);
    keeper.show(bill);
    await clock.advance(8_000);
    expect(double.glass()).toEqual(seen);
  });

  it('that is asleep is woken', async () => {
    const { clock, double, keeper } = kept({ asleep: true });
    keeper.show(bill);
    await clock.advance(2_000);
    expect(double.glass()).toEqual(seen);
  });

  it.each<[string, Partial<NextionFaults>, string]>([
    ['says nothing', { silent: true }, 'display_not_answering'],
    ['speaks at another speed', { wrongSpeed: true }, 'display_wrong_device'],
  ])('that %s is reported', async (_what, faults, code) => {
    const { clock, keeper, problems } = kept(faults);
    keeper.show(bill);
    await clock.advance(5_000);
    expect(problems).toContain(code);
  });

  it('with another serial number is the wrong one', async () => {
    const { clock, double, keeper, problems } = kept({}, { serial: 'other' });
    keeper.show(bill);
    await clock.advance(2_000);
    expect(problems).toContain('display_wrong_device');
    expect(double.glass()).toEqual(blank);
  });
});
