import { z } from 'zod';
import { currencies, isCurrency, largestAmount } from './money.ts';

/** Control characters, and characters that turn the direction of text round: neither belongs on a bill. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** One line of text that may be shown, printed and sent: no control characters, trimmed, of limited length. */
export function plainText(longest: number, what: string) {
  return z
    .string()
    .trim()
    .min(1, `${what} is empty: write at least one character.`)
    .max(longest, `${what} is too long: at most ${longest} characters.`)
    .refine((text) => !unprintable.test(text), `${what} holds control characters: write it on one line of plain text.`);
}

const amount = z
  .int('An amount is a whole number of minor units (cents).')
  .min(1, 'An amount must be more than zero.')
  .max(largestAmount, `An amount is at most ${largestAmount} minor units.`);

/** One line of a bill. `total` is what counts, in minor units; quantity and unit price are for reading. */
export const billLineSchema = z.strictObject({
  title: plainText(120, 'The title of a line').meta({ description: 'What was sold', examples: ['Coffee'] }),
  quantity: z
    .number()
    .positive('A quantity must be more than zero.')
    .max(1_000_000)
    .optional()
    .meta({ description: 'How many; may be fractional; left out it is one' }),
  total: z
    .int('A line total is a whole number of minor units (cents).')
    .min(-largestAmount)
    .max(largestAmount)
    .meta({ description: 'Of the whole line, minor units; negative for a discount', examples: [250] }),
});

/** What a merchant wants paid: the same for staff and till. The lines must add up to the total. */
export const billDraftSchema = z
  .strictObject({
    number: plainText(40, 'The bill number').meta({
      description: "The merchant's own number",
      examples: ['2026-0001'],
    }),
    lines: z.array(billLineSchema).min(1, 'A bill needs at least one line.').max(200, 'A bill has at most 200 lines.'),
    total: amount.meta({ description: 'Of the whole bill, minor units; the sum of the lines', examples: [250] }),
    currency: z
      .string()
      .refine(isCurrency, `The currency is not one that the terminal takes: ${currencies.join(', ')}.`)
      .meta({ description: 'ISO 4217', examples: ['EUR'] }),
  })
  .superRefine((bill, context) => {
    const sum = bill.lines.reduce((total, line) => total + line.total, 0);
    if (sum !== bill.total) {
      context.addIssue({
        code: 'custom',
        path: ['total'],
        message: `The lines add up to ${sum} but the total is ${bill.total} (minor units): correct one of them.`,
      });
    }
  });

export type BillLine = z.infer<typeof billLineSchema>;
export type BillDraft = z.infer<typeof billDraftSchema>;

/** How a bill was paid when not by wallet. */
export const otherWays = ['cash', 'card'] as const;
export type OtherWay = (typeof otherWays)[number];

/**
 * Where a bill stands, as screens and till see it:
 * `preparing` not at the spot yet; `offered` the customer can pay; `checking` money is reserved and being checked
 * or confirmed; `settling` staff took cash or card and the offer is being taken back; `paid`; `refused` not payable as
 * it stands, staff decide; `withdrawn`; `expired`.
 */
export const billStatuses = [
  'preparing',
  'offered',
  'checking',
  'settling',
  'paid',
  'refused',
  'withdrawn',
  'expired',
] as const;
export type BillStatus = (typeof billStatuses)[number];

/** Why a bill is `refused`. Each has a sentence on the screens (renderer i18n `refusal.*`). */
export const refusalReasons = [
  'payer_refused',
  'amount_differs',
  'order_differs',
  'order_closed',
  'order_gone',
  'transaction_ended',
  'transaction_gone',
  'reservation_expired',
  'confirmed_differs',
  'not_accepted',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A bill as screens and till see it. */
export const billViewSchema = z.object({
  id: z.string().meta({ description: 'Ours, for later requests' }),
  number: z.string(),
  version: z.int().meta({ description: 'Grows by one with each edit, from 1' }),
  source: z.enum(['staff', 'till', 'foreign']).meta({ description: 'foreign: an order made by other software' }),
  lines: z.array(z.object({ title: z.string(), quantity: z.number().optional(), total: z.int() })),
  total: z.int().meta({ description: 'Minor units' }),
  currency: z.string(),
  status: z.enum(billStatuses),
  reason: z.enum(refusalReasons).optional().meta({ description: 'Why it is refused' }),
  paid: z
    .object({
      how: z.enum(['wallet', ...otherWays]),
      at: z.int().meta({ description: 'Milliseconds since 1970' }),
      transactionKey: z.string().optional(),
      receiptNumber: z.int().optional(),
    })
    .optional(),
  createdAt: z.int().meta({ description: 'Milliseconds since 1970' }),
});
export type BillView = z.infer<typeof billViewSchema>;
