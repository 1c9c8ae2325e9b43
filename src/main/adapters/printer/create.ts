import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PrinterPort } from '../../ports/printer.ts';
import { createDeviceFileTransport } from '../transport/device-file.ts';
import { createSerialTransport } from '../transport/serial.ts';
import { createTcpTransport } from '../transport/tcp.ts';
import { usualTransportTimeouts, type Transport } from '../transport/transport.ts';
import { createNoPrinter } from './none.ts';
import { createPrinter, usualPrinterTimeouts } from './printer.ts';
import { loadProfile } from './profile.ts';

/** What the configuration says about the receipt printer. Times are in milliseconds. */
export interface ReceiptPrinterConfiguration {
  readonly connection:
    | { readonly type: 'none' }
    | { readonly type: 'tcp'; readonly host: string; readonly port: number }
    | { readonly type: 'device'; readonly path: string }
    | {
        readonly type: 'serial';
        readonly path: string;
        readonly baudRate: number;
        readonly flowControl: 'hardware' | 'software' | 'none';
      };
  readonly profile: string;
  readonly connectTimeoutMs: number;
  readonly jobTimeoutMs: number;
}

type RealConnection = Exclude<ReceiptPrinterConfiguration['connection'], { type: 'none' }>;

/** The configured receipt printer; nothing is opened before it is asked for something. @throws ProfileError */
export function createReceiptPrinter(
  { connection, profile, connectTimeoutMs, jobTimeoutMs }: ReceiptPrinterConfiguration,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): PrinterPort {
  if (connection.type === 'none') return createNoPrinter();
  const timeouts = { ...usualTransportTimeouts, connectMs: connectTimeoutMs };
  return createPrinter({
    profile: loadProfile(profile),
    transport: createTransport(connection, { clock, timeouts }),
    clock,
    log,
    timeouts: { ...usualPrinterTimeouts, longestJobMs: jobTimeoutMs },
    random: Math.random,
  });
}

function createTransport(
  connection: RealConnection,
  common: Pick<Parameters<typeof createTcpTransport>[0], 'clock' | 'timeouts'>,
): Transport {
  if (connection.type === 'tcp') return createTcpTransport({ ...connection, ...common });
  return connection.type === 'serial'
    ? createSerialTransport({ ...connection, ...common })
    : createDeviceFileTransport({ ...connection, ...common });
}
