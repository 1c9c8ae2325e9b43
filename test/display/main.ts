import { parseArgs } from 'node:util';
import { driverNamed, drivers } from './drivers.ts';
import { openBrowser } from '../renderer/fixture/browser.ts';
import { buildScreens } from '../renderer/fixture/build.ts';
import { tortureScreen } from './screen-torture.ts';
import { torture } from './torture.ts';

const help = `Drives every kind of display through many states, over a cable that loses, flips, delays and splits what is sent,
with restarts and unplugged cables in between; in virtual time, against doubles.

  npm run -s display:torture -- [--transitions N] [--seed N] [--driver NAME] [--baud N]

  --transitions N  states for each driver (10000)
  --seed N         the same seed gives the same run (1)
  --driver NAME    only this one: ${drivers.map(({ name }) => name).join(', ')};
                   or screen, in a real browser and in real time: 10,000 take twenty minutes
  --baud N         speed of the line (115200)

Fails when wrong or old content was on a glass for more than 2 s, when anything from before a reconnect was
delivered, or when a display was believed that showed something wrong.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      transitions: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      driver: { type: 'string' },
      baud: { type: 'string', default: '115200' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  if (values.driver === 'screen') {
    await screen(Number(values.transitions), Number(values.seed));
    return;
  }
  const chosen = values.driver === undefined ? drivers : [driverNamed(values.driver)];
  for (const driver of chosen) {
    const startedAt = performance.now();
    const report = await torture({
      driver,
      transitions: Number(values.transitions),
      seed: Number(values.seed),
      baudRate: Number(values.baud),
    });
    const { violations, rightShare, longestWrong, longestBlank, ...counts } = report;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(
      `${JSON.stringify({ ...counts, rightShare: Number(rightShare.toFixed(4)), longestWrongMs: Math.round(longestWrong), longestBlankMs: Math.round(longestBlank), seconds })}\n`,
    );
    for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
    if (violations.length > 0) process.exitCode = 1;
  }
}

async function screen(transitions: number, seed: number): Promise<void> {
  const [browser, screens] = await Promise.all([openBrowser(), buildScreens()]);
  try {
    const report = await tortureScreen({ browser, folder: screens.folder, transitions, seed });
    const { violations, longestWrong, ...counts } = report;
    const line = { driver: 'screen', ...counts, longestWrongMs: Math.round(longestWrong) };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`);
    if (violations.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
    await screens.remove();
  }
}

await main();
