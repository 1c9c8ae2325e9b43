import { z } from 'zod';

/** What the doctor found of one part, as the screens have it. */
export const findingSchema = z.object({
  part: z.string(),
  name: z.string().optional(),
  status: z.enum(['ok', 'warning', 'failed', 'skipped']),
  code: z.string(),
  message: z.string(),
});

/** A set-up file that was found on a stick or in a folder. */
export const foundFileSchema = z.object({
  id: z.string(),
  /** Of the file. */
  name: z.string(),
  /** Which terminal it is for; null when the file is not one that can be used. */
  for: z.string().nullable(),
});

/** Where the set-up of a terminal stands. */
export const setupStateSchema = z.object({
  step: z.enum(['choose', 'passphrase', 'checks', 'started']),
  /** The file that waits for its passphrase. */
  file: z.object({ for: z.string(), madeAt: z.string(), signer: z.string() }).nullable(),
  findings: z.array(findingSchema),
  checking: z.boolean(),
  /** Made by this set-up because none came with it: shown now and never again. Null otherwise. */
  technicianPin: z.string().nullable(),
  /** Where the terminal's screens are, once it has started. */
  screenUrl: z.string().nullable(),
});
export type SetupState = z.infer<typeof setupStateSchema>;

export const setupAnswerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), state: setupStateSchema }),
  z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
]);
export type SetupAnswer = z.infer<typeof setupAnswerSchema>;

const line = (longest: number) => z.string().trim().min(1).max(longest);

/** What is typed in by hand: the least that a terminal needs. */
export const typedSchema = z.strictObject({
  name: line(20),
  merchant: line(60),
  place: line(60),
  spotName: line(60),
  locationId: z.coerce.number().int().min(1),
  identifier: line(40),
  macId: line(100),
  macKey: line(4096),
  /** Address of a printer on the network; empty for none. */
  printer: z.string().trim().max(255),
  pin: z.string().regex(/^\d{4,12}$/, 'A PIN has 4 to 12 digits.'),
});
export type Typed = z.infer<typeof typedSchema>;
