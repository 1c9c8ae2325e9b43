import { z } from 'zod';
import { findingSchema } from '../setup.ts';
import { request } from './request.ts';

/** The live checks: what `npm run doctor` says, while the terminal runs. */
export const checkRequests = {
  checks: request(
    'manager',
    z.strictObject({
      /** True begins anew, unless they are under way. */
      begin: z.boolean(),
      /** Of the page that asks, in device pixels. */
      screen: z.strictObject({ width: z.int().min(0), height: z.int().min(0) }),
    }),
    z.object({
      findings: z.array(findingSchema),
      checking: z.boolean(),
      /** Milliseconds since 1970 when they ended; null before they have. */
      endedAt: z.int().nullable(),
    }),
  ),
} as const;
