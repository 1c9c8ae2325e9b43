import { create } from 'qrcode';

/** The squares of a QR code. */
export interface Modules {
  /** Modules along one side. */
  readonly size: number;
  readonly isDark: (row: number, column: number) => boolean;
}

/** A text as a QR code of model 2 with error correction M, as the printer makes it. */
export function qrModules(payload: string): Modules {
  const { modules } = create([{ data: Buffer.from(payload, 'utf8'), mode: 'byte' }], { errorCorrectionLevel: 'M' });
  return { size: modules.size, isDark: (row, column) => modules.get(row, column) !== 0 };
}

/** A dark stretch of one row. */
export interface Run {
  readonly row: number;
  readonly column: number;
  readonly length: number;
}

/** The dark modules, row by row, those beside each other as one. */
export function darkRuns({ size, isDark }: Modules): readonly Run[] {
  const runs: Run[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!isDark(row, column)) continue;
      const start = column;
      while (column + 1 < size && isDark(row, column + 1)) column += 1;
      runs.push({ row, column: start, length: column + 1 - start });
    }
  }
  return runs;
}
