import { z } from 'zod';
import { request } from './request.ts';

const nothing = z.strictObject({});

/** What is done to the terminal itself. */
export const machineRequests = {
  /** Ends the terminal in order and has it started again; refused while a bill is open, unless `anyway`. */
  restartTerminal: request('manager', z.strictObject({ anyway: z.boolean() }), nothing),
} as const;
