import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MENDED } from '../printer/mishap.ts';
import { makerOfProfile } from '../printer/code-pages.ts';
import { named, printerChangeSchema } from '../printer/state-schema.ts';
import { servePrinter, type ServedPrinter } from '../printer/serve.ts';
import {
  HEALTHY,
  MISHAPS,
  type Mishap,
  type MishapName,
  type PrinterState,
  type ReceiptRecord,
} from '../printer/types.ts';
import { numberFrom, obeyInput, say, UsageError } from './console.ts';

/** What the command line says about the printer. */
export const printerHelp = `A receipt printer is played at a TCP port (9100 on real ones), or at a pseudo-terminal, which does for a serial
port as well as for a device file like /dev/usb/lp0.

  --profile NAME    plays the printer of a file in resources/printers: its speed, its code pages, whether it proves its receipts
  --papers FOLDER   where a picture (PNG) of each paper is kept

It prints one line of JSON for each paper: its text and what its QR codes say. Its commands:

  faults                       what can be set, and how it is set now
  set coverOpen true           a fault; the names are those that "faults" lists
  suffer power-cycle           something that happens at once: ${MISHAPS.slice(0, 6).join(', ')},
                               ${MISHAPS.slice(6).join(', ')}
  suffer reset after 400 bytes    the same in the middle of a receipt, after that many bytes or "dots" of paper
  mend                         everything that was set or suffered is put right
  power-cycle                  off and on again: what it had not printed is lost
  unplug, plug                 pulls its cable, and puts it in again
`;

function readOptions(asked: readonly string[]) {
  const options = {
    link: { type: 'string' },
    port: { type: 'string' },
    profile: { type: 'string' },
    papers: { type: 'string' },
  } as const;
  try {
    const { link, port, profile, papers } = parseArgs({ args: [...asked], options }).values;
    if ((link === undefined) === (port === undefined)) throw new UsageError('Give either --link or --port.');
    const at = link === undefined ? { port: numberFrom(port ?? '', '--port') } : { link };
    return {
      at,
      papers,
      like: profile === undefined ? {} : { state: stateOf(profile), maker: makerOfProfile(profile) },
    };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** What a profile of the terminal's says about the printer, read as its maker's data sheet would be. */
function stateOf(profile: string): Partial<PrinterState> {
  if (!/^[a-z0-9-]+$/.test(profile)) throw new UsageError('--profile takes the name of a file in resources/printers.');
  const path = join(import.meta.dirname, '..', '..', 'resources', 'printers', `${profile}.json`);
  const { millimetresPerSecond, processId } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return {
    ...(typeof millimetresPerSecond === 'number' ? { speed: millimetresPerSecond } : {}),
    processIds: processId === true,
  };
}

function isMishap(name: string): name is MishapName {
  return MISHAPS.some((known) => known === name);
}

function mishapOf(words: readonly string[]): Mishap | MishapName {
  const [what = '', after, count = '', unit] = words;
  if (!isMishap(what)) throw new Error(`A printer suffers ${MISHAPS.join(', ')}.`);
  if (after === undefined) return what;
  if (after !== 'after' || (unit !== 'bytes' && unit !== 'dots')) throw new Error('Say "after 400 bytes" or "dots".');
  return { what, after: numberFrom(count, 'after'), unit };
}

/** What a line on the input asks for. */
async function obey(line: string, printer: ServedPrinter): Promise<void> {
  const [verb = '', ...words] = line.trim().split(/\s+/);
  const [name = '', value = ''] = words;
  const verbs: Readonly<Record<string, () => unknown>> = {
    faults: () => {
      say({ faults: printer.state() });
    },
    set: () => {
      if (!(name in HEALTHY)) throw new Error(`It has no fault "${name}"; "faults" lists them.`);
      return printer.setState(named(printerChangeSchema.parse({ [name]: JSON.parse(value) as unknown })));
    },
    suffer: () => {
      const mishap = mishapOf(words);
      if (typeof mishap === 'string') printer.suffer(mishap);
      else return printer.setState({ mishap });
      return undefined;
    },
    mend: () => printer.setState({ ...MENDED, refuse: false }),
    'power-cycle': () => {
      printer.powerCycle();
    },
    unplug: () => printer.unplug(),
    plug: () => printer.plug(),
  };
  const act = verbs[verb];
  if (!act) throw new Error(`There is no command "${line.trim()}". Try --help.`);
  await act();
}

/** Tells of each paper, and of what was not understood until then. */
function tell(printer: ServedPrinter, folder: string | undefined): void {
  let told = 0;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  printer.onReceipt(({ index, text, qr, png }: ReceiptRecord) => {
    say({ paper: index, text, qr });
    if (folder !== undefined) writeFileSync(join(folder, `${String(index).padStart(4, '0')}.png`), png);
    const problems = printer.problems();
    for (const problem of problems.slice(told)) say({ problem });
    told = problems.length;
  });
}

/** Plays a receipt printer until its input ends. @throws UsageError, or what keeps it from starting */
export async function playPrinter(asked: readonly string[]): Promise<void> {
  const { at, papers, like } = readOptions(asked);
  const printer = await servePrinter({ at, ...like });
  tell(printer, papers);
  say({ ready: 'printer', address: printer.address });
  obeyInput(
    (line) => obey(line, printer),
    () => printer.stop(),
  );
}
