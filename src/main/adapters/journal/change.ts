/**
 * What a decision made of the state, as plain data: small, because of one decision little changes, and independent of
 * the program that decided, so that a journal of ten years ago still gives its state (docs/decisions/0005).
 *
 * `[]` takes a key away, `[value]` puts a value in its place, an object goes on inside.
 */
export type Change = readonly [] | readonly [unknown] | { readonly [key: string]: Change };

type Plain = Readonly<Record<string, unknown>>;

/** The change that leads from one value to another; undefined when they are equal as JSON. */
export function difference(before: unknown, after: unknown): Change | undefined {
  if (before === after) return undefined;
  if (after === undefined) return [];
  if (isPlain(before) && isPlain(after)) return differenceInside(before, after);
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? undefined : [after];
}

function differenceInside(before: Plain, after: Plain): Change | undefined {
  const parts: [string, Change][] = [];
  for (const key of Object.keys(after)) {
    const change = difference(before[key], after[key]);
    if (change) parts.push([key, change]);
  }
  for (const key of Object.keys(before)) {
    if (before[key] !== undefined && !(key in after)) parts.push([key, []]);
  }
  return parts.length === 0 ? undefined : Object.fromEntries(parts);
}

/** The value after a change; undefined when the change takes it away. What is given stays as it was. */
export function applied(value: unknown, change: Change): unknown {
  if (isList(change)) return change[0];
  const result: Record<string, unknown> = isPlain(value) ? { ...value } : {};
  for (const [key, inside] of Object.entries(change)) {
    const next = applied(result[key], inside);
    if (next === undefined) Reflect.deleteProperty(result, key);
    else result[key] = next;
  }
  return result;
}

function isList(change: Change): change is readonly [] | readonly [unknown] {
  return Array.isArray(change);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
