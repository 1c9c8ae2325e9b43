/** A dark stretch of one row. */
export interface Run {
  readonly row: number;
  readonly column: number;
  readonly length: number;
}

/** Squares in rows, dark or not. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  readonly isDark: (row: number, column: number) => boolean;
}

/** The dark squares, row by row, those beside each other as one. */
export function darkRuns({ rows, columns, isDark }: Grid): readonly Run[] {
  const runs: Run[] = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (!isDark(row, column)) continue;
      const start = column;
      while (column + 1 < columns && isDark(row, column + 1)) column += 1;
      runs.push({ row, column: start, length: column + 1 - start });
    }
  }
  return runs;
}
