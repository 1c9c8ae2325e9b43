import { z } from 'zod';
import { lineLevels, type LogLine } from '../../shared/admin/log.ts';
import type { AdminDesk } from '../ports/admin.ts';

/** Lines of one answer. */
const pageLines = 100;

const writtenSchema = z.looseObject({ level: z.enum(lineLevels), time: z.iso.datetime(), msg: z.string() });

/** The log as it was written, by earlier processes too: filtered, newest first, a page at a time. */
export function logDesk(lines: () => readonly string[]): Pick<AdminDesk, 'log'> {
  return {
    log: ({ level, text, skip }) => {
      const least = lineLevels.indexOf(level);
      const wanted = text.toLowerCase();
      const found = lines()
        .filter((line) => line.toLowerCase().includes(wanted))
        .flatMap((line) => read(line) ?? [])
        .filter((line) => lineLevels.indexOf(line.level) >= least)
        .reverse();
      return { lines: found.slice(skip, skip + pageLines), total: found.length };
    },
  };
}

/** A line as it was written; undefined for one that was cut because it was too long. */
function read(line: string): LogLine | undefined {
  try {
    const { level, time, msg, ...rest } = writtenSchema.parse(JSON.parse(line));
    const more = Object.keys(rest).length > 0 ? JSON.stringify(rest) : '';
    return { at: Date.parse(time), level, message: msg, more };
  } catch {
    return undefined;
  }
}
