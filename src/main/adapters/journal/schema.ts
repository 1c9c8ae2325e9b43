import { z } from 'zod';
import { billLineSchema, otherWays, refusalReasons } from '../../../shared/bill.ts';
import { languages } from '../../../shared/snapshot.ts';

/**
 * The shapes on disk. The journal is an edge like any other: what it gives is parsed before it is believed. A row that
 * does not fit is damage, and the terminal says so instead of guessing.
 */

const money = z.object({ amount: z.int(), currency: z.string() });
const time = z.int();
const staged = <Name extends string>(name: Name, more: z.ZodRawShape = {}) =>
  z.object({ name: z.literal(name), ...more });
const since = { since: z.int() };
const notBefore = { notBefore: time };
const effectId = { effectId: z.string().startsWith('effect_') };

const billStatus = z.discriminatedUnion('name', [
  staged('open', { offerId: z.string() }),
  staged('settling', { how: z.enum(otherWays), since: time }),
  staged('paid', {
    how: z.enum(['wallet', ...otherWays]),
    at: time,
    transactionKey: z.string().nullable(),
    receiptNumber: z.int().nullable(),
  }),
  staged('refused', { reason: z.enum(refusalReasons), at: time }),
  staged('withdrawn', { at: time }),
  staged('expired', { at: time }),
]);

export const billSchema = z.object({
  id: z.string().startsWith('bill_'),
  number: z.string(),
  version: z.int(),
  source: z.enum(['staff', 'till', 'foreign']),
  lines: z.array(z.object({ ...billLineSchema.shape, title: z.string(), total: z.int() })),
  total: money,
  createdAt: time,
  expiresAt: time.nullable(),
  offersMade: z.int(),
  visit: z.int().default(0),
  status: billStatus,
  mayHaveReceipt: z.boolean().optional(),
  idempotency: z.object({ key: z.string(), bodyHash: z.string() }).nullable(),
});

const offerStage = z.discriminatedUnion('name', [
  staged('creating', effectId),
  staged('createLater', notBefore),
  staged('searching', since),
  staged('awaitingSpot', { why: z.enum(['unknown', 'closed']) }),
  staged('attaching', effectId),
  staged('attachLater', notBefore),
  staged('attachLost', since),
  staged('offered', since),
  staged('checking', { ...since, transaction: z.boolean(), order: z.boolean() }),
  staged('confirming', effectId),
  staged('readingBack', since),
  staged('confirmLater', notBefore),
  staged('confirmed'),
  staged('superseded', { successor: z.string() }),
  staged('revoking', effectId),
  staged('revokeLater', notBefore),
  staged('revokeReading', since),
  staged('removingOrder', effectId),
  staged('removeOrderLater', notBefore),
  staged('settled'),
  staged('observed'),
]);

const offerSchema = z.object({
  id: z.string().startsWith('offer_'),
  billId: z.string().startsWith('bill_'),
  version: z.int(),
  price: money,
  description: z.string(),
  createdAt: time,
  offeredAt: time.nullable(),
  reservedAt: time.nullable().default(null),
  key: z.string().nullable(),
  orderId: z.int().nullable(),
  unwanted: z.enum(['edited', 'withdrawn', 'expired', 'paid_otherwise', 'forgotten', ...refusalReasons]).nullable(),
  predecessor: z.string().nullable(),
  failures: z.int(),
  stage: offerStage,
});

const paper = z.discriminatedUnion('name', [
  staged('queued', notBefore),
  staged('checkingPrinter', effectId),
  staged('sending', effectId),
  staged('sent', effectId),
  staged('printed', { proof: z.string() }),
  staged('failed', { problem: z.string() }),
  staged('doubtful', { problem: z.string() }),
]);

export const receiptSchema = z.object({
  number: z.int().min(1),
  billId: z.string(),
  facts: z.object({
    number: z.int(),
    terminal: z.string(),
    merchant: z.array(z.string()),
    billNumber: z.string(),
    lines: z.array(z.object({ title: z.string(), quantity: z.number().optional(), total: z.int() })),
    total: money,
    how: z.enum(['wallet', ...otherWays]),
    transactionKey: z.string().optional(),
    paidAt: time,
    language: z.enum(languages),
    timeZone: z.string(),
  }),
  jobId: z.string(),
  papers: z.int(),
  copy: z.boolean(),
  queuedAt: time,
  paper,
});

const attentionSchema = z.object({
  id: z.string(),
  code: z.string(),
  since: time,
  billId: z.string().nullable(),
  receiptNumber: z.int().nullable(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  dismissable: z.boolean(),
});

const closing = z.discriminatedUnion('name', [
  staged('none'),
  // Written without it until it was known to be needed.
  staged('due', { at: time, since: z.int().default(0) }),
  staged('closing', effectId),
  staged('readingBack', since),
]);

const spotSchema = z.object({
  id: z.int().nullable(),
  status: z.enum(['unknown', 'closed', 'waiting', 'open']),
  since: time,
  title: z.string(),
  access: z.enum(['untried', 'direct', 'list']),
  embeds: z.boolean(),
  visits: z.int().default(0),
  somebody: z.boolean(),
  keys: z.array(z.string()),
  past: z.record(z.string(), z.int()),
  sweep: z.int().nullable().default(null),
  unread: z.record(z.string(), z.int()),
  closing,
  closeFailures: z.int(),
});

/** Settings are replaced at every start by those in force; only their being there matters. */
const settingsSchema = z.looseObject({ terminal: z.string(), locationId: z.int(), identifier: z.string() });

export const coreSchema = z.object({
  revision: z.int(),
  firstStartedAt: time,
  settings: settingsSchema,
  effectsMade: z.int(),
  receiptsMade: z.int(),
  spot: spotSchema,
  pin: z.object({ wrongTries: z.int(), lockedUntil: time }),
});

export const stateSchema = coreSchema.extend({
  bills: z.record(z.string(), billSchema),
  offers: z.record(z.string(), offerSchema),
  receipts: z.record(z.string(), receiptSchema),
  attention: z.record(z.string(), attentionSchema),
});

export const noticeSchema = z.object({ id: z.int(), at: time, type: z.string(), data: z.unknown() });

/** Whether this is a state that can be gone on with. */
export function isState(value: unknown): boolean {
  return stateSchema.safeParse(value).success;
}
