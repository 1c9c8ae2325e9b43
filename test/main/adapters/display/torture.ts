import { createNextionDisplay, type NextionProject } from '../../../../src/main/adapters/display/nextion/nextion.ts';
import { blank, type DisplayContent } from '../../../../src/main/core/display/content.ts';
import { DisplayKeeper } from '../../../../src/main/terminal/display.ts';
import { NextionDouble, type NextionGlass } from '../../../../sandbox/devices/nextion.ts';
import { keepingLog } from '../../../fakes/log.ts';
import { VirtualClock } from '../../../fakes/virtual-clock.ts';
import { chanceFrom } from '../../../../sandbox/world/chance.ts';
import { Pipe, type Fate } from './pipe.ts';

export const project: NextionProject = {
  codePage: { name: 'qr', number: 1 },
  messagePage: { name: 'message', number: 0 },
  codeComponent: 'qr0',
  lineComponents: ['t0', 't1'],
  longestCode: 60,
  longestLine: 24,
};

/** What a torture saw. Times are milliseconds of the device's time. */
export interface Tortured {
  readonly transitions: number;
  /** The longest that something was on the glass that is not the present. */
  readonly longestWrong: number;
  /** What was put on the glass after a connection began though it was replaced before. */
  readonly late: readonly string[];
  readonly restarts: number;
  readonly unplugs: number;
  readonly faults: number;
}

interface Wanted {
  readonly content: DisplayContent;
  /** When something newer replaced it. */
  until: number;
}

/**
 * Has a keeper show one thing after the other on a panel's double, over a line on which that part of all pieces is lost,
 * garbled, late or split, while the panel restarts and its cable is pulled.
 */
export async function torture(options: {
  readonly transitions: number;
  readonly seed: number;
  readonly faulty: number;
  readonly bytesPerSecond: number;
}): Promise<Tortured> {
  const random = chanceFrom(options.seed);
  const clock = new VirtualClock();
  let faults = 0;
  const fate = (): Fate => {
    if (random() >= options.faulty) return 'arrives';
    faults += 1;
    return (['lost', 'garbled', 'late', 'split'] as const)[Math.floor(random() * 4)] ?? 'lost';
  };
  const double = new NextionDouble((bytes) => {
    pipe.say(bytes);
  });
  const pipe = new Pipe({
    clock,
    fate,
    random,
    bytesPerSecond: options.bytesPerSecond,
    take: (bytes) => double.take(bytes),
  });
  const display = createNextionDisplay({ transport: pipe, project, clock, random });
  const keeper = new DisplayKeeper({ display, clock, log: keepingLog(), onProblem: () => undefined });

  const wanted: Wanted[] = [{ content: blank, until: Infinity }];
  let wrongSince: number | undefined;
  let longestWrong = 0;
  let pluggedAt = 0;
  const late: string[] = [];
  const look = () => {
    const present = wanted.at(-1)?.content ?? blank;
    const right = !pipe.plugged || isBlank(double.glass) || shows(double.glass, present);
    if (right) wrongSince = undefined;
    else {
      wrongSince ??= clock.monotonic();
      longestWrong = Math.max(longestWrong, clock.monotonic() - wrongSince);
    }
  };
  double.onGlass = (glass) => {
    const old = wanted.find(({ content, until }) => until < pluggedAt && hasLine(glass, content));
    if (old && pipe.plugged && !shownBefore.has(glass.texts['t0'] ?? '')) late.push(JSON.stringify(glass.texts));
    look();
  };
  /** What stood on the glass when the cable came back is no news. */
  const shownBefore = new Set<string>();
  let [restarts, unplugs] = [0, 0];
  const pass = async (milliseconds: number) => {
    for (let left = milliseconds; left > 0; left -= 100) {
      await clock.advance(Math.min(100, left));
      look();
    }
  };

  for (let count = 0; count < options.transitions; count += 1) {
    const content: DisplayContent = {
      code: random() < 0.6 ? 'PAYSERA*3:TABLE1' : null,
      lines: [`To pay ${count}`, random() < 0.5 ? 'Table 1' : ''],
    };
    const last = wanted.at(-1);
    if (last) last.until = clock.monotonic();
    wanted.push({ content, until: Infinity });
    if (wanted.length > 20) wanted.shift();
    keeper.show(content);
    look();
    const what = random();
    if (what < 0.01) {
      double.restart();
      restarts += 1;
    } else if (what < 0.015) {
      pipe.unplug();
      unplugs += 1;
      await pass(random() * 3000);
      pipe.plug();
      keeper.kick();
      pluggedAt = clock.monotonic();
      wrongSince = undefined;
      shownBefore.clear();
      shownBefore.add(double.glass.texts['t0'] ?? '');
    } else if (what < 0.02) double.touch();
    await pass(random() * 1500);
  }
  const stopped = keeper.stop();
  await clock.advance(10_000);
  await stopped;
  return { transitions: options.transitions, longestWrong, late, restarts, unplugs, faults };
}

/** The panel starts with empty texts, and a project without a page for nothing: no text is nothing. */
function isBlank({ texts }: NextionGlass): boolean {
  return Object.values(texts).every((text) => text === '');
}

/** What a customer could take for the present: nothing that is on the glass is of something else. */
function shows({ page, texts }: NextionGlass, { code, lines }: DisplayContent): boolean {
  const visibleCode = page === 'qr' ? (texts['qr0'] ?? '') : '';
  const first = texts['t0'] ?? '';
  const codeIsRight = visibleCode === '' || visibleCode === code;
  return codeIsRight && (first === '' || first === lines[0]);
}

function hasLine({ texts }: NextionGlass, { lines }: DisplayContent): boolean {
  return texts['t0'] !== '' && texts['t0'] === lines[0];
}
