import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** A configuration, or what differs in one. */
export type Settings = Readonly<Record<string, unknown>>;

/** One terminal to be set up. */
export interface Wanted {
  /** Of the file, and in its label. */
  readonly name: string;
  readonly configuration: Settings;
}

/** A list cannot be used; the message says which line and why. */
export class ListError extends Error {}

const rowsSchema = z.array(z.record(z.string(), z.string()));
/** Columns whose values are numbers in the configuration. */
const numbers = /(?:Id|port|Ms|Seconds|Percent|baudRate)$/;

/**
 * The terminals of a list: its first line names settings by their paths (`terminal.name,spot.locationId,spot.identifier`), each line
 * has what differs from the template. An empty cell leaves the template's.
 * @throws ListError
 */
export function terminalsOf(csv: string, template: Settings): readonly Wanted[] {
  let rows;
  try {
    rows = rowsSchema.parse(parse(csv, { columns: true, skip_empty_lines: true, trim: true, bom: true }));
  } catch (error) {
    throw new ListError(`The list cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (rows.length === 0)
    throw new ListError('The list has no terminals: its first line names settings, each other line is one.');
  const terminals = rows.map((row, index) => terminalOf(row, template, index + 2));
  const names = terminals.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new ListError(`Two terminals of the list are called ${twice}. Give each a name of its own.`);
  return terminals;
}

function terminalOf(row: Readonly<Record<string, string>>, template: Settings, line: number): Wanted {
  let configuration = template;
  for (const [path, text] of Object.entries(row)) {
    if (text !== '') configuration = withSetting(configuration, path.split('.'), valueOf(path, text));
  }
  return { name: nameOf(configuration, `line ${line} of the list`), configuration };
}

/** The name of the terminal that a configuration is for. @throws ListError when it has none that can be a file's */
export function nameOf(configuration: Settings, where: string): string {
  const parsed = z
    .looseObject({ terminal: z.looseObject({ name: z.string().regex(/^[\w .-]{1,60}$/) }) })
    .safeParse(configuration);
  if (!parsed.success) {
    throw new ListError(
      `In ${where} terminal.name is missing, or has other signs than letters, digits, spaces, dots and dashes.`,
    );
  }
  return parsed.data.terminal.name;
}

function valueOf(path: string, text: string): unknown {
  if (numbers.test(path) && /^-?\d+$/.test(text)) return Number(text);
  return text === 'true' ? true : text === 'false' ? false : text;
}

function withSetting(settings: Settings, [first = '', ...rest]: readonly string[], value: unknown): Settings {
  if (rest.length === 0) return { ...settings, [first]: value };
  const inner = settings[first];
  const section = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Settings) : {};
  return { ...settings, [first]: withSetting(section, rest, value) };
}
