import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { extname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import { describe, LineConnection } from './connection.ts';
import { within } from './deadline.ts';
import {
  TransportError,
  usualTransportTimeouts,
  type Connection,
  type Transport,
  type TransportErrorCode,
  type TransportTimeouts,
} from './transport.ts';

export interface DeviceFileOptions {
  /** For example `/dev/usb/lp0`, best a link that udev makes by the port's place. */
  readonly path: string;
  readonly clock: Clock;
  readonly timeouts?: TransportTimeouts;
  /**
   * A program that runs Node scripts: this process's own when left out. A packaged Electron whose fuse `RunAsNode` is
   * off cannot be that, and needs the path of a `node` here.
   */
  readonly executable?: string;
}

const messageSchema = z.union([
  z.object({ opened: z.literal(true) }),
  z.object({ failed: z.string(), message: z.string() }),
  z.object({ wrote: z.int().min(1) }),
  z.object({ read: z.base64() }),
  z.object({ done: z.literal(true) }),
]);
type Message = z.infer<typeof messageSchema>;

/**
 * The child lies beside this file, as source and when bundled (as an entry of its own, `device-file-child`); when the
 * program is packed into Electron's archive, beside that, where Node can read it.
 */
const childScript = fileURLToPath(new URL(`device-file-child${extname(import.meta.url)}`, import.meta.url)).replace(
  /\/app\.asar\//,
  '/app.asar.unpacked/',
);

/** A packaged Electron cannot be used as Node (its fuse is off); its package brings a Node, and names it. */
const ownNode = (): string => process.env['SPOT_TERMINAL_NODE'] ?? process.execPath;

/**
 * A printer's device file, held by a process of its own that is killed when a deadline comes: reads and writes on it
 * can block for as long as the paper is out (hardware.md 2.5). Only character devices are taken, and none is created.
 */
export function createDeviceFileTransport(options: DeviceFileOptions): Transport {
  return { name: options.path, isBareLine: true, open: (signal) => open(options, signal) };
}

async function open(options: DeviceFileOptions, signal: AbortSignal): Promise<Connection> {
  const { path, clock, executable = ownNode(), timeouts = usualTransportTimeouts } = options;
  const child = spawn(executable, [childScript, path], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Nothing of our own environment: there may be secrets in it. Electron is Node only when told so.
    env: { ELECTRON_RUN_AS_NODE: '1' },
  });
  const held = new HeldDevice(child, { path, clock, closeMs: timeouts.closeMs });
  try {
    await within(held.opened, clock, { milliseconds: timeouts.connectMs, signal });
    return held.connection;
  } catch (error) {
    child.kill('SIGKILL');
    const code = error instanceof TransportError ? error.code : codes[held.failure ?? ''];
    throw new TransportError(code ?? 'unreachable', `${path} cannot be opened: ${describe(error)}`, { cause: error });
  }
}

/** What the system's error codes mean for a device file. `EBUSY`: it has one user at a time. */
const codes: Readonly<Record<string, TransportErrorCode>> = {
  EBUSY: 'busy',
  ENOTCHAR: 'wrong_device',
  EISDIR: 'wrong_device',
};

interface HeldDeviceOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly closeMs: number;
}

interface Sending {
  left: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The child and what it says. */
class HeldDevice {
  readonly connection: LineConnection;
  readonly opened: Promise<void>;
  /** The system's code of what went wrong. */
  failure: string | undefined;
  readonly #child: ChildProcess;
  readonly #sendings: Sending[] = [];
  #onOpened: () => void = () => undefined;
  #reason = 'Its process ended.';
  #unread = '';

  constructor(child: ChildProcess, { path, clock, closeMs }: HeldDeviceOptions) {
    this.#child = child;
    const line = {
      send: (bytes: Uint8Array) => this.#send(bytes),
      writable: () => child.stdin?.writable === true && child.exitCode === null && child.signalCode === null,
      end: () => child.stdin?.end(),
      destroy: () => child.kill('SIGKILL'),
    };
    this.connection = new LineConnection({ name: path, clock, closeMs, line });
    this.opened = new Promise((resolve, reject) => {
      this.#onOpened = resolve;
      this.connection.onClose((reason) => {
        reject(new Error(reason));
      });
    });
    this.#listen();
  }

  #listen(): void {
    const child = this.#child;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#heard(text);
    });
    // What was in the pipe when the child died; 'close' follows.
    child.stdin?.on('error', () => undefined);
    child.on('error', (error) => {
      this.#ended(error.message);
    });
    child.on('close', () => {
      this.#ended(this.#reason);
    });
  }

  #heard(text: string): void {
    const lines = `${this.#unread}${text}`.split('\n');
    this.#unread = lines.pop() ?? '';
    try {
      for (const line of lines) this.#take(messageSchema.parse(JSON.parse(line)));
    } catch (error) {
      this.#reason = `The process that holds the device said something strange: ${describe(error)}`;
      this.#child.kill('SIGKILL');
    }
  }

  #take(message: Message): void {
    if ('opened' in message) this.#onOpened();
    else if ('read' in message) this.connection.received(Buffer.from(message.read, 'base64'));
    else if ('wrote' in message) this.#wrote(message.wrote);
    else if ('failed' in message) {
      this.failure = message.failed;
      this.#reason = message.message;
    }
  }

  #send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sendings.push({ left: bytes.length, resolve, reject });
      this.#child.stdin?.write(bytes);
    });
  }

  /** The device has taken that many more bytes. */
  #wrote(count: number): void {
    let left = count;
    for (let sending = this.#sendings[0]; sending && left > 0; sending = this.#sendings[0]) {
      const taken = Math.min(left, sending.left);
      left -= taken;
      sending.left -= taken;
      if (sending.left > 0) return;
      this.#sendings.shift();
      sending.resolve();
    }
  }

  #ended(reason: string): void {
    for (const sending of this.#sendings.splice(0)) sending.reject(new Error(reason));
    this.connection.ended(reason);
  }
}
