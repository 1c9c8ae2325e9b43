import { SerialPort } from 'serialport';
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

export interface SerialOptions {
  /** Best a link that udev makes by the port's place, for example `/dev/kiosk/printer`. */
  readonly path: string;
  readonly baudRate: number;
  /** How the device says that it is full. `hardware` is RTS/CTS, which printers with small buffers need. */
  readonly flowControl: 'hardware' | 'software' | 'none';
  readonly clock: Clock;
  readonly timeouts?: TransportTimeouts;
}

/** One start bit, eight of data, one stop bit. */
const bitsPerByte = 10;

/**
 * A serial port, or a USB device that acts as one. Every connection is a new port object: an old one would send what was
 * written to it after its end (hardware.md 3).
 */
export function createSerialTransport(options: SerialOptions): Transport {
  return {
    name: options.path,
    bytesPerSecond: options.baudRate / bitsPerByte,
    isBareLine: true,
    open: (signal) => open(options, signal),
  };
}

async function open(options: SerialOptions, signal: AbortSignal): Promise<Connection> {
  const { path, clock, timeouts = usualTransportTimeouts } = options;
  const port = createPort(options);
  const connection = connectionOver(port, { name: path, clock, closeMs: timeouts.closeMs });
  const opened = new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  try {
    await within(opened, clock, { milliseconds: timeouts.connectMs, signal });
    return connection;
  } catch (error) {
    // When it opens after all, too late for anybody, it must not keep the lock.
    opened.then(
      () => {
        port.close();
      },
      () => undefined,
    );
    throw new TransportError(codeOf(error), `${path} cannot be opened: ${describe(error)}`, { cause: error });
  }
}

function createPort({ path, baudRate, flowControl }: SerialOptions): SerialPort {
  return new SerialPort({
    path,
    baudRate,
    dataBits: 8,
    parity: 'none',
    stopBits: 1,
    rtscts: flowControl === 'hardware',
    xon: flowControl === 'software',
    xoff: flowControl === 'software',
    // Two programs on one printer would interleave on the paper.
    lock: true,
    // Dropping DTR at the end restarts some devices at the next beginning.
    hupcl: false,
    autoOpen: false,
  });
}

function connectionOver(port: SerialPort, { name, clock, closeMs }: { name: string; clock: Clock; closeMs: number }) {
  const connection = new LineConnection({
    name,
    clock,
    closeMs,
    line: {
      send: (bytes) => send(port, bytes),
      writable: () => port.isOpen,
      end: () => {
        if (port.isOpen) port.close(() => undefined);
      },
      destroy: () => {
        if (port.isOpen) port.close(() => undefined);
      },
    },
  });
  let reason = 'The port was closed.';
  // Without a reader an unplugged device is not noticed before the next write (hardware.md 3).
  port.on('data', (bytes: Buffer) => {
    connection.received(bytes);
  });
  port.on('error', (error: Error) => {
    reason = error.message;
  });
  port.on('close', (error?: Error | null) => {
    connection.ended(error?.message ?? reason);
  });
  return connection;
}

function send(port: SerialPort, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null | undefined): void => {
      if (error) reject(error);
      else resolve();
    };
    port.write(Buffer.from(bytes), (error) => {
      if (error) reject(error);
      else port.drain(settle);
    });
  });
}

function codeOf(error: unknown): TransportErrorCode {
  if (error instanceof TransportError) return error.code;
  if (describe(error).includes('Cannot lock port')) return 'busy';
  return describe(error).includes('Inappropriate ioctl') ? 'wrong_device' : 'unreachable';
}
