import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PrinterPort } from '../../ports/printer.ts';
import { loadLetters } from '../letters/letters.ts';
import { createDeviceFileTransport } from '../transport/device-file.ts';
import { createSerialTransport } from '../transport/serial.ts';
import { createTcpTransport } from '../transport/tcp.ts';
import { usualTransportTimeouts, type Transport } from '../transport/transport.ts';
import { createNoPrinter } from './none.ts';
import { createPrinter, usualPrinterTimeouts } from './printer.ts';
import type { PaperStyle } from './layout.ts';
import { loadProfile, type Profile } from './profile.ts';

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
  /** Pages of this printer, as its test slip showed them; left out, those of the profile. */
  readonly codePages?: Profile['codePages'] | undefined;
  /** Left out: false. */
  readonly transliterate?: boolean;
  /** Left out: none. */
  readonly drawer?: 'none' | 'pin2' | 'pin5';
  /** Left out: false. */
  readonly buzzer?: boolean;
  readonly connectTimeoutMs: number;
  readonly jobTimeoutMs: number;
}

type RealConnection = Exclude<ReceiptPrinterConfiguration['connection'], { type: 'none' }>;

/** The configured receipt printer; nothing is opened before it is asked for something. @throws ProfileError */
export function createReceiptPrinter(
  configuration: ReceiptPrinterConfiguration,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): PrinterPort {
  const { connection, connectTimeoutMs, jobTimeoutMs } = configuration;
  if (connection.type === 'none') return createNoPrinter();
  const timeouts = { ...usualTransportTimeouts, connectMs: connectTimeoutMs };
  return createPrinter({
    style: styleOf(configuration),
    transport: createTransport(connection, { clock, timeouts }),
    clock,
    log,
    timeouts: { ...usualPrinterTimeouts, longestJobMs: jobTimeoutMs },
    random: Math.random,
  });
}

/** How receipts look on that printer. @throws ProfileError */
export function styleOf({
  profile,
  codePages,
  transliterate = false,
  drawer = 'none',
  buzzer = false,
}: Pick<ReceiptPrinterConfiguration, 'profile' | 'codePages' | 'transliterate' | 'drawer' | 'buzzer'>): PaperStyle {
  const known = loadProfile(profile);
  const pins = { none: null, pin2: 2, pin5: 5 } as const;
  return {
    profile: codePages && codePages.length > 0 ? { ...known, codePages } : known,
    letters: loadLetters(),
    transliterate,
    drawerPin: known.drawer ? pins[drawer] : null,
    buzzer,
  };
}

/** The line to a printer, for what is no receipt. Nothing is opened yet. */
export function createTransport(
  connection: RealConnection,
  common: Pick<Parameters<typeof createTcpTransport>[0], 'clock' | 'timeouts'>,
): Transport {
  if (connection.type === 'tcp') return createTcpTransport({ ...connection, ...common });
  return connection.type === 'serial'
    ? createSerialTransport({ ...connection, ...common })
    : createDeviceFileTransport({ ...connection, ...common });
}
