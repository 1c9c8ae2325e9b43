import { z } from 'zod';
import { request } from './request.ts';

const standingSchema = z.object({
  part: z.enum(['api', 'clock', 'journal', 'printer', 'callbacks', 'display']),
  /** Which one, where there are several. */
  name: z.string().optional(),
  status: z.enum(['unknown', 'ok', 'failing']),
  /** Milliseconds since 1970: since when it is so. */
  since: z.int(),
  /** Milliseconds since 1970 when it last gave a sign of life; null when never since the start. */
  heardAt: z.int().nullable(),
  code: z.string().optional(),
  message: z.string().optional(),
});
/** How one part of the terminal is doing. */
export type Standing = z.infer<typeof standingSchema>;

export const stateRequests = {
  /** Everything at a glance, with ages. */
  terminalState: request(
    'staff',
    z.strictObject({}),
    z.object({
      /** Milliseconds since 1970, by the terminal's clock: what the ages count from. */
      at: z.int(),
      standings: z.array(standingSchema),
      machine: z.object({
        /** Of this process, in seconds. */
        uptime: z.int(),
        /** Of the machine, in seconds. */
        machineUptime: z.int(),
        /** Bytes of memory that this process has, and that the machine has free. */
        memory: z.int(),
        memoryFree: z.int(),
        /** Bytes free where the journal is; null when nobody can tell. */
        diskFree: z.int().nullable(),
        journalBytes: z.int(),
        /** How far the machine's clock is from Paysera's, milliseconds. */
        clockOffset: z.int(),
        /** What the machine runs: kernel and program. */
        system: z.string(),
        program: z.string(),
      }),
      /** Settings that were changed and taken back because the terminal was not well with them. */
      returned: z.object({ at: z.int(), why: z.string() }).nullable(),
    }),
  ),
} as const;
