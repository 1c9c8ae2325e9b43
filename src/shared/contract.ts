import { z } from 'zod';
import { adminReplySchema, type AdminReply } from './admin.ts';
import { billDraftSchema, otherWays } from './bill.ts';
import type { Role } from './roles.ts';
import { languages, snapshotSchema, type Snapshot } from './snapshot.ts';
import { adminVerbs, verbs, type AdminVerb, type Verb } from './verbs.ts';

/**
 * The only list of what goes between screens and main (style.md 1). Intents go up and are answered with
 * "understood and journaled" or a refusal; the outcome is the next snapshot. Both hosts (Electron's IPC and the
 * headless WebSocket) and both ends derive everything from this file.
 */

const billId = z.string().min(1).max(80);

/** Who may send an intent: anybody at the screen, or only a screen that somebody has unlocked. */
type Sender = 'anyone' | Role;

interface IntentDefinition<Input extends z.ZodType> {
  readonly role: Sender;
  readonly input: Input;
}

function intent<Input extends z.ZodType>(role: Sender, input: Input): IntentDefinition<Input> {
  return { role, input };
}

const nothing = z.strictObject({});

/** The files that a receipt is saved as. */
export const receiptForms = ['pdf', 'png', 'txt'] as const;
export type ReceiptForm = (typeof receiptForms)[number];

export const intents = {
  chooseLanguage: intent('anyone', z.strictObject({ language: z.enum(languages) })),
  unlockStaff: intent('anyone', z.strictObject({ pin: z.string().regex(/^\d{4,12}$/, 'A PIN has 4 to 12 digits.') })),
  lockStaff: intent('anyone', nothing),
  /** Somebody touched the staff screen: it stays unlocked. */
  staffActivity: intent('staff', nothing),
  createBill: intent('staff', z.strictObject({ draft: billDraftSchema })),
  editBill: intent('staff', z.strictObject({ billId, draft: billDraftSchema })),
  withdrawBill: intent('staff', z.strictObject({ billId })),
  payBillOtherwise: intent('staff', z.strictObject({ billId, how: z.enum(otherWays) })),
  /** Offer a refused bill again, with a new transaction. */
  offerBillAgain: intent('staff', z.strictObject({ billId })),
  closeSpot: intent('staff', nothing),
  /** Print a copy of a receipt; it says COPY. */
  reprintReceipt: intent('staff', z.strictObject({ receiptNumber: z.int().min(1) })),
  /** See a receipt as its paper is; it says COPY unless no paper of it can have come out. */
  showReceipt: intent('staff', z.strictObject({ receiptNumber: z.int().min(1) })),
  /** Write a receipt, marked in the same way, to the merchant's folder. */
  saveReceipt: intent('staff', z.strictObject({ receiptNumber: z.int().min(1), form: z.enum(receiptForms) })),
  dismissAttention: intent('staff', z.strictObject({ id: z.string().min(1).max(200) })),
} as const satisfies Record<Verb, IntentDefinition<z.ZodType>>;

export type Intents = typeof intents;
export type IntentName = keyof Intents;
export type IntentInput<Name extends IntentName> = z.infer<Intents[Name]['input']>;
export const intentNames: readonly IntentName[] = verbs;

/** Refusals of intents; the sentences are the renderer's (i18n `refused.<code>`) and the till's. */
export const refusalCodes = [
  'invalid',
  'unknown_intent',
  'staff_only',
  'wrong_pin',
  'pin_locked',
  'bill_unknown',
  'bill_ended',
  'bill_foreign',
  'bill_not_refused',
  'number_in_use',
  'payment_in_progress',
  'too_many_bills',
  'idempotency_conflict',
  'receipt_unknown',
  'receipt_not_saved',
  'attention_unknown',
  'spot_unknown',
  'spot_closed_already',
  'money_reserved',
  'bills_open',
  'journal_failed',
  'disk_full',
  'busy',
  'stopping',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

const answerSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    billId: z.string().optional(),
    receiptNumber: z.int().optional(),
    /** For `showReceipt`: a PNG file. */
    picture: z.base64().optional(),
    /** For `saveReceipt`: the file's path on the terminal. */
    savedAs: z.string().optional(),
  }),
  z.object({
    ok: z.literal(false),
    code: z.enum(refusalCodes),
    /** A sentence for a person, in English; screens prefer their own by code. */
    message: z.string(),
    /** For `invalid`: path -> sentence. */
    fields: z.record(z.string(), z.string()).optional(),
  }),
]);
/** "Understood and journaled", or why not. Never the outcome. */
export type Answer = z.infer<typeof answerSchema>;

/** A message from a screen to main, as it travels (WebSocket text frame, or IPC argument). */
export const upSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('intent'), id: z.int().min(0), name: z.enum(intentNames), input: z.unknown() }),
  z.strictObject({ type: z.literal('snapshot'), id: z.int().min(0) }),
  z.strictObject({ type: z.literal('admin'), id: z.int().min(0), name: z.enum(adminVerbs), input: z.unknown() }),
]);
export type Up = z.infer<typeof upSchema>;

/** A message from main to a screen. */
export const downSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('answer'), id: z.int(), answer: answerSchema }),
  z.object({ type: z.literal('snapshot'), id: z.int().optional(), snapshot: snapshotSchema }),
  z.object({ type: z.literal('admin'), id: z.int(), reply: adminReplySchema }),
]);
export type Down = z.infer<typeof downSchema>;

export { channels } from './verbs.ts';

/** The sentence and code of a failure as an answer. */
export function refusal(code: RefusalCode, message: string, fields?: Record<string, string>): Answer {
  return fields ? { ok: false, code, message, fields } : { ok: false, code, message };
}

/** What the preload puts at `window.terminal`: verbs of the terminal, never channels (style.md 4). */
export type TerminalBridge = {
  readonly [Name in IntentName]: (input: IntentInput<Name>) => Promise<Answer>;
} & {
  /** The whole snapshot, once. */
  snapshot(): Promise<Snapshot>;
  /** Calls back with each new snapshot; gives the function that ends it. */
  onSnapshot(callback: (snapshot: Snapshot) => void): () => void;
  /** What the admin screen asks. */
  readonly admin: Readonly<Record<AdminVerb, (input: unknown) => Promise<AdminReply>>>;
};

/** A screen's connection, as the hosts (ipc, web) see the terminal. One per window or WebSocket. */
export interface ScreenSession {
  /** Parses and carries out one intent. Never throws. */
  intent(name: string, input: unknown): Promise<Answer>;
  /** Parses and answers one request of the admin screen. Never throws. */
  admin(name: string, input: unknown): Promise<AdminReply>;
  /** The snapshot this session may see. */
  snapshot(): Snapshot;
  /** Calls back at once with the present snapshot, then with each new one; gives the function that ends it. */
  subscribe(callback: (snapshot: Snapshot) => void): () => void;
  /** Ends the session and locks it. */
  close(): void;
}
