import { expect, test } from 'vitest';
import { createI18n } from 'vue-i18n';
import { snapshotSchema, languages, type Language } from '../../../src/shared/snapshot.ts';
import en from '../../../src/renderer/src/i18n/en.json' with { type: 'json' };
import lt from '../../../src/renderer/src/i18n/lt.json' with { type: 'json' };

type Tree = { readonly [key: string]: string | Tree };

/** Path -> sentence. */
function flat(part: Tree, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(part).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as const] : flat(value, `${path}${key}.`),
  );
}

const sentences: Readonly<Record<Language, readonly (readonly [string, string])[]>> = { en: flat(en), lt: flat(lt) };

/** What people and Paysera write, with every character that means something in a sentence of vue-i18n. */
const value = 'a@b.lt | {x} @:title %{y}';

test.each(languages)('every sentence (%s) says itself, with whatever is filled in left as it is', (language) => {
  const warnings: string[] = [];
  const { global } = createI18n({
    legacy: false,
    locale: language,
    messages: { en, lt },
    missing: (_locale, key) => {
      warnings.push(key);
      return '';
    },
  });
  for (const [path, text] of sentences[language]) {
    const names = [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
    // `@` links to another sentence, `|` parts plural forms, and braces hold names of values only.
    expect([path, text.replace(/\{\w+\}/g, '')]).not.toEqual([path, expect.stringMatching(/[@|{}]/)]);
    const said = global.t(path, Object.fromEntries(names.map((name) => [name, value])));
    expect([path, said]).toEqual([path, text.replace(/\{\w+\}/g, () => value)]);
  }
  expect(warnings).toEqual([]);
});

test.each(languages)(
  'a receipt, a bill, the health and the spot have a word (%s) for each of their states',
  (language) => {
    const staff = snapshotSchema.shape.staff.unwrap().shape;
    const receipt = staff.receipts.element.shape;
    const known = new Set(sentences[language].map(([path]) => path));
    const expected = [
      ...receipt.print.options.map((state) => `staff.print.${state}`),
      ...['wallet', 'cash', 'card'].map((how) => `staff.how.${how}`),
      ...Object.keys(staff.health.shape).map((part) => `staff.health.${part}`),
      ...staff.health.shape.api.shape.status.options.map((state) => `staff.health.${state}`),
      ...staff.spot.shape.status.options.map((state) => `staff.spot.${state}`),
      ...staff.spot.shape.access.options.map((state) => `staff.health.access.${state}`),
    ];
    expect(expected.filter((path) => !known.has(path))).toEqual([]);
  },
);
