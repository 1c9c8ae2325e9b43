import { z } from 'zod';
import { request } from './request.ts';

const nothing = z.strictObject({});

const deviceSchema = z.object({
  /** `serial`: a port; `usb`: a printer's own device file; `network`: something that takes connections as printers do. */
  kind: z.enum(['serial', 'usb', 'network']),
  /** Where it is reached: the path that stays the same over restarts, or the host. */
  address: z.string(),
  port: z.int().optional(),
  /** Maker and product, as far as it tells. */
  what: z.string(),
  /** The configuration uses it already, as this. */
  usedAs: z.string().nullable(),
});
export type FoundDevice = z.infer<typeof deviceSchema>;

/** Printers and displays, tried and looked for. */
export const deviceRequests = {
  /** What there is to be tried. */
  devices: request(
    'staff',
    nothing,
    z.object({
      printer: z.object({ profile: z.string(), connection: z.string(), configured: z.boolean() }),
      displays: z.array(z.object({ name: z.string(), type: z.string(), address: z.string() })),
    }),
  ),
  /** Asks the printer how it is. Nothing is printed. */
  askPrinter: request(
    'staff',
    nothing,
    z.object({
      ready: z.boolean(),
      code: z.string().optional(),
      message: z.string().optional(),
      /** Receipts that the roll is good for, when it is nearly used up; null when nobody knows. */
      receiptsLeft: z.int().nullable().optional(),
    }),
  ),
  /** Prints what is no receipt: the test slip, or all letters that the printer was told to have. */
  printTest: request(
    'manager',
    z.strictObject({ what: z.enum(['slip', 'letters']) }),
    z.object({
      outcome: z.enum(['printed', 'failed', 'doubtful']),
      code: z.string().optional(),
      message: z.string().optional(),
    }),
  ),
  /** Shows on a display, for a while, what nobody takes for a bill. Refused while the terminal is in use. */
  showTest: request('manager', z.strictObject({ display: z.string().min(1).max(60) }), z.object({ forMs: z.int() })),
  /** Looks at the ports of this machine and, when told to, at the network next to it. */
  findDevices: request(
    'technician',
    z.strictObject({ network: z.boolean() }),
    z.object({ devices: z.array(deviceSchema), networks: z.array(z.string()) }),
  ),
} as const;
