import { randomInt } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';
import { Gate, type Merchant } from './access.ts';
import { apiRoutes } from './api/routes.ts';
import { CallbackKey } from './callbacks-key.ts';
import { Callbacks } from './callbacks.ts';
import { controlRoutes, type Controlled } from './control.ts';
import { startDisplays, type DisplayWish, type PlayedDisplay } from './displays.ts';
import { answerErrors } from './errors.ts';
import { Faults } from './faults.ts';
import { pageRoutes } from './pages.ts';
import { phoneRoutes } from './phone-api.ts';
import { startPrinter } from './printer/printer.ts';
import { HEALTHY, type VirtualPrinter } from './printer/types.ts';
import type { Switches } from './switches.ts';
import { Watch, type Received } from './watch.ts';
import { chanceFrom, randomText } from './world/chance.ts';
import { World } from './world/world.ts';

/** How to start a sandbox. Everything has a default. */
export interface SandboxOptions {
  /** 0 takes any free one. */
  readonly port?: number;
  readonly printerPort?: number;
  /** Credentials and keys come from it; left out, from chance. */
  readonly seed?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly switches?: Partial<Switches>;
  readonly users?: number;
  /** The place that spots belong to; the number in their codes. */
  readonly locationId?: number;
  /** Its name. */
  readonly place?: string;
  /** QR displays to play; left out, none. */
  readonly displays?: readonly DisplayWish[];
  /** What callbacks are signed with and where they may go. */
  readonly callbacks?: {
    /** A private RSA key in PEM; left out, one is made. */
    readonly privateKey?: string;
    /** Whether they may leave this machine; left out, they may not. */
    readonly anywhere?: boolean;
    /** Pauses before one that nobody took is sent again, in milliseconds. */
    readonly retryAfterMs?: readonly number[];
  };
}

export interface RunningSandbox {
  readonly baseUrl: string;
  readonly phoneUrl: string;
  readonly controlUrl: string;
  readonly locationId: number;
  readonly merchant: Merchant;
  readonly users: readonly { accessToken: string; macKey: string; walletId: number }[];
  readonly world: World;
  readonly gate: Gate;
  readonly faults: Faults;
  readonly received: readonly Received[];
  readonly printer: VirtualPrinter;
  readonly displays: readonly PlayedDisplay[];
  readonly callbacks: Callbacks;
  /** As it was at its start, with the same credentials. */
  reset(): Promise<void>;
  /** Ends it. Calling it again gives the same promise. */
  stop(): Promise<void>;
}

/** The sandbox could not start. The message says what to do. */
export class SandboxStartError extends Error {
  readonly code: 'port_taken' | 'port_refused' | 'display_failed';

  constructor(code: SandboxStartError['code'], message: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const host = '127.0.0.1';
const root = '/rest/v1';
/** How the API sends again is not documented; this is how the sandbox does. */
const retryAfterMs = [1000, 5000, 25_000];

/**
 * Starts a sandbox on loopback: the API, the phone, the control page and a receipt printer.
 * @throws SandboxStartError when a port cannot be had; nothing is left running then
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const ending = new AbortController();
  const parts = partsOf(options, ending.signal);
  const { world, gate, faults, watch, merchant, callbacks, callbackKey } = parts;
  const printer = await startPrinterAt(options.printerPort ?? 0);
  const displays = await startDisplaysOr(options.displays ?? [], () => printer.stop());
  const reset = async () => {
    world.reset();
    gate.offsetSeconds = 0;
    faults.clear();
    watch.clear();
    callbacks.clear();
    await printer.setState(HEALTHY);
    printer.clear();
    for (const display of displays) await display.reset();
  };
  const server = await serverOf({ world, gate, faults, watch, printer, displays, callbacks, callbackKey, reset });
  const origin = await listen(server, options.port ?? 0).catch(async (error: unknown) => {
    await Promise.all([printer.stop(), ...displays.map((display) => display.stop())]);
    throw error;
  });
  const stopTime = letTimePass(world);
  const stop = once(async () => {
    stopTime();
    ending.abort();
    await server.close();
    await Promise.all([printer.stop(), ...displays.map((display) => display.stop())]);
  });
  return {
    baseUrl: `${origin}${root}`,
    phoneUrl: `${origin}/phone`,
    controlUrl: `${origin}/control`,
    locationId: world.locationId,
    merchant,
    users: world.users,
    world,
    gate,
    faults,
    received: watch.received,
    printer,
    displays,
    callbacks,
    reset,
    stop,
  };
}

/** How often is looked whether time has changed something that callbacks tell of, in milliseconds. */
const lookEveryMs = 500;

/** Otherwise what time changes is worked out when somebody asks; whoever waits for callbacks does not ask. */
function letTimePass(world: World): () => void {
  const timer = setInterval(() => {
    world.advance();
  }, lookEveryMs);
  return () => {
    clearInterval(timer);
  };
}

/** What there is without any connection. */
function partsOf(options: SandboxOptions, signal: AbortSignal) {
  const seed = options.seed ?? randomInt(2 ** 31);
  const chance = chanceFrom(seed);
  const merchant = { macId: randomText(10, chance), macKey: randomText(32, chance) };
  const callbackKey = new CallbackKey(options.callbacks?.privateKey);
  const callbacks = new Callbacks({
    world: () => world,
    key: callbackKey,
    anywhere: options.callbacks?.anywhere ?? false,
    retryAfterMs: options.callbacks?.retryAfterMs ?? retryAfterMs,
    signal,
  });
  const world: World = new World({
    ...worldOptionsOf(options),
    chance,
    onDidHappen: (transaction, type) => {
      callbacks.tell(transaction, type);
    },
  });
  const gate = new Gate(world, merchant);
  const faults = new Faults();
  // Correlation ids have a chance of their own: how often somebody asks must not change the keys that a seed gives.
  const watch = new Watch({ root, world, gate, faults, chance: chanceFrom(seed + 1), signal });
  return { merchant, world, gate, faults, watch, callbacks, callbackKey };
}

async function startPrinterAt(port: number): Promise<VirtualPrinter> {
  try {
    return await startPrinter({ host, port });
  } catch (error) {
    throw asStartError(error, `Port ${String(port)} for the printer`, '--printer-port');
  }
}

/** @throws SandboxStartError after `undo` */
async function startDisplaysOr(
  wishes: readonly DisplayWish[],
  undo: () => Promise<void>,
): Promise<readonly PlayedDisplay[]> {
  try {
    return await startDisplays(wishes);
  } catch (error) {
    await undo();
    throw new SandboxStartError('display_failed', error instanceof Error ? error.message : String(error), error);
  }
}

/** Gives the origin. */
async function listen(server: FastifyInstance, port: number): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    throw asStartError(error, `Port ${String(port)}`, '--port');
  }
  return `http://${host}:${String((server.server.address() as AddressInfo).port)}`;
}

function worldOptionsOf({ now = Date.now, switches, users, locationId, place }: SandboxOptions) {
  return {
    now,
    ...(switches === undefined ? {} : { switches }),
    ...(users === undefined ? {} : { users }),
    ...(locationId === undefined ? {} : { locationId }),
    ...(place === undefined ? {} : { place }),
  };
}

async function serverOf(controlled: Controlled): Promise<FastifyInstance> {
  const { world, gate, watch } = controlled;
  const server = fastify({ forceCloseConnections: true });
  answerErrors(server);
  await server.register(
    (api, _options, done) => {
      watch.attach(api);
      apiRoutes(api, { world, gate, isDoubled: (request) => watch.isDoubled(request) });
      done();
    },
    { prefix: root },
  );
  controlRoutes(server, controlled);
  phoneRoutes(server, world);
  pageRoutes(server);
  return server;
}

function asStartError(error: unknown, what: string, option: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const advice = `Choose another one with ${option}, or 0 for any free one.`;
  if (code === 'EADDRINUSE') return new SandboxStartError('port_taken', `${what} is taken. ${advice}`, error);
  if (code === 'EACCES') return new SandboxStartError('port_refused', `${what} is not allowed. ${advice}`, error);
  return error;
}

/** The same promise for every call. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}
