import { z } from 'zod';

/** What becomes of an answer whose body no source agrees on (api.md 16.13). */
const answer = z.enum(['transaction', 'empty_object', 'nothing']);

/**
 * What no source of the API answers (see docs/sandbox.md): each open question is a switch, its default the likeliest
 * answer. A client that is right either way passes with every setting.
 */
export const switchesSchema = z.strictObject({
  // Rights and credentials

  /** May a merchant's key read `GET /spot`, `GET /spot/:id` and `GET /order/:id`? */
  merchantMayReadSpots: z.boolean().default(true),
  /** Which calls of a merchant must name `project_id` and `location_id` in `ext`. */
  extIds: z.enum(['optional', 'for_transactions', 'for_all']).default('optional'),
  /** How far a request's timestamp may be off, in seconds. */
  clockToleranceSeconds: z.int().min(0).default(300),
  /** What a nonce that was used before is answered with. */
  replayedNonce: z.enum(['unauthorized', 'invalid_timestamp', 'accepted']).default('unauthorized'),
  /** Refuse more requests than the two limits with 429. */
  enforceLimits: z.boolean().default(false),
  limitPerMinute: z.int().min(1).default(60),
  limitPerHour: z.int().min(1).default(1000),
  /** Does a 429 carry `Retry-After`? */
  retryAfterOn429: z.boolean().default(false),

  // Spots

  /** How the open state of a spot is spelt. */
  openSpelling: z.enum(['open', 'opened']).default('open'),
  /** Does the case of the identifier in a code tell spots apart? */
  identifierCase: z.enum(['insensitive', 'sensitive']).default('insensitive'),
  /** Are identifiers with other letters than those of ASCII registered? */
  nonAsciiIdentifiers: z.boolean().default(true),
  /** Characters of the longest identifier that is registered. */
  longestIdentifier: z.int().min(1).default(64),
  /** Does `place_info` hold `location_id`? */
  placeInfoLocationId: z.boolean().default(true),
  /** What a check-in makes of an open spot. */
  checkInOnOpen: z.enum(['unchanged', 'waiting']).default('unchanged'),
  /** Seconds until somebody who does nothing is checked out; null is never. */
  checkInTimeoutSeconds: z.int().min(1).nullable().default(null),
  /** Does the last check-out close pending orders too? */
  lastCheckOutClosesPending: z.boolean().default(true),
  /** What closing the spot does to reserved orders. */
  reservedOrderOnClose: z.enum(['stays', 'closed']).default('stays'),
  /** When confirmed and closed orders leave the spot. They can be read by their ids ever after. */
  settledOrders: z.enum(['leave_on_next_visit', 'leave_on_close', 'stay']).default('leave_on_next_visit'),

  // Lists

  /** Does `GET /spots?status=` refuse the other spelling of open? */
  strictStatusFilter: z.boolean().default(false),
  /** May `GET /spots?status=` name several, with commas? */
  statusLists: z.boolean().default(true),
  /** Is `location_id` of `GET /spots` honoured? */
  locationFilter: z.enum(['honoured', 'ignored']).default('honoured'),
  /** Whose spots `GET /spots` gives: those of all locations, or of the first one. */
  spotsOf: z.enum(['project', 'location']).default('project'),
  /** Do lists of spots hold their orders? */
  ordersInLists: z.boolean().default(false),
  /** Page of a list when none is asked for, and the longest for spots (for transactions it is documented: 200). */
  defaultPage: z.int().min(1).default(20),
  longestPage: z.int().min(1).default(100),

  // Orders

  /** Are `fields=…orders.transaction` honoured? */
  embedTransactions: z.boolean().default(true),
  /** An order for a spot where nobody is checked in: opens it, leaves it closed, or is refused. */
  closedSpotTakesOrders: z.enum(['opens', 'stays', 'refused']).default('opens'),
  /** What becomes of an order whose transaction was revoked, refused, deleted, or ran out. */
  orderAfterRevoke: z.enum(['closed', 'pending']).default('closed'),
  /** What editing or deleting an order does to the transaction it pointed to. */
  orderChange: z.enum(['leaves_transaction', 'deletes_transaction']).default('leaves_transaction'),
  /** What becomes of a deleted order. */
  deletedOrder: z.enum(['gone', 'closed']).default('gone'),
  /** Body of the answer to deleting an order. */
  deleteOrderAnswer: z.enum(['order', 'empty_object', 'nothing']).default('order'),
  /** Does an order tell the payer's `user_id`? */
  orderUserId: z.boolean().default(false),
  /** Which fields of a transaction inside an order count. */
  inlineFields: z.enum(['all', 'payments_only']).default('all'),

  // Transactions

  /** Body of the answer to confirm. */
  confirmAnswer: answer.default('transaction'),
  /** Body of the answer to deleting or revoking. */
  deleteAnswer: answer.default('transaction'),
  /** Body of the answer to reserve. */
  reserveAnswer: answer.default('transaction'),
  /** Body of the answer to renew. */
  renewAnswer: answer.default('transaction'),
  /** HTTP status of a second confirmation. */
  secondConfirm: z.union([z.literal(409), z.literal(200)]).default(409),
  /** Status of a transaction whose reservation ran out. */
  expiredStatus: z.enum(['revoked', 'failed']).default('revoked'),
  /** How long money stays reserved when the merchant did not say, in seconds: 24 h, or 30 days (api.md 16.10). */
  defaultReserveSeconds: z.int().min(1).default(86_400),
  /** What a transaction that nobody accepted within 30 days becomes. */
  monthOldTransactions: z.enum(['deleted', 'not_found']).default('deleted'),
  /** What happens when the payer has too little: the app is refused, or the transaction waits for the money. */
  shortOfFunds: z.enum(['refused', 'waiting_funds']).default('refused'),
  /** Amounts in answers. */
  pricesAs: z.enum(['both', 'price', 'decimal']).default('both'),
  /** Are absent optional elements given as null? */
  nullOptionals: z.boolean().default(false),
  /** Characters of the longest description. */
  longestDescription: z.int().min(1).default(255),
  /** The largest price of a payment, in minor units. */
  largestPrice: z.int().min(1).default(1_000_000_000),
});

export type Switches = z.infer<typeof switchesSchema>;

/** The likeliest answers. */
export const likeliest: Switches = switchesSchema.parse({});
