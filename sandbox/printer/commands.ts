/**
 * The grammar of ESC/POS: which bytes make one command, and how long it is. Opcodes and lengths from Epson's command
 * reference; a command is measured by its length fields, never by guessing where the next one might begin.
 */

/** Bytes that lead a command of several bytes. */
export const LEAD = { DLE: 0x10, ESC: 0x1b, FS: 0x1c, GS: 0x1d } as const;

/** The whole length of a command; undefined while more bytes are needed to know it. */
type Measure = (bytes: Uint8Array) => number | undefined;

interface Rule {
  readonly name: string;
  /** Bytes before the parameters. */
  readonly opcode: number;
  readonly measure: Measure;
}

const word = (bytes: Uint8Array, at: number): number | undefined => {
  const [low, high] = [bytes[at], bytes[at + 1]];
  return low === undefined || high === undefined ? undefined : low + 256 * high;
};

const counted =
  (header: number, count: (bytes: Uint8Array) => number | undefined): Measure =>
  (bytes) => {
    const more = bytes.length < header ? undefined : count(bytes);
    return more === undefined ? undefined : header + more;
  };

const untilNul =
  (from: number): Measure =>
  (bytes) => {
    const end = bytes.indexOf(0, from);
    return end < 0 ? undefined : end + 1;
  };

const rasterLength = counted(8, (bytes) => {
  const [columns, rows] = [word(bytes, 4), word(bytes, 6)];
  return columns === undefined || rows === undefined ? undefined : columns * rows;
});

const bitImageLength = counted(5, (bytes) => {
  const columns = word(bytes, 3);
  const bytesPerColumn = (bytes[2] ?? 0) >= 32 ? 3 : 1;
  return columns === undefined ? undefined : columns * bytesPerColumn;
});

/** `GS k`: the first seven kinds end with NUL, the others carry their length. */
const barcodeLength: Measure = (bytes) => {
  const kind = bytes[2];
  if (kind === undefined) return undefined;
  return kind <= 6 ? untilNul(3)(bytes) : counted(4, (head) => head[3])(bytes);
};

const CUTS_WITH_FEED: readonly number[] = [65, 66, 97, 98, 103, 104];

const cutLength: Measure = (bytes) => {
  const kind = bytes[2];
  return kind === undefined ? undefined : CUTS_WITH_FEED.includes(kind) ? 4 : 3;
};

const statusLength: Measure = (bytes) => {
  const kind = bytes[2];
  return kind === undefined ? undefined : [7, 8, 18].includes(kind) ? 4 : 3;
};

const REALTIME_LENGTHS: ReadonlyMap<number, number> = new Map([
  [1, 5],
  [2, 5],
  [3, 5],
  [7, 4],
  [8, 10],
]);

const realtimeLength: Measure = (bytes) => {
  const kind = bytes[2];
  return kind === undefined ? undefined : (REALTIME_LENGTHS.get(kind) ?? 3);
};

/** `ESC &` y c1 c2, then for each character its width and width × y bytes. */
const userCharactersLength: Measure = (bytes) => {
  const [height, first, last] = [bytes[2], bytes[3], bytes[4]];
  if (height === undefined || first === undefined || last === undefined) return undefined;
  let length = 5;
  for (let character = first; character <= last; character += 1) {
    const width = bytes[length];
    if (width === undefined) return undefined;
    length += 1 + width * height;
  }
  return length;
};

const parenthesisLength = counted(5, (bytes) => word(bytes, 3));

/** Commands of a fixed length: name, and how many bytes of parameters follow the two of the opcode. */
const FIXED: Readonly<Record<string, readonly [lead: number, parameters: number, opcodes: string]>> = {
  ESC0: [LEAD.ESC, 0, '2<@LSimv\f'],
  ESC1: [LEAD.ESC, 1, ' !%-3=?EGJKMRTUVadertu{'],
  ESC2: [LEAD.ESC, 2, '$\\B'],
  ESC3: [LEAD.ESC, 3, 'p'],
  ESC8: [LEAD.ESC, 8, 'W'],
  FS0: [LEAD.FS, 0, '&.'],
  FS1: [LEAD.FS, 1, '!-CW'],
  FS2: [LEAD.FS, 2, 'Sp'],
  GS0: [LEAD.GS, 0, ':c'],
  GS1: [LEAD.GS, 1, '!/BEHITabfhrw|'],
  GS2: [LEAD.GS, 2, '$LPW\\'],
  GS3: [LEAD.GS, 3, '^'],
};

const MEASURED: readonly (readonly [lead: number, code: string, opcode: number, measure: Measure])[] = [
  [LEAD.ESC, '&', 2, userCharactersLength],
  [LEAD.ESC, '*', 2, bitImageLength],
  [LEAD.ESC, 'D', 2, untilNul(2)],
  [LEAD.ESC, 'c', 3, () => 4],
  [LEAD.ESC, '(', 3, parenthesisLength],
  [LEAD.FS, '(', 3, parenthesisLength],
  [LEAD.GS, '(', 3, parenthesisLength],
  [LEAD.GS, '*', 2, counted(4, (bytes) => (bytes[2] ?? 0) * (bytes[3] ?? 0) * 8)],
  [LEAD.GS, 'V', 2, cutLength],
  [LEAD.GS, 'g', 3, () => 6],
  [LEAD.GS, 'k', 2, barcodeLength],
  [LEAD.GS, 'v', 3, rasterLength],
  [LEAD.GS, 'z', 3, () => 5],
];

const LEAD_NAMES: ReadonlyMap<number, string> = new Map([
  [LEAD.DLE, 'DLE'],
  [LEAD.ESC, 'ESC'],
  [LEAD.FS, 'FS'],
  [LEAD.GS, 'GS'],
]);

const keyOf = (lead: number, code: number): number => lead * 256 + code;

const nameOf = (lead: number, code: string): string =>
  `${LEAD_NAMES.get(lead) ?? ''} ${code === ' ' ? 'SP' : code === '\f' ? 'FF' : code}`;

function buildRules(): ReadonlyMap<number, Rule> {
  const rules = new Map<number, Rule>();
  for (const [lead, parameters, opcodes] of Object.values(FIXED)) {
    for (const code of opcodes) {
      rules.set(keyOf(lead, code.charCodeAt(0)), {
        name: nameOf(lead, code),
        opcode: 2,
        measure: () => 2 + parameters,
      });
    }
  }
  for (const [lead, code, opcode, measure] of MEASURED) {
    rules.set(keyOf(lead, code.charCodeAt(0)), { name: nameOf(lead, code), opcode, measure });
  }
  rules.set(keyOf(LEAD.DLE, 0x04), { name: 'DLE EOT', opcode: 2, measure: statusLength });
  rules.set(keyOf(LEAD.DLE, 0x05), { name: 'DLE ENQ', opcode: 2, measure: () => 3 });
  rules.set(keyOf(LEAD.DLE, 0x14), { name: 'DLE DC4', opcode: 2, measure: realtimeLength });
  return rules;
}

const RULES = buildRules();

/** The rule for a command that begins with those two bytes; undefined when Epson's reference names none. */
export function ruleFor(lead: number, code: number): Rule | undefined {
  return RULES.get(keyOf(lead, code));
}

/** Commands of one byte. */
export const SINGLE_BYTES: ReadonlyMap<number, string> = new Map([
  [0x09, 'HT'],
  [0x0a, 'LF'],
  [0x0c, 'FF'],
  [0x0d, 'CR'],
  [0x18, 'CAN'],
]);
