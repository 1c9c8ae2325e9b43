import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fail, numberFrom, obeyInput, say, UsageError } from './console.ts';
import { kinds } from './kinds.ts';
import { printerHelp, playPrinter } from './printer.ts';
import { machineTimer, serveDouble, type ServedDouble } from './serve.ts';
import type { DisplayDouble } from './types.ts';
import type { WireFaults } from './wire.ts';

const names = Object.keys(kinds).join(', ');
const help = `Plays a device that is not there, at a pseudo-terminal or a TCP port: a QR display or a receipt printer.

  npm run -s double -- KIND --link PATH | --port N [--baud N] [--glass FILE]
  npm run -s double -- printer --link PATH | --port N [--profile NAME] [--papers FOLDER]

  KIND          a display: ${names}
  --link PATH   pseudo-terminal to make (needs socat); configure it as the display's address
  --port N      or a TCP port on this machine, 0 for any free one; its address is tcp://127.0.0.1:N
  --baud N      speed of its line, bits/s; left out, as fast as it goes
  --glass FILE  where a picture of the glass (PNG) is kept up to date
  --help        this text

Prints one line of JSON when it is ready, then one for each change of the glass, and one for each thing that the
display did not understand. A display takes these commands on its input, one a line:

  restart                      off and on again
  unplug, plug                 takes the pseudo-terminal away, and puts it back
  cable dropped 0.1            chances of the cable: dropped, corrupted, delayed, split
  set silent true              a fault of the device; "faults" lists them

${printerHelp}
Ends on SIGINT, SIGTERM and at the end of its input. Exit codes: 0 ended as asked, 64 wrong options, 69 no such place.
`;

const cableFaults = ['dropped', 'corrupted', 'delayed', 'split'];

function readOptions() {
  const options = {
    link: { type: 'string' },
    port: { type: 'string' },
    baud: { type: 'string' },
    glass: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const make = kinds[positionals[0] ?? ''];
  if (!make || positionals.length > 1) throw new UsageError(`Name one kind: printer, ${names}.`);
  const { link, port, baud, glass } = values;
  if ((link === undefined) === (port === undefined)) throw new UsageError('Give either --link or --port.');
  return {
    make,
    at: link === undefined ? { port: numberFrom(port ?? '', '--port') } : { link },
    baudRate: baud === undefined ? undefined : numberFrom(baud, '--baud'),
    glass,
  };
}

/** Tells of each change of the glass and each new complaint. */
function tell(double: DisplayDouble, file: string | undefined): void {
  let [last, told] = ['', 0];
  const look = (): void => {
    const glass = double.glass();
    const now = JSON.stringify(glass);
    if (now !== last) {
      last = now;
      say({ glass });
      if (file !== undefined) writeFileSync(file, double.png());
    }
    const problems = double.problems();
    for (const problem of problems.slice(told)) say({ problem });
    told = problems.length;
  };
  double.onChange(look);
  look();
}

/** What a line on the input asks for. */
async function obey(line: string, double: DisplayDouble, served: ServedDouble): Promise<void> {
  const [verb = '', name = '', value = ''] = line.trim().split(/\s+/);
  const verbs: Readonly<Record<string, () => unknown>> = {
    restart: () => {
      double.powerCycle();
    },
    unplug: () => served.unplug(),
    plug: () => served.plug(),
    faults: () => {
      say({ faults: double.faults() });
    },
    cable: () => {
      if (!cableFaults.includes(name)) throw new Error(`A cable has ${cableFaults.join(', ')}.`);
      served.setCable({ [name]: Number(value) } satisfies Partial<WireFaults>);
    },
    set: () => {
      if (!(name in double.faults())) throw new Error(`It has no fault "${name}"; "faults" lists them.`);
      double.setFaults({ [name]: JSON.parse(value) as unknown });
    },
  };
  const act = verbs[verb];
  if (!act) throw new Error(`There is no command "${line.trim()}". Try --help.`);
  await act();
}

async function playDisplay(): Promise<void> {
  const options = readOptions();
  if (options === 'help') {
    process.stdout.write(help);
    return;
  }
  const timer = machineTimer();
  const double = options.make(timer);
  const served = await serveDouble({ double, timer, at: options.at, baudRate: options.baudRate });
  say({ ready: 'double', address: 'link' in options.at ? served.address : `tcp://127.0.0.1:${served.address}` });
  tell(double, options.glass);
  obeyInput(
    (line) => obey(line, double, served),
    async () => {
      double.stop();
      await served.stop();
    },
  );
}

const asked = process.argv.slice(3);
const wantsPrinter = process.argv[2] === 'printer' && !asked.includes('--help') && !asked.includes('-h');
(wantsPrinter ? playPrinter(asked) : playDisplay()).catch(fail);
