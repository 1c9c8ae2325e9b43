import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ended, startAdapter } from '../devices/serve.ts';
import { createEngine } from './engine.ts';
import { startPrinter } from './printer.ts';
import type { Break } from './session.ts';
import type { PrinterDesk, PrinterOptions, PrinterState } from './types.ts';

/** A printer that can be reached from outside. */
export interface ServedPrinter extends PrinterDesk {
  /** `tcp://127.0.0.1:9100`, or the path of a pseudo-terminal. */
  readonly address: string;
  readonly port: number | null;
  setState(change: Partial<PrinterState>): Promise<void>;
  /** Pulls out the cable, and puts it in again. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
  stop(): Promise<void>;
}

/** What it is like when it is switched on, and whose numbers of code pages it has. */
type Likeness = Pick<PrinterOptions, 'state' | 'maker'>;

interface ServeOptions extends Likeness {
  /** A TCP port of this machine, 0 for any; or a pseudo-terminal, which does for a serial port and for `/dev/usb/lp0`. */
  readonly at: { readonly port: number } | { readonly link: string };
}

const host = '127.0.0.1';
/** How long a line that breaks stays away, in milliseconds. */
const AWAY_MS = 100;

/**
 * Puts a virtual printer where a terminal can reach it. On a pseudo-terminal (made by socat) a reset is a cable that
 * is out for a moment, and `refuse` one that is not in.
 * @throws Error when socat is missing or the place cannot be had
 */
export async function servePrinter({ at, ...like }: ServeOptions): Promise<ServedPrinter> {
  return 'link' in at ? serveAtLink(at.link, like) : serveAtPort(at.port, like);
}

async function serveAtPort(port: number, like: Likeness): Promise<ServedPrinter> {
  const printer = await startPrinter({ host, port, ...like });
  return {
    ...printer,
    address: `tcp://${host}:${String(printer.port)}`,
    unplug: () => printer.setState({ refuse: true }),
    plug: () => printer.setState({ refuse: false }),
  };
}

async function serveAtLink(link: string, like: Likeness): Promise<ServedPrinter> {
  const engine = createEngine(like);
  const folder = mkdtempSync(join(tmpdir(), 'printer-'));
  const inside = join(folder, 'socket');
  const adapter = createAdapter(link, inside);
  const breakOff = (how: Break): void => {
    if (how !== 'forget') adapter.pullForAMoment();
  };
  const server = createServer((socket) => {
    engine.attach(socket, breakOff, 'line');
  });
  server.listen(inside);
  await once(server, 'listening');
  if (!engine.state().refuse) await adapter.plug();
  return {
    address: link,
    port: null,
    receipts: () => engine.receipts(),
    onReceipt: (callback) => engine.onReceipt(callback),
    problems: () => engine.problems(),
    state: () => engine.state(),
    clear: () => {
      engine.clear();
    },
    powerCycle: () => {
      engine.powerCycle();
    },
    suffer: (what) => {
      engine.suffer(what);
    },
    async setState(change) {
      engine.setState(change);
      if (change.refuse !== undefined) await (change.refuse ? adapter.unplug() : adapter.plug());
    },
    unplug: () => adapter.unplug(),
    plug: () => adapter.plug(),
    async stop() {
      await adapter.stop();
      engine.stop();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The USB end of the cable. What is asked of it is done in the order in which it was asked. */
function createAdapter(link: string, inside: string) {
  let process: ChildProcess | undefined;
  let last: Promise<void> = Promise.resolve();
  let stopped = false;
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const done = last.then(act);
    last = done.catch(() => undefined);
    return done;
  };
  const pull = async (): Promise<void> => {
    const ending = process;
    process = undefined;
    if (ending) await ended(ending);
    rmSync(link, { force: true });
  };
  const put = async (): Promise<void> => {
    if (!stopped) process ??= await startAdapter(link, inside);
  };
  return {
    plug: () => inTurn(put),
    unplug: () => inTurn(pull),
    pullForAMoment(): void {
      const moment = async (): Promise<void> => {
        await pull();
        await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
        await put();
      };
      inTurn(moment).catch(() => undefined); // a cable that cannot be put in again stays out
    },
    stop(): Promise<void> {
      stopped = true;
      return inTurn(pull);
    },
  };
}
