import { strToU8, zipSync } from 'fflate';

/** The largest bundle, bytes: it fits any mail. */
export const largestBundle = 2_000_000;

/** What a bundle is made of. */
export interface BundleParts {
  /** Which terminal, which program, what machine. */
  readonly about: object;
  /** How each part is doing. */
  readonly state: object;
  /** What the doctor says. */
  readonly findings: readonly object[];
  /** The configuration's text as an object, without secrets and without defaults. */
  readonly configuration: unknown;
  /** Lives of the newest bills, newest first: file name (without ending) -> text. */
  readonly lives: Readonly<Record<string, string>>;
  /** Of the log, as it was written, oldest first. */
  readonly logLines: readonly string[];
}

const readMe = `Support bundle of a Spot Terminal

about.json          which terminal, which program, what machine
state.json          how each part is doing, and since when
doctor.json         what the checks say, each with what to do
configuration.json  the settings, without anything secret
bills/              what became of the newest bills, step by step
log.ndjson          the newest lines of the log, one JSON object a line, oldest first

It holds what was sold and for how much. It holds no key, no token and no PIN, nor anything they could be made from.
`;

/**
 * A ZIP file with everything that helps to find a fault, of at most 2,000,000 bytes: where that is not enough the older
 * half of the log is left out, again and again, and then the bills.
 */
export function makeBundle(parts: BundleParts, largest = largestBundle): Uint8Array {
  let { logLines: lines, lives } = parts;
  for (;;) {
    const bundle = zipSync(filesOf({ ...parts, logLines: lines, lives }), { level: 9 });
    if (bundle.length <= largest || (lines.length === 0 && Object.keys(lives).length === 0)) return bundle;
    if (lines.length > 0) lines = lines.slice(Math.ceil(lines.length / 2));
    else lives = {};
  }
}

function filesOf({ about, state, findings, configuration, lives, logLines }: BundleParts): Record<string, Uint8Array> {
  const json = (value: unknown) => strToU8(`${JSON.stringify(value, null, 2)}\n`);
  return {
    'README.txt': strToU8(readMe),
    'about.json': json(about),
    'state.json': json(state),
    'doctor.json': json(findings),
    'configuration.json': json(configuration),
    ...Object.fromEntries(Object.entries(lives).map(([name, text]) => [`bills/${name}.txt`, strToU8(text)])),
    'log.ndjson': strToU8(logLines.map((line) => `${line.trimEnd()}\n`).join('')),
  };
}

const hidden = '[hidden]';
/** Last words of names whose values could open something: hashes of PINs can be tried out. */
const secretName = /(?:hash|token|secret|password|passphrase|pin|macKey)$/i;

/** The same configuration without what is secret: hashes of PINs, passwords in addresses, all but the end of the MAC id. */
export function withoutSecrets(value: unknown, name = ''): unknown {
  if (value === null || value === undefined) return value;
  if (secretName.test(name)) return hidden;
  if (Array.isArray(value)) return value.map((each: unknown) => withoutSecrets(each, name));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutSecrets(each, key)]));
  }
  if (typeof value !== 'string') return value;
  if (name === 'macId') return `…${value.slice(-4)}`;
  return value.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/i, `$1${hidden}@`);
}
