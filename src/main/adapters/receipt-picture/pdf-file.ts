/** The number of an object in a PDF file, as others refer to it. */
export type Reference = `${number} 0 R`;

/** Puts a PDF file together, object by object (ISO 32000-1, 7.5). */
export class PdfFile {
  readonly #objects: Buffer[] = [];

  /** Keeps a number for an object that others refer to before it is there. */
  reserve(): Reference {
    return `${this.#objects.push(Buffer.alloc(0))} 0 R`;
  }

  add(content: string): Reference {
    const reference = this.reserve();
    this.set(reference, content);
    return reference;
  }

  set(reference: Reference, content: string): void {
    this.#objects[Number.parseInt(reference, 10) - 1] = Buffer.from(content, 'latin1');
  }

  /** Adds bytes with a dictionary; `deflated` when they are packed already. */
  addStream(bytes: Buffer, { entries = '', deflated = false } = {}): Reference {
    const filter = deflated ? ' /Filter /FlateDecode' : '';
    const head = Buffer.from(`<< /Length ${bytes.length}${filter} ${entries}>>\nstream\n`, 'latin1');
    this.#objects.push(Buffer.concat([head, bytes, Buffer.from('\nendstream', 'latin1')]));
    return `${this.#objects.length} 0 R`;
  }

  /** The whole file, with the catalogue and the information that are given. */
  bytes({ root, info }: { readonly root: Reference; readonly info: Reference }): Buffer {
    // The second line tells programs that move files that this is not text.
    const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
    const places: number[] = [];
    let length = parts[0]?.length ?? 0;
    for (const [index, content] of this.#objects.entries()) {
      const ends = [Buffer.from(`${index + 1} 0 obj\n`, 'latin1'), content, Buffer.from('\nendobj\n', 'latin1')];
      places.push(length);
      parts.push(...ends);
      length += ends.reduce((sum, end) => sum + end.length, 0);
    }
    const table = places.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
    const size = places.length + 1;
    const trailer = `trailer\n<< /Size ${size} /Root ${root} /Info ${info} >>\nstartxref\n${length}\n%%EOF\n`;
    return Buffer.concat([...parts, Buffer.from(`xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`, 'latin1')]);
  }
}

/** A text of any language as a PDF text: UTF-16 with its mark. */
export function pdfText(text: string): string {
  return `<FEFF${utf16(text)}>`;
}

/** UTF-16, high byte first, in hexadecimal digits. */
export function utf16(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase();
}
