import { z } from 'zod';
import { request } from './request.ts';

export const supportRequests = {
  /** Gathers everything that helps to find a fault, without secrets, in one file: on a stick when there is one. */
  saveSupport: request(
    'technician',
    z.strictObject({}),
    z.object({
      /** Where it is now. */
      file: z.string(),
      bytes: z.int(),
      onStick: z.boolean(),
    }),
  ),
} as const;
