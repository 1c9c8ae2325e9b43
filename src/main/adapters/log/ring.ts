/** Lines that are kept for whoever looks at the log on the screen, and the longest of them in characters. */
const mostLines = 3_000;
const longestLine = 4_000;

/** The newest lines of the log, as they were written: what was hidden there is hidden here. */
export interface LogRing {
  write(line: string): void;
  /** Oldest first. */
  readonly lines: () => readonly string[];
}

/** Passes lines on, and keeps the newest; `earlier` are those of before the start, oldest first. */
export function keepLines(next: { write(line: string): void }, earlier: readonly string[] = []): LogRing {
  const kept = earlier.slice(-mostLines).map((line) => line.slice(0, longestLine));
  return {
    write(line) {
      next.write(line);
      kept.push(line.slice(0, longestLine));
      // Seldom and many at once: each removal moves all the others.
      if (kept.length >= 2 * mostLines) kept.splice(0, kept.length - mostLines);
    },
    lines: () => kept.slice(-mostLines),
  };
}
