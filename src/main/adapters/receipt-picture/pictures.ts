import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReceiptForm } from '../../../shared/contract.ts';
import type { ReceiptDocument } from '../../core/receipt/document.ts';
import { paperLines, type PaperLine } from '../../core/receipt/lines.ts';
import { ReceiptSaveError, type ReceiptPictures } from '../../ports/receipt-pictures.ts';
import { loadLetters, type Letters } from '../letters/letters.ts';
import { fit } from '../letters/fit.ts';
import { writePdf } from './pdf.ts';
import { place } from './place.ts';
import { drawPng } from './png.ts';
import { lettersFolder } from '../letters/resources.ts';
import { writeText } from './text.ts';
import { readTrueType, type TrueTypeFont } from './truetype.ts';

export interface ReceiptPictureOptions {
  /** Characters in one line: those of the printer, where there is one. */
  readonly columns: number;
  /** Where receipts are saved; made when the first one is. */
  readonly folder: string;
}

/** Makes files of receipt documents. The fonts are read when they are first needed, and kept. */
export function createReceiptPictures(options: ReceiptPictureOptions): ReceiptPictures & ReceiptFiles {
  return new Pictures(options);
}

/** Receipts as the contents of files. */
export interface ReceiptFiles {
  /** The content of a file of that form: `txt` is UTF-8. */
  write(document: ReceiptDocument, form: ReceiptForm): Promise<Uint8Array>;
}

class Pictures implements ReceiptPictures, ReceiptFiles {
  readonly #options: ReceiptPictureOptions;
  #cells: Letters | undefined;
  #font: Promise<TrueTypeFont> | undefined;

  constructor(options: ReceiptPictureOptions) {
    this.#options = options;
  }

  draw(document: ReceiptDocument): Promise<Uint8Array> {
    return this.write(document, 'png');
  }

  async write(document: ReceiptDocument, form: ReceiptForm): Promise<Uint8Array> {
    const { columns } = this.#options;
    const cells = (this.#cells ??= loadLetters());
    const lines = paperLines(document, columns, (text) => fit(text, cells.has));
    if (form === 'txt') return Buffer.from(writeText(lines, columns), 'utf8');
    if (form === 'png') return drawPng(place(lines, columns), cells);
    const title = titleOf(document, lines);
    return writePdf(place(lines, columns), { font: await this.#trueType(), title, language: document.language });
  }

  async save(document: ReceiptDocument, form: ReceiptForm): Promise<string> {
    const { folder } = this.#options;
    const path = join(folder, `receipt-${String(document.receiptNumber).padStart(6, '0')}.${form}`);
    const content = await this.write(document, form);
    try {
      await mkdir(folder, { recursive: true, mode: 0o750 });
      await replaceFile(path, content);
    } catch (error) {
      const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      const remedy = 'check that the folder can be written to and that its disk is not full';
      throw new ReceiptSaveError(`The receipt could not be written to ${folder} (${reason}): ${remedy}.`, error);
    }
    return path;
  }

  #trueType(): Promise<TrueTypeFont> {
    this.#font ??= readFile(join(lettersFolder(), 'DejaVuSansMono.ttf')).then(readTrueType);
    return this.#font;
  }
}

/** What a window shows that has the receipt open: the first line on it, and its number. */
function titleOf({ receiptNumber }: ReceiptDocument, lines: readonly PaperLine[]): string {
  const first = lines.find((line) => line.type === 'text');
  return `${first?.text.trim() ?? ''} ${receiptNumber}`.trim();
}

/** The file is there whole or not at all, also when the machine stops in between. */
async function replaceFile(path: string, content: Uint8Array): Promise<void> {
  const besides = `${path}.${randomBytes(6).toString('hex')}.part`;
  try {
    const file = await open(besides, 'wx', 0o640);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(besides, path);
  } catch (error) {
    await rm(besides, { force: true });
    throw error;
  }
}
