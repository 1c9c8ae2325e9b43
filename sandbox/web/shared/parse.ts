/** Readers for what came over the wire: what is missing or of another kind becomes empty, never an exception. */

/** Properties of an object; none for anything else. */
export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function number(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

export function list<Item>(value: unknown, parse: (item: Fields) => Item): readonly Item[] {
  return Array.isArray(value) ? value.map((item) => parse(fields(item))) : [];
}
