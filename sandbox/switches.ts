import { z } from 'zod';

/**
 * What no source of the API answers (see docs/sandbox.md): each open question is a switch, its default the likeliest
 * answer. A client that is right either way passes with every setting.
 */
export const switchesSchema = z.strictObject({
  /** May a merchant's key read `GET /spot`, `GET /spot/:id` and `GET /order/:id`? */
  merchantMayReadSpots: z.boolean().default(true),
  /** Are `fields=…orders.transaction` honoured? */
  embedTransactions: z.boolean().default(true),
  /** How the open state of a spot is spelt. */
  openSpelling: z.enum(['open', 'opened']).default('open'),
  /** Does `GET /spots?status=` refuse the other spelling? */
  strictStatusFilter: z.boolean().default(false),
  /** Do lists of spots hold their orders? */
  ordersInLists: z.boolean().default(false),
  /** An order for a spot where nobody is checked in: opens it, leaves it closed, or is refused. */
  closedSpotTakesOrders: z.enum(['opens', 'stays', 'refused']).default('opens'),
  /** Body of the answer to confirm. */
  confirmAnswer: z.enum(['transaction', 'empty_object', 'nothing']).default('transaction'),
  /** Body of the answer to deleting or revoking. */
  deleteAnswer: z.enum(['transaction', 'empty_object', 'nothing']).default('transaction'),
  /** HTTP status of a second confirmation. */
  secondConfirm: z.union([z.literal(409), z.literal(200)]).default(409),
  /** Status of a transaction whose reservation ran out. */
  expiredStatus: z.enum(['revoked', 'failed']).default('revoked'),
  /** What becomes of an order whose transaction was taken back. */
  orderAfterRevoke: z.enum(['closed', 'pending']).default('closed'),
  /** What closing the spot does to reserved orders. */
  reservedOrderOnClose: z.enum(['stays', 'closed']).default('stays'),
  /** Does the last check-out close pending orders too? */
  lastCheckOutClosesPending: z.boolean().default(true),
  /** Amounts in answers. */
  pricesAs: z.enum(['both', 'price', 'decimal']).default('both'),
  /** Are absent optional elements given as null? */
  nullOptionals: z.boolean().default(false),
  /** Refuse more than 60 requests a minute and 1,000 an hour with 429. */
  enforceLimits: z.boolean().default(false),
  /** How far a request's timestamp may be off, in seconds. */
  clockToleranceSeconds: z.int().min(0).default(300),
});

export type Switches = z.infer<typeof switchesSchema>;

/** The likeliest answers. */
export const likeliest: Switches = switchesSchema.parse({});
