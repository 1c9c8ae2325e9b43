/**
 * Every European name on every printer: 1,000 names in the 24 languages of the European Union and in Ukrainian, printed on
 * the virtual printer with each profile's code pages. What its paper says is compared with what was meant; pictures of letters are
 * read dot by dot against its own font. Python's codecs read the captured bytes a second time.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encode } from '../../../../src/main/adapters/printer/encode.ts';
import { layOut } from '../../../../src/main/adapters/printer/layout.ts';
import { loadProfile, type Profile } from '../../../../src/main/adapters/printer/profile.ts';
import { loadCodePages, makerOfProfile } from '../../../../sandbox/printer/code-pages.ts';
import { loadFonts } from '../../../../sandbox/printer/font.ts';
import { createPaper } from '../../../../sandbox/printer/paper.ts';
import { createParser } from '../../../../sandbox/printer/parser.ts';
import { createReader } from '../../../../sandbox/printer/reading.ts';
import type { Command } from '../../../../sandbox/printer/types.ts';
import { documentOf, styleFor, text } from './profiles.ts';

const languages = [
  ...['bg', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fi', 'fr', 'ga', 'hr', 'hu'],
  ...['it', 'lt', 'lv', 'mt', 'nl', 'pl', 'pt', 'ro', 'sk', 'sl', 'sv', 'uk'],
];
/** Their names differ most from language to language, and hold nearly all of their letters. */
const regions = [
  ...[
    'AT',
    'BE',
    'BG',
    'CH',
    'CI',
    'CY',
    'CZ',
    'DE',
    'DK',
    'EE',
    'ES',
    'FI',
    'FO',
    'FR',
    'GB',
    'GR',
    'HR',
    'HU',
    'IE',
    'IS',
  ],
  ...[
    'IT',
    'LT',
    'LU',
    'LV',
    'MD',
    'MK',
    'MT',
    'NL',
    'NO',
    'PL',
    'PT',
    'RO',
    'RS',
    'SE',
    'SI',
    'SK',
    'TR',
    'UA',
    'VA',
    'ZA',
  ],
];

/** As they stand on paper: spaces are plain. */
const names = languages.flatMap((language) => {
  const of = new Intl.DisplayNames([language], { type: 'region' });
  return regions.map((region) => (of.of(region) ?? '').normalize('NFC').replaceAll(/\p{Z}/gu, ' '));
});
/** What the names may lack. */
const alphabets = [
  'ĄąČčĘęĖėĮįŠšŲųŪūŽž ĀāĒēĢģĪīĶķĻļŅņŌōŖŗ ÄäÖöÕõÜüß ÅåÆæØø',
  'ĆćŁłŃńÓóŚśŹźŻż ÁáĎďÉéĚěÍíŇňŘřŤťÚúŮůÝý ĹĺĽľŔŕÔô ŐőŰű ĐđŠš',
  'ĂăÂâÎîȘșȚț ĊċĠġĦħ ÀàÇçÈèÊêËëÏïÔôŒœÙùÛûŸÿ ÃãÑñ¿¡ ĲĳÏï',
  'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ αβγδεζηθικλμνξοπρσςτυφχψω',
  'ΆΈΉΊΌΎΏάέήίόύώΪΫϊϋΐΰ',
  'АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯЪЫЭЁ',
  'абвгґдеєжзиіїйклмнопрстуфхцчшщьюяъыэё',
  '„Žąsis“ – «Kava» ‘a’ … 12,50 € № 7',
];

const fonts = loadFonts();
const reader = createReader(fonts);
/** Letters that look the same are one: nobody can tell a Greek Alpha's picture from an A. */
const looks = (line: string): string =>
  Array.from(line, (letter) => (fonts.has(letter) ? (reader.letter(fonts.glyph('A', letter)) ?? letter) : letter)).join(
    '',
  );

interface Printed {
  readonly text: string;
  readonly problems: readonly string[];
  readonly commands: readonly Command[];
}

function print(lines: readonly string[], profile: Profile, maker: string): Printed {
  const problems: string[] = [];
  const report = (sentence: string) => problems.push(sentence);
  const paper = createPaper({ fonts, reader, codePages: loadCodePages(maker), report });
  const blocks = lines.flatMap((line) => [text(line), text(line, { weight: 'bold' })]);
  const bytes = encode(layOut(documentOf(...blocks, { type: 'feed', lines: 5 }), styleFor(profile), { kind: 'bytes' }));
  const commands = createParser().push(bytes);
  const sheets = commands.flatMap((command) => paper.apply(command).sheet ?? []);
  // What has no cutter is torn off.
  const sheet =
    sheets[0] ?? paper.apply({ name: 'GS V', at: 0, bytes: Buffer.of(), parameters: Buffer.of(66, 0) }).sheet;
  return { text: sheet?.text ?? '', problems, commands };
}

const profiles = readdirSync(new URL('../../../../resources/printers', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length));

/** The names in lines that every paper has room for. */
const lines = [...names, ...alphabets]
  .flatMap((name) => name.match(/.{1,30}(?: |$)|.{1,31}/gu) ?? [])
  .map((line) => line.trim());

describe.each(profiles)('the printers of the profile %s', (name) => {
  const profile = loadProfile(name);
  const maker = makerOfProfile(name);
  const printed = print(lines, profile, maker);

  it('print a thousand names of Europe as they are written, plain and bold', () => {
    expect(names).toHaveLength(1000);
    expect(printed.problems).toEqual([]);
    expect(looks(printed.text).split('\n')).toEqual(lines.flatMap((line) => [looks(line), looks(line)]));
    expect(printed.text).not.toContain('?');
  });

  it('are read the same by Python', () => {
    expect(readByPython(printed.commands, maker)).toEqual(readByUs(printed.commands, maker));
  });
});

/** Stretches of text with the page that they are on. */
function stretches(commands: readonly Command[], maker: string): readonly { page: string; bytes: Buffer }[] {
  const pages = loadCodePages(maker);
  let page = 'cp437';
  return commands.flatMap((command) => {
    if (command.name === 'ESC t') page = pages.get(command.parameters[0] ?? 0)?.name ?? 'none';
    return command.name === 'text' ? [{ page, bytes: Buffer.from(command.bytes) }] : [];
  });
}

function readByPython(commands: readonly Command[], maker: string): readonly string[] {
  const input = stretches(commands, maker).map(({ page, bytes }) => [page, bytes.toString('hex')]);
  const program = 'import json,sys\nprint(json.dumps([bytes.fromhex(b).decode(p) for p, b in json.load(sys.stdin)]))';
  const output = execFileSync('/usr/bin/python3', ['-c', program], { input: JSON.stringify(input), encoding: 'utf8' });
  return JSON.parse(output) as string[];
}

function readByUs(commands: readonly Command[], maker: string): readonly string[] {
  const pages = [...loadCodePages(maker).values()];
  return stretches(commands, maker).map(({ page, bytes }) => {
    const reading = pages.find(({ name }) => name === page);
    return [...bytes].map((byte) => reading?.decode(byte) ?? '\ufffd').join('');
  });
}
