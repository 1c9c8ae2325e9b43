import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { utf16, type PdfFile, type Reference } from './pdf-file.ts';
import type { TrueTypeFont } from './truetype.ts';

const pack = promisify(deflate);

/** The name of the font in the file; six letters and a plus say that it holds only some of its glyphs. */
const fontName = 'SPOTRC+DejaVuSansMono';

/** The most pairs that one part of a character map may hold (Adobe technical note 5411). */
const mostPairs = 100;

/** The characters of one file: each gets a number of its own, in which texts are written. */
export class PdfLetters {
  readonly #font: TrueTypeFont;
  readonly #numbers = new Map<string, number>();

  constructor(font: TrueTypeFont) {
    this.#font = font;
  }

  /** A text as a PDF string of this font. */
  encode(text: string): string {
    return `<${Array.from(text, (character) => this.#numberOf(character))
      .map(hex)
      .join('')}>`;
  }

  /** Adds the font to the file, with the glyphs of what was encoded and the way back from them to characters. */
  async embed(file: PdfFile): Promise<Reference> {
    const program = await this.#program(file);
    const descriptor = file.add(this.#descriptor(program));
    const width = Math.round(this.#perMille(this.#font.advance));
    const descendant = file.add(
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont /${fontName} /FontDescriptor ${descriptor} /DW ${width} ` +
        '/CIDToGIDMap /Identity /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>',
    );
    const characters = file.addStream(await pack(Buffer.from(this.#characterMap(), 'latin1')), { deflated: true });
    return file.add(
      `<< /Type /Font /Subtype /Type0 /BaseFont /${fontName} /Encoding /Identity-H ` +
        `/DescendantFonts [${descendant}] /ToUnicode ${characters} >>`,
    );
  }

  /** From 1; 0 is the glyph for nothing. A character that the font lacks has its own number too, so that it is copied right. */
  #numberOf(character: string): number {
    const known = this.#numbers.get(character);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(character, number);
    return number;
  }

  async #program(file: PdfFile): Promise<Reference> {
    const missing = this.#font.glyphOf(0xfffd) ?? 0;
    const glyphs = [...this.#numbers.keys()].map((each) => this.#font.glyphOf(each.codePointAt(0) ?? 0) ?? missing);
    const program = this.#font.subset(glyphs);
    return file.addStream(await pack(program), { deflated: true, entries: `/Length1 ${program.length} ` });
  }

  #descriptor(program: Reference): string {
    const box = this.#font.box.map((value) => Math.round(this.#perMille(value))).join(' ');
    const [ascent, descent] = [this.#font.ascent, this.#font.descent].map((value) => Math.round(this.#perMille(value)));
    // Flags: of one width, and with characters beyond the standard Latin ones.
    return (
      `<< /Type /FontDescriptor /FontName /${fontName} /Flags 5 /FontBBox [${box}] /ItalicAngle 0 ` +
      `/Ascent ${ascent ?? 0} /Descent ${descent ?? 0} /CapHeight 729 /StemV 80 /FontFile2 ${program} >>`
    );
  }

  #perMille(units: number): number {
    return (units * 1000) / this.#font.unitsPerEm;
  }

  #characterMap(): string {
    const pairs = [...this.#numbers].map(([character, number]) => `<${hex(number)}> <${utf16(character)}>`);
    const parts = Array.from({ length: Math.ceil(pairs.length / mostPairs) }, (_, index) => {
      const part = pairs.slice(index * mostPairs, (index + 1) * mostPairs);
      return `${part.length} beginbfchar\n${part.join('\n')}\nendbfchar\n`;
    });
    return (
      '/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n' +
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n' +
      '/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n' +
      `${parts.join('')}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n`
    );
  }
}

function hex(number: number): string {
  return number.toString(16).toUpperCase().padStart(4, '0');
}
