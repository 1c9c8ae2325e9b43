import { pino } from 'pino';
import type { Log } from '../../ports/log.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

interface LogOptions {
  readonly level: LogLevel;
  /** Where lines go; standard error when left out, because standard output belongs to the ready line. */
  readonly destination?: { write(line: string): void };
}

/** The last word of a name that tells of a secret: `macKey`, `till_token`, `PIN`, `authorization`. */
const secretWords = new Set([
  'key',
  'keys',
  'token',
  'tokens',
  'pin',
  'secret',
  'password',
  'authorization',
  'cookie',
  'mac',
]);
const deepest = 6;
/** Names that the log writes itself; a field of the same name would hide them. */
const ownNames = new Set(['level', 'time', 'pid', 'hostname', 'msg']);

function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return secretWords.has(words.at(-1) ?? '');
}

/** Shortened by `redacted` already: an ellipsis and at most four characters. */
function isShortened(value: unknown): boolean {
  return typeof value === 'string' && /^….{0,4}$/u.test(value);
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return {
    ...redactedFields(error, depth + 1),
    name,
    message,
    stack,
    ...(cause !== undefined && { cause: redactedValue(cause, depth + 1) }),
  };
}

function redactedFields(fields: object, depth: number): Record<string, unknown> {
  const safe: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields as Readonly<Record<string, unknown>>)) {
    const hidden = isSecretName(name) && value !== undefined && value !== null && !isShortened(value);
    safe[name] = hidden ? '[redacted]' : redactedValue(value, depth + 1);
  }
  return safe;
}

function redactedObject(value: object, depth: number): unknown {
  if (value instanceof Error) return errorFields(value, depth);
  if (value instanceof URL) return value.href;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item: unknown) => redactedValue(item, depth + 1));
  return redactedFields(value, depth);
}

function redactedValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  return depth > deepest ? '[deeper]' : redactedObject(value, depth);
}

function lineFields(fields: object): Record<string, unknown> {
  const safe = redactedFields(fields, 0);
  return Object.fromEntries(
    Object.entries(safe).map(([name, value]) => [ownNames.has(name) ? `${name}_` : name, value]),
  );
}

/** Where lines usually go: written at once, because standard output belongs to the ready line. */
export function standardError(): { write(line: string): void } {
  return pino.destination({ dest: 2, sync: true });
}

/**
 * The log: one JSON object a line. Whatever is named like a secret is hidden, at any depth; written at once, so that
 * the last lines before a crash are not lost.
 */
export function createLog({ level, destination }: LogOptions): Log {
  const target = destination ?? standardError();
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    target,
  );
  const write =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: Record<string, unknown>): void => {
      if (logger.isLevelEnabled(name)) logger[name](fields ? lineFields(fields) : {}, message);
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
