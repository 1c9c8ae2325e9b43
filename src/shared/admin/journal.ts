import { z } from 'zod';
import { billViewSchema } from '../bill.ts';
import { request } from './request.ts';

const billSchema = billViewSchema.pick({ id: true, number: true, total: true, currency: true, status: true }).extend({
  /** Milliseconds since 1970 when it last changed. */
  at: z.int(),
});
export type JournalBill = z.infer<typeof billSchema>;

/** What the journal tells a manager. */
export const journalRequests = {
  /** The newest bills, or those of a number. */
  bills: request(
    'manager',
    z.strictObject({
      /** The merchant's number of a bill, whole; empty: the newest. */
      number: z.string().max(80),
    }),
    z.object({ bills: z.array(billSchema) }),
  ),
  /** Everything that happened to a bill, as lines of text: who did what, what Paysera and the printer said. */
  billLife: request(
    'manager',
    z.strictObject({ billId: z.string().min(1).max(80) }),
    z.object({ lines: z.array(z.string()), cut: z.boolean() }),
  ),
} as const;
