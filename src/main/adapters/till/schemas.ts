import { z } from 'zod';
import { billViewSchema, otherWays } from '../../../shared/bill.ts';
import { customerViews, unavailableReasons } from '../../../shared/snapshot.ts';

/** What `POST …/paid-otherwise` takes. */
export const paidOtherwiseSchema = z.strictObject({ how: z.enum(otherWays).meta({ description: 'What staff took' }) });

/** What `GET /v1/state` answers: how the terminal and its spot stand. */
export const stateSchema = z.object({
  terminal: z.string(),
  spot: z.object({ code: z.string(), name: z.string(), place: z.string() }),
  view: z.enum(customerViews).meta({ description: 'What the customer screen shows' }),
  reason: z.enum(unavailableReasons).optional().meta({ description: 'Why it is unavailable' }),
  offline: z.boolean().meta({ description: 'The link to Paysera is down at the moment' }),
  attention: z.boolean().meta({ description: 'Something waits for staff' }),
  bills: z.array(billViewSchema).meta({ description: 'What is on the customer screen' }),
  at: z.int().meta({ description: 'Milliseconds since 1970' }),
});

/** The data of one event. */
export const eventSchema = z.object({
  id: z.int(),
  at: z.int().meta({ description: 'Milliseconds since 1970' }),
  type: z
    .string()
    .meta({ description: 'bill.<status>, spot.<status>, receipt.printed, receipt.failed or receipt.doubtful' }),
  bill: billViewSchema.optional(),
  spot: z.object({ status: z.string() }).optional(),
  receiptNumber: z.int().optional(),
});
