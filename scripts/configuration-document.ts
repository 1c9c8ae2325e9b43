import { z } from 'zod';
import { configurationSchema } from '../src/main/config/schema.ts';

/** What JSON Schema says of one setting, with our own words beside it. */
interface Setting {
  readonly type?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly reason?: string;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Setting[];
  /** Of a list. */
  readonly items?: Setting;
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly required?: readonly string[];
}

/** A whole configuration that the schema takes: for the document, and for the test that parses it. */
export const exampleConfiguration = {
  terminal: { name: 'T1', language: 'lt', timeZone: 'Europe/Vilnius', dataFolder: '/var/lib/spot-terminal' },
  merchant: { lines: ['UAB „Prie tilto“', 'Pilies g. 1, Vilnius', 'PVM LT100001234567'] },
  api: { root: 'https://wallet.paysera.com/rest/v1', macId: 'wkVd93h2uS' },
  key: { file: '/etc/spot-terminal/mac-key' },
  spot: { locationId: 3, identifier: 'TABLE1', place: 'Kavinė „Prie tilto“', name: 'Table 1' },
  payment: { currency: 'EUR' },
  requests: { perHour: 450 },
  printer: { connection: { type: 'tcp', host: '192.168.1.50', port: 9100 }, profile: 'epson' },
  till: { port: 8701 },
  screens: { port: 8700 },
  log: { level: 'info' },
};

function numbersOf({ minimum, maximum, exclusiveMinimum }: Setting): string | undefined {
  if (exclusiveMinimum !== undefined) return `more than ${exclusiveMinimum}`;
  // zod writes the largest safe number where there is no bound.
  const bounded = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return bounded ? `${minimum} to ${maximum}` : undefined;
}

function lengthOf({ minItems, maxItems, minLength, maxLength, pattern }: Setting): string {
  if (maxItems !== undefined) return `${minItems ?? 0} to ${maxItems} lines`;
  if (pattern !== undefined) return `\`${pattern.replaceAll('|', '\\|')}\``;
  return maxLength === undefined ? '' : `${minLength ?? 0} to ${maxLength} characters`;
}

function rangeOf(setting: Setting): string {
  if (setting.enum) return setting.enum.map((choice) => `\`${String(choice)}\``).join(', ');
  return numbersOf(setting) ?? lengthOf(setting);
}

const typeNames: Readonly<Record<string, string>> = {
  integer: 'whole number',
  boolean: '`true` or `false`',
  array: 'list',
};

function typeOf({ type = 'object' }: Setting): string {
  return typeNames[type] ?? type;
}

function defaultOf(setting: Setting, required: boolean): string {
  if (required) return '**required**';
  if (Array.isArray(setting.default) && setting.default.length === 0) return 'empty';
  return setting.default === undefined ? 'none' : `\`${JSON.stringify(setting.default)}\``;
}

function row(name: string, setting: Setting, required: boolean): string {
  const cells = [
    `\`${name}\``,
    setting.description ?? '',
    typeOf(setting),
    setting.unit ?? '',
    rangeOf(setting),
    defaultOf(setting, required),
    setting.reason ?? '',
  ];
  return `| ${cells.join(' | ')} |`;
}

function table({ properties = {}, required = [] }: Setting): string {
  const rows = Object.entries(properties)
    .filter(([, inner]) => inner.const === undefined)
    .map(([name, inner]) => row(name, inner, required.includes(name) && inner.default === undefined));
  const head = [
    '| setting | what it is | type | unit | range | default | why |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  return [...head, ...rows].join('\n');
}

/** What belongs to each of the forms that a setting may take. */
function forms(path: string, { oneOf = [] }: Setting): string[] {
  return oneOf.flatMap((form) => {
    const name = String(form.properties?.['type']?.const);
    const title = `### ${path} of type ${name}`;
    const alone = Object.keys(form.properties ?? {}).length === 1;
    return [title, alone ? `\`{ "type": "${name}" }\`: nothing else belongs to it.` : table(form)];
  });
}

function section(name: string, setting: Setting): string {
  if (setting.items) {
    return [`## ${name}`, `${setting.description ?? ''}.`, ...forms(name, setting.items)].join('\n\n');
  }
  const inner = Object.entries(setting.properties ?? {}).flatMap(([key, each]) => forms(`${name}.${key}`, each));
  return [`## ${name}`, table(setting), ...inner].join('\n\n');
}

/** docs/configuration.md, made from the schema that checks the configuration. */
export function configurationDocument(): string {
  const schema = z.toJSONSchema(configurationSchema, { io: 'input', unrepresentable: 'any' }) as Setting;
  const sections = Object.entries(schema.properties ?? {}).map(([name, setting]) => section(name, setting));
  return [
    '# Configuration',
    '',
    'One JSON file, `config.json`, named with `--config`. It is checked at start: every wrong value is named with what is',
    'allowed, an unknown setting with what may be meant. Relative paths are taken from the folder of the file. Sections of',
    'which every setting has a default may be left out. The MAC key never stands in it: see `key` below.',
    '',
    'This page is made from the schema by `npm run docs`.',
    '',
    '```json',
    JSON.stringify(exampleConfiguration, null, 2),
    '```',
    '',
    sections.join('\n\n'),
    '',
  ].join('\n');
}
