import { z } from 'zod';
import { billViewSchema } from './bill.ts';
import { roles } from './roles.ts';

/** Languages of the screens and receipts. */
export const languages = ['en', 'lt'] as const;
export type Language = (typeof languages)[number];

/**
 * What the customer screen shows. `idle`: the spot's QR code. `welcome`: somebody is checked in, no bill yet.
 * `bill`: something to pay. `checking`: money is reserved, being checked and confirmed. `paid`, `refused`: for a
 * while after it happened. `unavailable`: the terminal cannot serve; no QR code is shown.
 */
export const customerViews = ['idle', 'welcome', 'bill', 'checking', 'paid', 'refused', 'unavailable'] as const;
export type CustomerView = (typeof customerViews)[number];

/** Why the terminal cannot serve. Each has a sentence for the customer and one for staff. */
export const unavailableReasons = [
  'starting',
  'api_unreachable',
  'key_refused',
  'forbidden',
  'spot_not_found',
  'rate_limited',
  'journal_failed',
] as const;
export type UnavailableReason = (typeof unavailableReasons)[number];

/** What requests to the API are spent on: money that moves, bills being offered, looks at the spot, the clock. */
export const requestPurposes = ['payments', 'bills', 'spot', 'clock'] as const;

/** A part of the world as we know it, and since when (milliseconds since 1970). */
const healthSchema = z.object({
  status: z.enum(['unknown', 'ok', 'failing']),
  since: z.int(),
  /** Stable code of the failure. */
  code: z.string().optional(),
  /** A sentence that says what to do. */
  message: z.string().optional(),
});
export type Health = z.infer<typeof healthSchema>;

/** Something a person should look at. It stays until it is over or dismissed. */
const attentionSchema = z.object({
  id: z.string(),
  /** Stable code; the sentence is the renderer's (i18n `attention.<code>`), with `details` filled in. */
  code: z.string(),
  since: z.int(),
  billId: z.string().optional(),
  billNumber: z.string().optional(),
  receiptNumber: z.int().optional(),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
  dismissable: z.boolean(),
});
export type Attention = z.infer<typeof attentionSchema>;

/** A receipt as staff see it. */
const receiptViewSchema = z.object({
  number: z.int(),
  billId: z.string(),
  billNumber: z.string(),
  total: z.int(),
  currency: z.string(),
  how: z.string(),
  at: z.int(),
  /** Of its newest paper. `sent`: all of it has left, the printer's word is awaited. `doubtful`: something left for the printer, nobody knows whether it came out. */
  print: z.enum(['queued', 'sending', 'sent', 'printed', 'failed', 'doubtful']),
  copies: z.int(),
});
export type ReceiptView = z.infer<typeof receiptViewSchema>;

const staffSchema = z.object({
  /** Whose PIN has unlocked this screen. */
  role: z.enum(roles),
  /** Milliseconds since 1970 when the staff screen locks by itself, if nobody touches it. */
  locksAt: z.int(),
  bills: z.array(billViewSchema),
  receipts: z.array(receiptViewSchema),
  attention: z.array(attentionSchema),
  health: z.object({
    api: healthSchema,
    printer: healthSchema,
    clock: healthSchema,
    /** Left out when callbacks are switched off. */
    callbacks: healthSchema.optional(),
    /** The QR displays, by the names that the configuration gives them. */
    displays: z.array(healthSchema.extend({ name: z.string() })),
    /** Left out while it has never failed. */
    journal: healthSchema.optional(),
  }),
  spot: z.object({
    status: z.enum(['unknown', 'closed', 'waiting', 'open']),
    access: z.enum(['untried', 'direct', 'list']),
    mayClose: z.boolean(),
  }),
  /** The request budget (docs/polling.md). */
  requests: z.object({
    lastMinute: z.int(),
    perMinute: z.int(),
    lastHour: z.int(),
    perHour: z.int(),
    byPurpose: z.record(z.enum(requestPurposes), z.object({ lastMinute: z.int(), lastHour: z.int() })),
    /** Milliseconds since 1970 until when the API has asked us to wait. */
    pausedUntil: z.int().optional(),
  }),
  version: z.string(),
});
export type StaffSnapshot = z.infer<typeof staffSchema>;

/**
 * All that a screen may draw, plain data, replaced whole. `staff` is there only on a connection that has unlocked it.
 */
export const snapshotSchema = z.object({
  /** Grows with every change; a screen ignores an older one. */
  revision: z.int(),
  /** Milliseconds since 1970, by the terminal's (corrected) clock. */
  at: z.int(),
  language: z.enum(languages),
  terminal: z.object({ name: z.string(), locale: z.record(z.enum(languages), z.string()) }),
  spot: z.object({ code: z.string(), name: z.string(), place: z.string(), currency: z.string() }),
  customer: z.object({
    view: z.enum(customerViews),
    reason: z.enum(unavailableReasons).optional(),
    /** True when the bill view should ask the customer to scan: nobody is known to be checked in. */
    scan: z.boolean(),
    /** What is to be paid, being checked, just paid or just refused, by the view. */
    bills: z.array(billViewSchema),
    /** The link to the API is down at the moment; what is shown may be a little old. */
    offline: z.boolean(),
    /** A small badge: something waits for staff. */
    attention: z.boolean(),
  }),
  staff: staffSchema.optional(),
  /** Staff PIN: locked until then after too many wrong tries, milliseconds since 1970. */
  pinLockedUntil: z.int().optional(),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
