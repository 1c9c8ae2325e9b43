import { z } from 'zod';
import { MISHAPS, type PrinterState } from './types.ts';

/** Changes of a printer's state as they come from outside. */
export const printerChangeSchema = z
  .strictObject({
    paper: z.enum(['ok', 'near-end', 'out']),
    coverOpen: z.boolean(),
    cutterError: z.boolean(),
    offline: z.boolean(),
    silent: z.boolean(),
    refuse: z.boolean(),
    resetAfterBytes: z.int().min(0).nullable(),
    stalled: z.boolean(),
    garbage: z.boolean(),
    halfOpen: z.boolean(),
    bytesPerSecond: z.union([z.number().positive(), z.literal('unlimited')]),
    mishap: z
      .strictObject({ what: z.enum(MISHAPS), after: z.int().min(0), unit: z.enum(['bytes', 'dots']) })
      .nullable(),
    startMs: z.int().min(0).max(60_000),
    processIds: z.boolean(),
    speed: z.union([z.number().positive(), z.literal('instant')]),
  } satisfies Record<keyof PrinterState, z.ZodType>)
  .partial();

/** Only what was named in it. */
export function named(change: z.infer<typeof printerChangeSchema>): Partial<PrinterState> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
