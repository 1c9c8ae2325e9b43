import { z } from 'zod';
import type { Setting, SettingValue } from '../../shared/admin/settings.ts';
import { configurationSchema } from './schema.ts';

/** What JSON Schema says of one setting, with our own words beside it. */
interface Described {
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly reason?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly enum?: readonly unknown[];
  readonly items?: Described;
  readonly properties?: Readonly<Record<string, Described>>;
  readonly required?: readonly string[];
}

/** Never on a screen: hashes could be tried elsewhere. */
const hidden = /^staff\.\w*[hH]ash$/;
/** Shown, and changed by other means only: the journal and the key would be lost from sight. */
const fixed = new Set(['terminal.dataFolder', 'key.file', 'api.root']);

/** Every setting of a configuration that is one value, with what it is, its range, default and reason. */
export function listSettings(configuration: Readonly<Record<string, unknown>>): readonly Setting[] {
  const schema = z.toJSONSchema(configurationSchema, { io: 'input', unrepresentable: 'any' }) as Described;
  return Object.entries(schema.properties ?? {}).flatMap(([section, { properties = {}, required = [] }]) =>
    Object.entries(properties).flatMap(([name, described]) => {
      const path = `${section}.${name}`;
      if (hidden.test(path)) return [];
      const stands = (configuration[section] as Readonly<Record<string, unknown>> | undefined)?.[name];
      return settingOf(described, {
        path,
        stands,
        required: required.includes(name) && described.default === undefined,
      });
    }),
  );
}

interface Place {
  readonly path: string;
  /** As it stands in the configuration. */
  readonly stands: unknown;
  readonly required: boolean;
}

function settingOf(described: Described, { path, stands, required }: Place): readonly Setting[] {
  const kind = fixed.has(path) ? 'fixed' : kindOf(described);
  if (kind === undefined) return [];
  const { description = '', reason = '', unit } = described;
  return [
    {
      path,
      kind,
      value: valueOf(stands),
      fallback: valueOf(described.default),
      required,
      description: description.replaceAll('`', ''),
      reason: reason.replaceAll('`', ''),
      ...(unit !== undefined && { unit }),
      ...(kind === 'number' && boundsOf(described)),
      ...(kind === 'choice' && { choices: (described.enum ?? []).map(String) }),
    },
  ];
}

function boundsOf({ minimum, exclusiveMinimum, maximum }: Described): Pick<Setting, 'least' | 'most'> {
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  // zod writes the largest safe number where there is no bound.
  const isBound = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return { ...(least !== undefined && { least }), ...(isBound && { most: maximum }) };
}

function kindOf({ type, enum: choices, items }: Described): Setting['kind'] | undefined {
  if (choices) return 'choice';
  if (type === 'string') return 'text';
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'boolean') return 'switch';
  return type === 'array' && items?.type === 'string' && !items.enum ? 'lines' : undefined;
}

function valueOf(value: unknown): SettingValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  return null;
}
