import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { configurationSchema, type Configuration } from './config/schema.ts';

export type { Configuration };

/** The configuration cannot be used; `message` names everything that is wrong with it, and what is allowed. */
export class ConfigurationError extends Error {
  readonly code: 'config_missing' | 'config_unreadable' | 'config_not_json' | 'config_holds_key' | 'config_invalid';

  constructor(code: ConfigurationError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ConfigurationError';
    this.code = code;
  }
}

/**
 * Reads and checks the configuration. Relative paths in it are taken from the file's own folder.
 * @throws ConfigurationError
 */
export function loadConfiguration(path: string): Configuration {
  return resolved(parseConfiguration(read(path), path), dirname(resolve(path)));
}

/** Checks a configuration's text. `path` is for the sentences. @throws ConfigurationError */
export function parseConfiguration(text: string, path: string): Configuration {
  const value = fromJson(text, path);
  const secret = secretIn(value);
  if (secret) {
    throw new ConfigurationError(
      'config_holds_key',
      `The configuration ${path} holds a key (${secret}). Take it out, put it into a file of its own with mode 0600, and ` +
        'name that file in key.file. If others could read the configuration, ask Paysera for a new key.',
    );
  }
  const parsed = configurationSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.flatMap((issue) => complaintsOf(issue));
  throw new ConfigurationError('config_invalid', `The configuration ${path} is not right. ${complaints.join(' ')}`);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw missing
      ? new ConfigurationError(
          'config_missing',
          `There is no configuration at ${path}. Write one (docs/configuration.md), or name another with --config.`,
          error,
        )
      : new ConfigurationError(
          'config_unreadable',
          `The configuration ${path} cannot be read: ${String(error)}. Check who owns it.`,
          error,
        );
  }
}

function fromJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      'config_not_json',
      `The configuration ${path} is not JSON${placeOf(reason, text)}: ${reason}. Correct it there.`,
      error,
    );
  }
}

/** " (line 3, column 7)": where the parser stopped. */
function placeOf(reason: string, text: string): string {
  const named = /position (\d+)/.exec(reason)?.[1];
  const position = named === undefined ? firstUnexpected(text) : Number(named);
  const before = text.slice(0, position).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}

/**
 * Where a text goes wrong for which the parser names no position: the shortest beginning that is already wrong, or its end
 * when more was expected.
 */
function firstUnexpected(text: string): number {
  const isWrong = (length: number) => {
    try {
      JSON.parse(text.slice(0, length));
      return false;
    } catch (error) {
      return error instanceof Error && error.message.startsWith('Unexpected token');
    }
  };
  for (let length = 1; length <= text.length; length += 1) if (isWrong(length)) return length - 1;
  return text.length;
}

/** The path of anything named like a secret key: it must not stand in a configuration at all. */
function secretIn(value: unknown, path = ''): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const here = path ? `${path}.${name}` : name;
    if (/^(mac_?key|secret|password)$/i.test(name)) return here;
    const deeper = secretIn(inner, here);
    if (deeper) return deeper;
  }
  return undefined;
}

export function complaintsOf(issue: z.core.$ZodIssue): readonly string[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${path || 'It'}: ${sentence(issue.message)}`];
  return issue.keys.map((name) => {
    const meant = nearest(name, namesAt(issue.path));
    return `${path ? `${path}.` : ''}${name}: There is no such setting.${meant ? ` Did you mean ${meant}?` : ''}`;
  });
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Names that are known in a section. */
function namesAt(path: readonly PropertyKey[]): readonly string[] {
  const [section] = path;
  if (section === undefined) return Object.keys(configurationSchema.shape);
  const found: unknown = Object.entries(configurationSchema.shape).find(([name]) => name === section)?.[1];
  const inner = unwrapped(found);
  return typeof inner === 'object' && inner !== null && 'shape' in inner ? Object.keys(inner.shape as object) : [];
}

function unwrapped(schema: unknown): unknown {
  return typeof schema === 'object' && schema !== null && 'unwrap' in schema && typeof schema.unwrap === 'function'
    ? (schema.unwrap as () => unknown)()
    : schema;
}

/** The known name that differs least, if it differs little. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((left, right) => left.distance - right.distance);
  return best && best.distance <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}

/** Levenshtein's distance: letters to be put in, taken out or exchanged. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at];
    for (let to = 1; to <= right.length; to += 1) {
      const exchange = (row[to - 1] ?? 0) + (left[at - 1] === right[to - 1] ? 0 : 1);
      next.push(Math.min((row[to] ?? 0) + 1, (next[to - 1] ?? 0) + 1, exchange));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

function resolved(configuration: Configuration, folder: string): Configuration {
  const { terminal, key, callbacks } = configuration;
  const { publicKeyFile } = callbacks;
  return {
    ...configuration,
    terminal: {
      ...terminal,
      dataFolder: resolve(folder, terminal.dataFolder),
      ...(terminal.receiptFolder === undefined ? {} : { receiptFolder: resolve(folder, terminal.receiptFolder) }),
    },
    key: key.file === undefined ? key : { file: resolve(folder, key.file) },
    callbacks:
      publicKeyFile === undefined ? callbacks : { ...callbacks, publicKeyFile: resolve(folder, publicKeyFile) },
  };
}
