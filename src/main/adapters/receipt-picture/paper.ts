/**
 * The measures of a drawn paper in dots, 8 to the millimetre: those of a receipt printer with Epson's font A, so that a
 * picture or a page printed at its own size is as large as the paper.
 */
export const paper = {
  cellWidth: 12,
  cellHeight: 24,
  /** From one line's top to the next one's. */
  lineHeight: 30,
  /** White beside the print. */
  sideMargin: 32,
  topMargin: 48,
  bottomMargin: 64,
  /** Of a QR code's module: 0.75 mm, which every telephone reads. */
  moduleDots: 6,
} as const;

/** How wide a paper with so many columns is, in dots. */
export function paperWidth(columns: number): number {
  return columns * paper.cellWidth + 2 * paper.sideMargin;
}
