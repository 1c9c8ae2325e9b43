import { parseArgs } from 'node:util';
import { loadConfiguration, type Configuration } from '../src/main/config.ts';

/** What was asked for does not make sense; the message says what to do. */
export class UsageError extends Error {}

/** Whether a paper is really printed, and by what. */
export interface Wanted {
  readonly printer: Configuration['printer'];
  /** Bytes go into this file instead of to the printer. */
  readonly to: string | undefined;
  readonly from: number;
  readonly upTo: number;
  readonly words: readonly string[];
}

const options = {
  config: { type: 'string' },
  profile: { type: 'string' },
  tcp: { type: 'string' },
  device: { type: 'string' },
  serial: { type: 'string' },
  baud: { type: 'string', default: '115200' },
  from: { type: 'string', default: '0' },
  to: { type: 'string', default: '95' },
  bytes: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

const commands: readonly string[] = ['test', 'receipt', 'codepages'];
const usualConfiguration = '/etc/spot-terminal/config.json';
/** Of a printer that is named on the command line. Milliseconds, as the configuration has them. */
const usual = {
  profile: 'epson',
  transliterate: false,
  drawer: 'none',
  buzzer: false,
  retryEveryMs: 5000,
  maximumAgeMs: 600_000,
  doubtful: 'copy',
  connectTimeoutMs: 2000,
  jobTimeoutMs: 60_000,
} as const;

/** What the command line asks for; 'help' when it asks for that. @throws UsageError, ConfigurationError */
export function readWanted(args: readonly string[]): Wanted | 'help' {
  const { values, positionals } = parsed(args);
  const [command] = positionals;
  if (values.help || command === undefined) return 'help';
  if (!commands.includes(command)) throw new UsageError(`There is no command ${command}.`);
  return {
    printer: printerOf(values),
    to: values.bytes,
    from: number(values.from, '--from', 255),
    upTo: number(values.to, '--to', 255),
    words: positionals,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function printerOf(values: Values): Configuration['printer'] {
  const { config, profile, bytes } = values;
  const named = connectionOf(values);
  if (named) return { ...usual, connection: named, ...(profile !== undefined && { profile }) };
  if (bytes !== undefined && config === undefined) {
    return { ...usual, connection: { type: 'none' }, ...(profile !== undefined && { profile }) };
  }
  const { printer } = loadConfiguration(config ?? usualConfiguration);
  return profile === undefined ? printer : { ...printer, profile };
}

function connectionOf({ tcp, device, serial, baud }: Values): Configuration['printer']['connection'] | undefined {
  if ([tcp, device, serial].filter((each) => each !== undefined).length > 1) {
    throw new UsageError('Give only one of --tcp, --device and --serial.');
  }
  if (tcp !== undefined) {
    const { host = '', port } = /^(?<host>[^:]+|\[.+\])(?::(?<port>\d+))?$/.exec(tcp)?.groups ?? {};
    if (host === '') throw new UsageError('--tcp takes an address and a port, like 192.168.1.50:9100.');
    return { type: 'tcp', host: host.replaceAll(/[[\]]/g, ''), port: number(port ?? '9100', '--tcp', 65_535) };
  }
  if (device !== undefined) return { type: 'device', path: device };
  if (serial === undefined) return undefined;
  return { type: 'serial', path: serial, baudRate: number(baud, '--baud', 921_600), flowControl: 'hardware' };
}

function number(text: string, what: string, most: number): number {
  if (!/^\d{1,6}$/.test(text) || Number(text) > most) throw new UsageError(`${what} takes a number up to ${most}.`);
  return Number(text);
}
