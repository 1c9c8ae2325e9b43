import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DisplayDouble, Timer } from './types.ts';
import { Wire, type WireFaults, SOUND } from './wire.ts';

/** The machine's own time. */
export function machineTimer(): Timer {
  return {
    monotonic: () => performance.now(),
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, Math.max(0, milliseconds));
      return () => {
        clearTimeout(timer);
      };
    },
  };
}

interface ServeOptions {
  readonly double: DisplayDouble;
  readonly timer: Timer;
  /** Where the pseudo-terminal is to be found; or else a TCP port on this machine, 0 for any. */
  readonly at: { readonly link: string } | { readonly port: number };
  /** Bits a second; left out, as fast as it goes. */
  readonly baudRate?: number | undefined;
  /** From 0 to below 1. */
  readonly chance?: () => number;
}

/** A double that can be reached from outside. */
export interface ServedDouble {
  /** The link, or the port. */
  readonly address: string;
  setCable(faults: Partial<WireFaults>): void;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  stop(): Promise<void>;
}

const host = '127.0.0.1';
const socatDeadlineMs = 10_000;

/**
 * Puts a double at a pseudo-terminal (made by socat) or a TCP port, on a cable of a certain speed. Unplugging takes the pseudo-
 * terminal away, as pulling out a USB adapter does.
 * @throws Error when socat is missing or the place cannot be had
 */
export async function serveDouble({
  double,
  timer,
  at,
  baudRate,
  chance = Math.random,
}: ServeOptions): Promise<ServedDouble> {
  const folder = mkdtempSync(join(tmpdir(), 'double-'));
  const cable = connect(double, { timer, chance, baudRate });
  let isIn = true;
  const server = createServer((socket) => {
    if (isIn) cable.accept(socket);
    else socket.destroy();
  });
  const inside = join(folder, 'socket');
  if ('link' in at) server.listen(inside);
  else server.listen(at.port, host);
  await once(server, 'listening');
  let adapter = 'link' in at ? await startAdapter(at.link, inside) : undefined;
  const address = 'link' in at ? at.link : String((server.address() as AddressInfo).port);
  const unplug = async (): Promise<void> => {
    isIn = false;
    cable.cut();
    const ending = adapter;
    adapter = undefined;
    if (ending) await ended(ending);
    if ('link' in at) rmSync(at.link, { force: true });
  };
  return {
    address,
    setCable: cable.setFaults,
    unplug,
    async plug() {
      isIn = true;
      if ('link' in at) adapter ??= await startAdapter(at.link, inside);
    },
    async stop() {
      await unplug();
      await closed(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What carries bytes between a socket and a double. The newest connection counts. */
function connect(
  double: DisplayDouble,
  { timer, chance, baudRate }: { timer: Timer; chance: () => number; baudRate: number | undefined },
) {
  let socket: Socket | undefined;
  const common = { timer, chance, bytesPerSecond: baudRate === undefined ? undefined : baudRate / 10 };
  const down = new Wire({
    ...common,
    deliver: (bytes) => {
      double.receive(bytes);
    },
  });
  const up = new Wire({ ...common, deliver: (bytes) => socket?.write(bytes) });
  double.onSend((bytes) => {
    if (socket) up.carry(bytes);
  });
  return {
    accept: (next: Socket) => {
      socket?.destroy();
      socket = next;
      next.setNoDelay(true);
      next.on('data', (bytes) => down.carry(bytes));
      next.on('error', () => undefined); // 'close' follows
      next.on('close', () => {
        if (socket === next) socket = undefined;
      });
    },
    setFaults: (faults: Partial<WireFaults>) => {
      down.faults = { ...SOUND, ...faults };
      up.faults = { ...SOUND, ...faults };
    },
    cut: () => {
      down.cut();
      up.cut();
      socket?.destroy();
      socket = undefined;
    },
  };
}

/**
 * A pseudo-terminal that stands for the USB adapter, joined to a Unix socket.
 * @throws Error when socat is missing or the place cannot be had
 */
export async function startAdapter(link: string, inside: string): Promise<ChildProcess> {
  const socat = spawn('socat', [`PTY,link=${link},raw,echo=0`, `UNIX-CONNECT:${inside}`], { stdio: 'ignore' });
  let failure: string | undefined;
  socat.on('error', (error) => {
    failure = error.message;
  });
  socat.on('exit', (code) => {
    failure ??= `it ended with code ${String(code)}`;
  });
  const giveUpAt = performance.now() + socatDeadlineMs;
  while (!existsSync(link)) {
    if (failure !== undefined || performance.now() > giveUpAt) {
      socat.kill('SIGKILL');
      throw new Error(`socat cannot make ${link}: ${failure ?? 'it takes too long'}. Install Debian's socat.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return socat;
}

/** Ends it and waits until it is over. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, 'exit');
  child.kill('SIGKILL');
  await over;
}

async function closed(server: Server): Promise<void> {
  const over = once(server, 'close');
  server.close();
  await over;
}
