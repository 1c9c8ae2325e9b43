import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { paper } from './paper.ts';
import { PdfFile, pdfText, type Reference } from './pdf-file.ts';
import { PdfLetters } from './pdf-font.ts';
import type { Placed, PlacedPaper } from './place.ts';
import type { TrueTypeFont } from './truetype.ts';

const pack = promisify(deflate);

/** 8 dots to the millimetre, 72 points to the inch. */
const pointsPerDot = 72 / 25.4 / 8;

/** PDF readers need not show a page that is higher (ISO 32000-1, annex C); in dots. */
const highestPage = Math.floor(14_400 / pointsPerDot);

/** From a cell's top to the line on which letters stand, in parts of its height: as in the drawn letters. */
const baseLine = 19 / 24;

export interface PdfOptions {
  readonly font: TrueTypeFont;
  readonly title: string;
  /** BCP 47. */
  readonly language: string;
}

/**
 * A paper as a PDF file: one page of its size, its texts selectable in an embedded font, its QR code as squares. A paper too
 * long for one page is cut between lines.
 */
export async function writePdf(sheet: PlacedPaper, { font, title, language }: PdfOptions): Promise<Buffer> {
  const file = new PdfFile();
  const letters = new PdfLetters(font);
  const size = paper.cellWidth / (font.advance / font.unitsPerEm);
  const pages = file.reserve();
  const resources = file.reserve();
  const made: Reference[] = [];
  for (const page of cutPages(sheet)) {
    const drawn = page.things.map((thing) => drawingOf(thing, { letters, size, height: page.height }));
    const text = `${pointsPerDot.toFixed(6)} 0 0 ${pointsPerDot.toFixed(6)} 0 0 cm\n${drawn.join('')}`;
    const content = file.addStream(await pack(Buffer.from(text, 'latin1')), { deflated: true });
    const box = `[0 0 ${points(page.width)} ${points(page.height)}]`;
    made.push(
      file.add(`<< /Type /Page /Parent ${pages} /MediaBox ${box} /Resources ${resources} /Contents ${content} >>`),
    );
  }
  file.set(pages, `<< /Type /Pages /Count ${made.length} /Kids [${made.join(' ')}] >>`);
  file.set(resources, `<< /Font << /F ${await letters.embed(file)} >> >>`);
  const view = '/ViewerPreferences << /DisplayDocTitle true /PrintScaling /None >>';
  const root = file.add(`<< /Type /Catalog /Pages ${pages} /Lang (${language}) ${view} >>`);
  return file.bytes({ root, info: file.add(`<< /Title ${pdfText(title)} >>`) });
}

function points(dots: number): string {
  return (dots * pointsPerDot).toFixed(3);
}

/** One page, or as many as a very long paper needs. */
function cutPages(sheet: PlacedPaper): readonly PlacedPaper[] {
  if (sheet.height <= highestPage) return [sheet];
  const pages: Placed[][] = [];
  const room = highestPage - paper.topMargin - paper.bottomMargin;
  let [cutAt, shift] = [-Infinity, 0];
  for (const thing of sheet.things) {
    if (pages.length === 0 || thing.top + heightOf(thing) > cutAt + room) {
      cutAt = thing.top;
      shift = thing.top - paper.topMargin;
      pages.push([]);
    }
    pages.at(-1)?.push({ ...thing, top: thing.top - shift });
  }
  return pages.map((things) => {
    const ends = things.map((thing) => thing.top + heightOf(thing));
    return { width: sheet.width, height: Math.max(0, ...ends) + paper.bottomMargin, things };
  });
}

function heightOf(thing: Placed): number {
  return thing.type === 'qr' ? thing.code.size * paper.moduleDots : thing.line.height * paper.cellHeight;
}

interface Drawing {
  readonly letters: PdfLetters;
  /** Of plain letters, in dots. */
  readonly size: number;
  /** Of the page, in dots: PDF counts from the bottom. */
  readonly height: number;
}

function drawingOf(thing: Placed, { letters, size, height }: Drawing): string {
  if (thing.type === 'qr') {
    const { moduleDots } = paper;
    const squares = thing.code.ink.map(({ row, column, length }) => {
      const bottom = height - thing.top - (row + 1) * moduleDots;
      return `${thing.left + column * moduleDots} ${bottom} ${length * moduleDots} ${moduleDots} re\n`;
    });
    // Filled at once: squares side by side show no seams then.
    return `${squares.join('')}f\n`;
  }
  const { line, left, top } = thing;
  const base = height - top - line.height * paper.cellHeight * baseLine;
  const scale = `${(size * line.height).toFixed(3)} Tf ${(100 * line.width) / line.height} Tz`;
  // Bold is drawn once more around its edges, as a print head does it with every dot.
  const weight = line.bold ? '2 Tr 0.9 w' : '0 Tr';
  return `BT /F ${scale} ${weight} ${left} ${base.toFixed(3)} Td ${letters.encode(line.text)} Tj ET\n`;
}
