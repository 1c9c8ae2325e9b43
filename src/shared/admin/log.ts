import { z } from 'zod';
import { request } from './request.ts';

/** Of a line of the log, from the least important on. */
export const lineLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LineLevel = (typeof lineLevels)[number];

const lineSchema = z.object({
  /** Milliseconds since 1970. */
  at: z.int(),
  level: z.enum(lineLevels),
  message: z.string(),
  /** What belongs to it, as JSON; empty when nothing does. */
  more: z.string(),
});
export type LogLine = z.infer<typeof lineSchema>;

export const logRequests = {
  /** The newest lines, those of before the start too, newest first. */
  log: request(
    'technician',
    z.strictObject({
      /** The least important that are wanted. */
      level: z.enum(lineLevels),
      /** Only those with this in them, however written; empty: all. */
      text: z.string().max(100),
      /** How many newer ones are left out. */
      skip: z.int().min(0).max(10_000),
    }),
    z.object({ lines: z.array(lineSchema), total: z.int() }),
  ),
} as const;
