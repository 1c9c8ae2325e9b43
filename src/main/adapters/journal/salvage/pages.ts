/**
 * Reads rows out of the pages of a SQLite file and its write-ahead log without SQLite, which gives up a whole table when
 * one page above it is damaged. Rows are looked for on every leaf page there is, also on those that are free again; what
 * they say is believed only when their own hash proves it (gather.ts). https://sqlite.org/fileformat2.html
 */

export type Value = number | bigint | string | Buffer | null;

export interface Row {
  readonly rowid: number;
  readonly values: readonly Value[];
}

/** Every journal is made with pages of this size, in bytes. */
const pageBytes = 4096;
const walHeaderBytes = 32;
const frameHeaderBytes = 24;
const tableLeaf = 0x0d;

/** All pages that the two files hold, damaged ones too: those of the log stand for later writings of the same page. */
export class Pages {
  /** Every image of a page, with its number; the same number may come more than once. */
  readonly images: readonly { readonly number: number; readonly page: Buffer }[];
  readonly #newest = new Map<number, Buffer>();
  readonly #inFile = new Map<number, Buffer>();

  constructor(file: Buffer, log: Buffer) {
    const images: { number: number; page: Buffer }[] = [];
    for (let start = 0; start < file.length; start += pageBytes) {
      const page = whole(file.subarray(start, start + pageBytes));
      const number = start / pageBytes + 1;
      this.#inFile.set(number, page);
      images.push({ number, page });
    }
    for (let start = walHeaderBytes; start + frameHeaderBytes < log.length; start += frameHeaderBytes + pageBytes) {
      const number = log.readUInt32BE(start);
      const page = whole(log.subarray(start + frameHeaderBytes, start + frameHeaderBytes + pageBytes));
      this.#newest.set(number, page);
      images.push({ number, page });
    }
    this.images = images;
  }

  /** A page by its number, as written last, and as the file alone has it. */
  named(number: number): readonly Buffer[] {
    return [this.#newest.get(number), this.#inFile.get(number)].filter((page) => page !== undefined);
  }
}

/** A page that was cut off is read as far as it goes. */
function whole(page: Buffer): Buffer {
  return page.length === pageBytes ? page : Buffer.concat([page, Buffer.alloc(pageBytes - page.length)]);
}

/** Every row on every leaf page of a table. What is damaged beyond reading is left out. */
export function* rowsOf(pages: Pages): Generator<Row> {
  for (const { number, page } of pages.images) {
    const start = number === 1 ? 100 : 0;
    if (page[start] !== tableLeaf) continue;
    const cells = page.readUInt16BE(start + 3);
    for (let cell = 0; cell < cells; cell += 1) {
      const pointer = start + 8 + cell * 2;
      if (pointer + 2 > pageBytes) break;
      yield* rowsAt(pages, page, page.readUInt16BE(pointer));
    }
  }
}

function* rowsAt(pages: Pages, page: Buffer, offset: number): Generator<Row> {
  for (const source of overflowSources) {
    try {
      const row = rowAt(page, offset, (number) => source(pages, number));
      if (row) yield row;
      if (row?.inPage !== false) return;
    } catch (error) {
      // A number that points outside of the page: no row can be read here.
      if (!(error instanceof RangeError)) throw error;
      return;
    }
  }
}

type PageSource = (pages: Pages, number: number) => Buffer | undefined;
/** The rest of a long row may have been written anew since: both writings are tried, its hash tells the right one. */
const overflowSources: readonly PageSource[] = [
  (pages, number) => pages.named(number)[0],
  (pages, number) => pages.named(number)[1],
];

interface FoundRow extends Row {
  /** Whether the row is on its page alone. */
  readonly inPage: boolean;
}

function rowAt(page: Buffer, offset: number, named: (number: number) => Buffer | undefined): FoundRow | undefined {
  const length = varint(page, offset);
  const rowid = varint(page, length.end);
  const total = Number(length.value);
  if (total < 2 || total > mostRowBytes) return undefined;
  const here = localBytes(total);
  const start = rowid.end;
  if (start + here > pageBytes) return undefined;
  let payload = page.subarray(start, start + here);
  if (here < total) {
    const rest = overflow(page.readUInt32BE(start + here), total - here, named);
    if (!rest) return undefined;
    payload = Buffer.concat([payload, rest]);
  }
  const values = valuesOf(payload);
  return values && { rowid: Number(rowid.value), values, inPage: here === total };
}

/** A block is far below this; a length above it was damaged. Bytes. */
const mostRowBytes = 64 * 1024 * 1024;

/** How much of a row stands on its leaf page. */
function localBytes(total: number): number {
  const most = pageBytes - 35;
  if (total <= most) return total;
  const least = Math.floor(((pageBytes - 12) * 32) / 255) - 23;
  const fitting = least + ((total - least) % (pageBytes - 4));
  return fitting <= most ? fitting : least;
}

function overflow(first: number, bytes: number, named: (number: number) => Buffer | undefined): Buffer | undefined {
  const parts: Buffer[] = [];
  let left = bytes;
  for (let number = first; left > 0;) {
    const page = number === 0 ? undefined : named(number);
    if (!page) return undefined;
    const part = page.subarray(4, 4 + Math.min(left, pageBytes - 4));
    parts.push(part);
    left -= part.length;
    number = page.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** The columns of a record; undefined when its own lengths do not fit. */
function valuesOf(payload: Buffer): readonly Value[] | undefined {
  const header = varint(payload, 0);
  const headerEnd = Number(header.value);
  if (headerEnd > payload.length) return undefined;
  const values: Value[] = [];
  let body = headerEnd;
  for (let at = header.end; at < headerEnd;) {
    const type = varint(payload, at);
    at = type.end;
    const bytes = bytesOf(Number(type.value));
    if (bytes === undefined || body + bytes > payload.length) return undefined;
    values.push(valueOf(Number(type.value), payload.subarray(body, body + bytes)));
    body += bytes;
  }
  return values;
}

const integerBytes = [0, 1, 2, 3, 4, 6, 8];

function bytesOf(type: number): number | undefined {
  if (type <= 6) return integerBytes[type];
  if (type === 7) return 8;
  if (type === 8 || type === 9) return 0;
  return type >= 12 ? Math.floor((type - 12) / 2) : undefined;
}

function valueOf(type: number, bytes: Buffer): Value {
  if (type === 0) return null;
  if (type === 8 || type === 9) return type - 8;
  if (type === 7) return bytes.readDoubleBE(0);
  if (type === 6) return bytes.readBigInt64BE(0);
  if (type <= 5) return bytes.readIntBE(0, bytes.length);
  return type % 2 === 0 ? Buffer.from(bytes) : bytes.toString('utf8');
}

/** SQLite's numbers of one to nine bytes. @throws RangeError at the end of the bytes */
function varint(bytes: Buffer, offset: number): { value: bigint; end: number } {
  let value = 0n;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes.readUInt8(offset + index);
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return { value, end: offset + index + 1 };
  }
  return { value: (value << 8n) | BigInt(bytes.readUInt8(offset + 8)), end: offset + 9 };
}
