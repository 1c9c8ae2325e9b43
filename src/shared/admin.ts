import { z } from 'zod';
import { checkRequests } from './admin/checks.ts';
import { deviceRequests } from './admin/devices.ts';
import { journalRequests } from './admin/journal.ts';
import { logRequests } from './admin/log.ts';
import { machineRequests } from './admin/machine.ts';
import type { AdminRequest } from './admin/request.ts';
import { settingRequests } from './admin/settings.ts';
import { supportRequests } from './admin/support.ts';
import { stateRequests } from './admin/state.ts';
import type { AdminVerb } from './verbs.ts';

/**
 * All that the admin screen asks of main, one file of `admin/` for each of its parts. Unlike intents these are answered
 * with what was asked for; nothing of them touches a payment.
 */
export const adminRequests = {
  ...stateRequests,
  ...deviceRequests,
  ...checkRequests,
  ...settingRequests,
  ...machineRequests,
  ...logRequests,
  ...journalRequests,
  ...supportRequests,
} as const satisfies Record<AdminVerb, AdminRequest<z.ZodType, z.ZodType>>;

export type AdminRequests = typeof adminRequests;
export type AdminName = keyof AdminRequests;
export type AdminInput<Name extends AdminName> = z.infer<AdminRequests[Name]['input']>;
export type AdminOutput<Name extends AdminName> = z.infer<AdminRequests[Name]['output']>;

/** An answer as it travels; `value` is parsed with the request's own schema. */
export const adminReplySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    /** Stable; screens may have a sentence of their own for it. */
    code: z.string(),
    /** Says what to do, in English. */
    message: z.string(),
    /** Of what was sent: path -> sentence. */
    fields: z.record(z.string(), z.string()).optional(),
  }),
]);
export type AdminReply = z.infer<typeof adminReplySchema>;
