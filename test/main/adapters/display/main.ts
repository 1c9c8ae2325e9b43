import { parseArgs } from 'node:util';
import { torture } from './torture.ts';

const help = `npm run -s display:torture -- [options]

Has a QR display's driver show one thing after the other on the device's double, in simulated time, while a tenth of all
pieces on the line are lost, garbled, late or split, the device restarts and its cable is pulled. Prints for how long
something else than the present was on the glass (docs/hardware.md).

  --transitions N   how many; 10000 when left out
  --seed N          1 when left out
  --help            this text

Ends with 1 when something old or wrong stood there for more than two seconds of the device's time.
`;

/** The slowest and the fastest usual line: 9600 and 115,200 baud. */
const lines = [960, 11_520];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      transitions: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const say = (text: string) => process.stdout.write(`${text}\n`);
  if (values.help) {
    say(help);
    return;
  }
  say('driver    baud     transitions  faults   restarts  unplugs  longest wrong  late');
  for (const bytesPerSecond of lines) {
    const transitions = Number(values.transitions);
    const seen = await torture({ transitions, seed: Number(values.seed), faulty: 0.1, bytesPerSecond });
    const cells = [bytesPerSecond * 10, transitions, seen.faults, seen.restarts, seen.unplugs];
    const longest = `${Math.round(seen.longestWrong)} ms`;
    say(`nextion   ${cells.map((cell) => String(cell).padEnd(9)).join('')} ${longest.padEnd(14)} ${seen.late.length}`);
    if (seen.longestWrong > 2000 || seen.late.length > 0) process.exitCode = 1;
  }
}

await main();
