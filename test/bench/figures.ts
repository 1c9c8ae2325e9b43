/** The middle of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** What so much of the figures is not above: 0.95 for the 95th percentile. */
export function percentile(figures: readonly number[], part: number): number {
  const sorted = [...figures].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly aim: string;
  readonly median: string;
  readonly p95: string;
  readonly least: string;
  readonly most: string;
  readonly runs: number;
}

/** A row of figures in one unit. */
export function row(
  what: string,
  aim: string,
  figures: readonly number[],
  { unit, digits = 0 }: { unit: string; digits?: number },
): Row {
  const shown = (value: number) => `${value.toLocaleString('en-GB', { maximumFractionDigits: digits })} ${unit}`;
  return {
    what,
    aim,
    median: shown(median(figures)),
    p95: shown(percentile(figures, 0.95)),
    least: shown(Math.min(...figures)),
    most: shown(Math.max(...figures)),
    runs: figures.length,
  };
}

/** Rows as a table for a terminal. */
export function tableOf(rows: readonly Row[]): string {
  const heads = ['what', 'aim', 'median', 'p95', 'least', 'most', 'runs'] as const;
  const cells = [heads, ...rows.map((each) => heads.map((head) => String(each[head])))];
  const widths = heads.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}
