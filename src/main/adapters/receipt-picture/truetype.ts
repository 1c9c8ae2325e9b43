/**
 * As much of a TrueType font as a PDF needs: which glyph a character has, and a small font of only some glyphs
 * (OpenType 1.9: cmap, glyf, loca, hmtx). No shaping: a receipt is set in cells.
 */
export interface TrueTypeFont {
  readonly unitsPerEm: number;
  /** How far one character is from the next, in units; the font is monospaced. */
  readonly advance: number;
  /** Units above and below the base line. */
  readonly ascent: number;
  readonly descent: number;
  /** Left, bottom, right and top of all glyphs, in units. */
  readonly box: readonly [number, number, number, number];
  /** Undefined for a character that the font does not have. */
  glyphOf(codePoint: number): number | undefined;
  /**
   * A font whose glyph 0 is this one's and whose following glyphs are those given, in that order, each as often as it is
   * given. It has no `cmap`: a PDF names glyphs by number.
   */
  subset(glyphs: readonly number[]): Buffer;
}

type Tables = ReadonlyMap<string, Buffer>;

/** Tables that go into a subset as they are: what the hinting programs of the glyphs need. */
const keptTables = ['cvt ', 'fpgm', 'prep'] as const;

/**
 * Reads a font file.
 * @throws Error when it is no TrueType font: the file comes with the terminal, so that is a damaged installation
 */
export function readTrueType(file: Buffer): TrueTypeFont {
  const tables = readTables(file);
  const [head, hhea, hmtx] = [tableOf(tables, 'head'), tableOf(tables, 'hhea'), tableOf(tables, 'hmtx')];
  const characters = readCharacters(tableOf(tables, 'cmap'));
  const glyphOfSpace = characters.get(0x20) ?? 0;
  const measures = hhea.readUInt16BE(34);
  return {
    unitsPerEm: head.readUInt16BE(18),
    advance: hmtx.readUInt16BE(Math.min(glyphOfSpace, measures - 1) * 4),
    ascent: hhea.readInt16BE(4),
    descent: hhea.readInt16BE(6),
    box: [head.readInt16BE(36), head.readInt16BE(38), head.readInt16BE(40), head.readInt16BE(42)],
    glyphOf: (codePoint) => characters.get(codePoint),
    subset: (glyphs) => writeTables(subsetTables(tables, glyphs)),
  };
}

function readTables(file: Buffer): Tables {
  const count = file.readUInt16BE(4);
  const entries = Array.from({ length: count }, (_, index) => {
    const at = 12 + index * 16;
    const offset = file.readUInt32BE(at + 8);
    const content = file.subarray(offset, offset + file.readUInt32BE(at + 12));
    return [file.toString('latin1', at, at + 4), content] as const;
  });
  return new Map(entries);
}

function tableOf(tables: Tables, name: string): Buffer {
  const table = tables.get(name);
  if (!table) throw new Error(`The font has no table ${name}: install the terminal again.`);
  return table;
}

/** Code point -> glyph, from the Unicode part of format 4 (all that is needed lies in the first 65,536 characters). */
function readCharacters(cmap: Buffer): ReadonlyMap<number, number> {
  const parts = Array.from({ length: cmap.readUInt16BE(2) }, (_, index) => {
    const at = 4 + index * 8;
    const content = cmap.subarray(cmap.readUInt32BE(at + 4));
    return { platform: cmap.readUInt16BE(at), format: content.readUInt16BE(0), content };
  });
  const unicode = parts.find(({ platform, format }) => (platform === 3 || platform === 0) && format === 4);
  if (!unicode) throw new Error('The font has no Unicode characters: install the terminal again.');
  return readSegments(unicode.content);
}

function readSegments(content: Buffer): ReadonlyMap<number, number> {
  const doubled = content.readUInt16BE(6);
  const characters = new Map<number, number>();
  for (let at = 0; at < doubled; at += 2) {
    const last = content.readUInt16BE(14 + at);
    const first = content.readUInt16BE(16 + doubled + at);
    const delta = content.readUInt16BE(16 + 2 * doubled + at);
    const rangeAt = 16 + 3 * doubled + at;
    const range = content.readUInt16BE(rangeAt);
    for (let code = first; code <= last && code < 0xffff; code += 1) {
      const listed = range === 0 ? code : content.readUInt16BE(rangeAt + range + (code - first) * 2);
      const glyph = listed === 0 && range !== 0 ? 0 : (listed + delta) & 0xffff;
      if (glyph !== 0) characters.set(code, glyph);
    }
  }
  return characters;
}

function subsetTables(tables: Tables, wanted: readonly number[]): Tables {
  const { outlines, glyphs } = collectOutlines(tables, [0, ...wanted]);
  const glyphOffsets = [0];
  for (const outline of outlines) glyphOffsets.push((glyphOffsets.at(-1) ?? 0) + outline.length);
  const loca = Buffer.alloc(glyphOffsets.length * 4);
  for (const [index, offset] of glyphOffsets.entries()) loca.writeUInt32BE(offset, index * 4);
  const [head, hhea, maxp] = ['head', 'hhea', 'maxp'].map((name) => Buffer.from(tableOf(tables, name)));
  head?.writeUInt32BE(0, 8); // The checksum of the whole file: readers of PDF do not look at it.
  head?.writeInt16BE(1, 50); // Offsets of four bytes.
  hhea?.writeUInt16BE(glyphs.length, 34);
  maxp?.writeUInt16BE(glyphs.length, 4);
  const kept = keptTables.flatMap((name) => {
    const table = tables.get(name);
    return table ? [[name, table] as const] : [];
  });
  const made = { head, hhea, maxp, loca, hmtx: measuresOf(tables, glyphs), glyf: Buffer.concat(outlines) };
  const entries = [
    ...kept,
    ...Object.entries(made).flatMap(([name, table]) => (table ? [[name, table] as const] : [])),
  ];
  return new Map(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function measuresOf(tables: Tables, glyphs: readonly number[]): Buffer {
  const hmtx = tableOf(tables, 'hmtx');
  const measures = tableOf(tables, 'hhea').readUInt16BE(34);
  const made = Buffer.alloc(glyphs.length * 4);
  for (const [index, glyph] of glyphs.entries()) {
    made.writeUInt16BE(hmtx.readUInt16BE(Math.min(glyph, measures - 1) * 4), index * 4);
    const bearingAt = glyph < measures ? glyph * 4 + 2 : measures * 4 + (glyph - measures) * 2;
    made.writeInt16BE(hmtx.readInt16BE(bearingAt), index * 4 + 2);
  }
  return made;
}

/** The outlines of the wanted glyphs, then of those that they are put together from. */
function collectOutlines(tables: Tables, wanted: readonly number[]): { outlines: Buffer[]; glyphs: number[] } {
  const glyphs = [...wanted];
  const outlines: Buffer[] = [];
  const newNumber = (glyph: number): number => {
    const known = glyphs.indexOf(glyph);
    return known === -1 ? glyphs.push(glyph) - 1 : known;
  };
  // Grows while it is gone through: parts of a glyph are added at the end.
  for (let index = 0; index < glyphs.length; index += 1) {
    const outline = Buffer.from(outlineOf(tables, glyphs[index] ?? 0));
    for (const at of partsOf(outline)) outline.writeUInt16BE(newNumber(outline.readUInt16BE(at)), at);
    outlines.push(Buffer.concat([outline, Buffer.alloc(-outline.length & 3)]));
  }
  return { outlines, glyphs };
}

function outlineOf(tables: Tables, glyph: number): Buffer {
  const [loca, long] = [tableOf(tables, 'loca'), tableOf(tables, 'head').readInt16BE(50) === 1];
  const offset = (index: number): number => (long ? loca.readUInt32BE(index * 4) : loca.readUInt16BE(index * 2) * 2);
  return tableOf(tables, 'glyf').subarray(offset(glyph), offset(glyph + 1));
}

/** Flags of a part of a composite glyph. */
const [longArguments, scaled, more, scaledTwice, matrix] = [0x1, 0x8, 0x20, 0x40, 0x80] as const;

/** Where in an outline the numbers of its parts stand; none in a simple one. */
function partsOf(outline: Buffer): readonly number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return [];
  const places: number[] = [];
  let at = 10;
  for (let flags: number = more; (flags & more) !== 0;) {
    flags = outline.readUInt16BE(at);
    places.push(at + 2);
    at += 4 + ((flags & longArguments) === 0 ? 2 : 4);
    if ((flags & scaled) !== 0) at += 2;
    else if ((flags & scaledTwice) !== 0) at += 4;
    else if ((flags & matrix) !== 0) at += 8;
  }
  return places;
}

function writeTables(tables: Tables): Buffer {
  const power = 2 ** Math.floor(Math.log2(tables.size));
  const directory = Buffer.alloc(12 + tables.size * 16);
  directory.writeUInt32BE(0x00010000, 0);
  for (const [index, value] of [tables.size, power * 16, Math.log2(power), (tables.size - power) * 16].entries()) {
    directory.writeUInt16BE(value, 4 + index * 2);
  }
  const contents: Buffer[] = [];
  let offset = directory.length;
  for (const [index, [name, table]] of [...tables].entries()) {
    const padded = Buffer.concat([table, Buffer.alloc(-table.length & 3)]);
    const at = 12 + index * 16;
    directory.write(name, at, 'latin1');
    directory.writeUInt32BE(checksumOf(padded), at + 4);
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(table.length, at + 12);
    contents.push(padded);
    offset += padded.length;
  }
  return Buffer.concat([directory, ...contents]);
}

function checksumOf(padded: Buffer): number {
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}
