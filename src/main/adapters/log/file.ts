import { appendFileSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of one file; there are two, the one that is written and the one before. */
const longestFile = 1_000_000;
/** After a failure nothing is tried for so long, milliseconds: a full disk is not asked at every line. */
const restMs = 60_000;

/** The log in files, so that it is still there after a restart or a power cut. */
export interface LogFiles {
  write(line: string): void;
  /** What is in the files, oldest first, each line as it was written. */
  readonly lines: () => readonly string[];
}

interface LogFileOptions {
  /** Made when it is not there, for this user alone. */
  readonly folder: string;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Told once for each rest that nothing can be written; the line itself has gone elsewhere too. */
  readonly onFailure: (reason: string) => void;
  readonly longest?: number;
}

/**
 * Keeps the newest lines of the log in `FOLDER/terminal.log` and `FOLDER/terminal.1.log`, at most 2 MB together. A disk
 * that is full or broken stops no payment: lines are left out then, and it is tried again a minute later.
 */
export function keepLogFiles({ folder, now, onFailure, longest = longestFile }: LogFileOptions): LogFiles {
  const [current, previous] = [join(folder, 'terminal.log'), join(folder, 'terminal.1.log')];
  let size: number | undefined;
  let notBefore = -Infinity;

  function append(line: string): void {
    if (size === undefined) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      size = statSync(current, { throwIfNoEntry: false })?.size ?? 0;
    }
    if (size >= longest) {
      renameSync(current, previous);
      size = 0;
    }
    appendFileSync(current, line, { mode: 0o600 });
    size += Buffer.byteLength(line);
  }

  return {
    write(line) {
      if (now() < notBefore) return;
      try {
        append(line);
      } catch (error) {
        size = undefined;
        notBefore = now() + restMs;
        onFailure(error instanceof Error ? error.message : String(error));
      }
    },
    lines: () => [previous, current].flatMap(linesOf),
  };
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    // Not there yet, or not readable any more: the newest lines are in memory all the same.
    return [];
  }
}
