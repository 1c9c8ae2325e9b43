import fc from 'fast-check';

/** Values that programs stumble over, besides those that are drawn. */
const traps: readonly unknown[] = [
  null,
  true,
  0,
  -0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  '',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  '../../../etc/passwd',
  '<script>alert(1)</script>',
  '{{constructor.constructor("return 1")()}}',
  'PAID',
  'x'.repeat(5_000),
  [],
  {},
  JSON.parse('{"__proto__":{"polluted":true}}') as unknown,
  Array.from({ length: 200 }, () => []),
  nested(200),
];

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

const drawn = fc.oneof(
  fc.constantFrom(...traps),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** A copy of a message with something else in one of its places. */
function spoilt(message: unknown, [at, value]: readonly [number, unknown]): unknown {
  const places = placesOf(message);
  const place = places[at % places.length] ?? [];
  return replaced(message, place, value);
}

function placesOf(value: unknown, here: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [here];
  return [here, ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, [...here, name]))];
}

function replaced(value: unknown, [first, ...rest]: readonly (string | number)[], instead: unknown): unknown {
  if (first === undefined) return instead;
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  copy[first] = replaced(copy[first], rest, instead);
  return Array.isArray(value) ? Object.values(copy) : copy;
}

/** Messages that are nearly right, and some that are nothing like it. */
export function nearly(sound: readonly unknown[]): fc.Arbitrary<unknown> {
  const changed = fc
    .tuple(fc.constantFrom(...sound), fc.array(fc.tuple(fc.nat(50), drawn), { minLength: 1, maxLength: 3 }))
    .map(([message, changes]) => changes.reduce((now, change) => spoilt(now, change), message));
  return fc.oneof({ weight: 4, arbitrary: changed }, { weight: 1, arbitrary: drawn });
}

/** Texts that are nearly JSON of such messages: cut, doubled, with bytes exchanged. */
export function nearlyText(sound: readonly unknown[]): fc.Arbitrary<string> {
  const cut = fc
    .tuple(nearly(sound), fc.nat(2_000), fc.string({ unit: 'binary', maxLength: 6 }))
    .map(([message, at, more]) => {
      const text = JSON.stringify(message);
      const place = at % (text.length + 1);
      return `${text.slice(0, place)}${more}${at % 3 === 0 ? '' : text.slice(place + more.length)}`;
    });
  return fc.oneof(
    nearly(sound).map((message) => JSON.stringify(message)),
    cut,
  );
}

/** Bytes as a line brings them: noise, and answers that were cut, doubled and flipped. */
export function nearlyBytes(sound: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const noise = fc.uint8Array({ maxLength: 64 });
  const flipped = fc
    .tuple(fc.constantFrom(...sound), fc.nat(200), fc.nat(255), noise)
    .map(([bytes, at, bits, more]) => {
      const copy = Uint8Array.from([...bytes.subarray(0, at % (bytes.length + 1)), ...more.subarray(0, 3), ...bytes]);
      copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ bits;
      return copy;
    });
  return fc.oneof(noise, flipped);
}
