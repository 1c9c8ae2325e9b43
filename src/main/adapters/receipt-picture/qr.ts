import { create } from 'qrcode';
import { darkRuns, type Run } from '../letters/runs.ts';

/** A QR code in modules. */
export interface QrCode {
  /** Modules along one side. */
  readonly size: number;
  readonly ink: readonly Run[];
}

/** A text as a QR code of model 2 with error correction M, as the printer makes it. */
export function qrCode(payload: string): QrCode {
  const { modules } = create([{ data: Buffer.from(payload, 'utf8'), mode: 'byte' }], { errorCorrectionLevel: 'M' });
  const { size } = modules;
  const isDark = (row: number, column: number): boolean => modules.get(row, column) !== 0;
  return { size, ink: darkRuns({ rows: size, columns: size, isDark }) };
}
