import { describe, expect, it } from 'vitest';
import { createNextionDisplay } from '../../../../src/main/adapters/display/nextion/nextion.ts';
import { DisplayKeeper } from '../../../../src/main/terminal/display.ts';
import { NextionDouble, usualProject } from '../../../../sandbox/devices/nextion.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { VirtualClock } from '../../../fakes/virtual-clock.ts';
import { Pipe } from './pipe.ts';
import { project, torture } from './torture.ts';

const spot = { code: 'PAYSERA*3:TABLE1', lines: ['Scan to pay', 'Table 1'] };
const paid = { code: null, lines: ['Apmokėta. Ačiū!', '12,80 EUR'] };

function panel(change: { longestText?: number; pages?: Record<string, number> } = {}) {
  const clock = new VirtualClock();
  const double = new NextionDouble(
    (bytes) => {
      pipe.say(bytes);
    },
    { ...usualProject, ...change },
  );
  const pipe = new Pipe({
    clock,
    take: (bytes) => {
      double.take(bytes);
    },
    bytesPerSecond: 960,
    fate: () => 'arrives',
    random: () => 0.5,
  });
  const problems: (string | null)[] = [];
  const display = createNextionDisplay({ transport: pipe, project, clock, random: () => 0.5 });
  const keeper = new DisplayKeeper({
    display,
    clock,
    log: keepingLog(),
    onProblem: (problem) => problems.push(problem?.code ?? null),
    brightness: 70,
  });
  const stop = async () => {
    const stopped = keeper.stop();
    await clock.advance(20_000);
    await stopped;
    expect(clock.pending).toBe(0);
  };
  return { clock, double, pipe, problems, display, keeper, stop };
}

describe('a Nextion panel', () => {
  it('shows the code and the lines, read back, and nothing it does not understand is said to it', async () => {
    const { clock, double, problems, keeper, stop } = panel();
    keeper.show(spot);
    await clock.advance(3000);
    expect(double.glass).toEqual({
      page: 'qr',
      texts: { qr0: 'PAYSERA*3:TABLE1', t0: 'Scan to pay', t1: 'Table 1' },
      brightness: 70,
    });
    expect(problems).toEqual([null]);
    keeper.show(paid);
    await clock.advance(2000);
    expect(double.glass).toMatchObject({ page: 'message', texts: { qr0: '', t0: 'Apmoketa. Aciu!', t1: '12,80 EUR' } });
    await stop();
    expect(double.problems).toEqual([]);
    // Who leaves leaves nothing on the glass.
    expect(Object.values(double.glass.texts)).toEqual(['', '', '']);
  });

  it('shows only the newest of what came while it was busy', async () => {
    const { clock, double, keeper, stop } = panel();
    const seen = new Set<string>();
    double.onGlass = ({ texts }) => seen.add(texts['t0'] ?? '');
    for (let count = 0; count < 50; count += 1) {
      keeper.show({ code: null, lines: [`To pay ${count}`] });
      await clock.advance(5);
    }
    await clock.advance(3000);
    expect(double.glass.texts['t0']).toBe('To pay 49');
    expect(seen.size).toBeLessThan(6);
    await stop();
  });

  it('is set up and shown again when it has restarted by itself', async () => {
    const { clock, double, keeper, stop } = panel();
    keeper.show(spot);
    await clock.advance(3000);
    double.restart();
    expect(double.glass.page).toBe('message');
    await clock.advance(2000);
    expect(double.glass).toMatchObject({ page: 'qr', texts: { qr0: 'PAYSERA*3:TABLE1' } });
    await stop();
  });

  it('whose project cuts the code short is cleared, never tried with it again, and staff are told', async () => {
    const { clock, double, problems, keeper, stop } = panel({ longestText: 12 });
    let cut = 0;
    double.onGlass = ({ page, texts }) => {
      if (page === 'qr' && texts['qr0'] === 'PAYSERA*3:TA') cut = clock.monotonic();
    };
    keeper.show(spot);
    await clock.advance(3000);
    expect(problems).toEqual(['code_refused']);
    expect(double.glass.texts).toEqual({ qr0: '', t0: '', t1: '' });
    expect(cut).toBeLessThan(2000);
    await clock.advance(60_000);
    expect(cut).toBeLessThan(2000);
    keeper.show({ code: null, lines: ['Paid'] });
    await clock.advance(2000);
    expect(double.glass.texts['t0']).toBe('Paid');
    await stop();
  });

  it('without the page of the configuration says so', async () => {
    const { clock, problems, keeper, stop } = panel({ pages: { message: 0 } });
    keeper.show(spot);
    await clock.advance(4000);
    expect(problems[0]).toBe('refused');
    await stop();
  });

  it('that does not answer is told of, and works again by itself', async () => {
    const { clock, double, problems, keeper, stop } = panel();
    double.silent = true;
    keeper.show(spot);
    await clock.advance(10_000);
    expect(problems).toEqual(['no_answer']);
    double.silent = false;
    await clock.advance(11_000);
    expect(problems).toEqual(['no_answer', null]);
    expect(double.glass.texts['qr0']).toBe('PAYSERA*3:TABLE1');
    await stop();
  });

  it('refuses codes that it could not draw', () => {
    const { display, stop } = panel();
    expect(display.refuses('PAYSERA*3:TABLE1')).toBeNull();
    expect(display.refuses('š')).toMatch(/does not know/);
    expect(display.refuses('x'.repeat(61))).toMatch(/at most 60/);
    return stop();
  });

  it.each([960, 11_520])(
    'at %d bytes a second with a tenth of everything lost, garbled, late or split never shows something old or wrong for two seconds',
    async (bytesPerSecond) => {
      const seen = await torture({ transitions: 400, seed: 5, faulty: 0.1, bytesPerSecond });
      expect(seen.faults).toBeGreaterThan(400);
      expect(seen.restarts + seen.unplugs).toBeGreaterThan(0);
      expect(seen.late).toEqual([]);
      expect(seen.longestWrong).toBeLessThan(2000);
    },
    60_000,
  );
});
