import { z } from 'zod';
import { customerViews } from './snapshot.ts';

/**
 * What goes between main and a page that stands for a QR display. Such a page is told what to show and says what it
 * shows; it has no session, sees no snapshot and can ask for nothing.
 */

/** What a page is told to show; the form of the core's `Showing`. */
const pageShowingSchema = z.strictObject({
  view: z.enum(customerViews),
  code: z.string().min(1).max(1_000).nullable(),
  title: z.string().max(200),
  amount: z.string().max(200),
});
export type PageShowing = z.infer<typeof pageShowingSchema>;

/** From main. `showing` null: nothing. `look`: say what is seen. Each is answered with what is seen then. */
export const toPageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('show'), id: z.int().min(1), showing: pageShowingSchema.nullable() }),
  z.strictObject({ type: z.literal('look'), id: z.int().min(1) }),
]);
export type ToPage = z.infer<typeof toPageSchema>;

/** What a page reads back from its own glass: the texts that stand there and the squares that are painted. */
const glassSchema = z.strictObject({
  view: z.enum(customerViews),
  title: z.string().max(200),
  amount: z.string().max(200),
  /** The squares of the code, row by row, `1` for a dark one; null when there is no code or not all of it is seen. */
  squares: z
    .string()
    .regex(/^[01]+$/)
    .max(177 * 177)
    .nullable(),
});
export type PageGlass = z.infer<typeof glassSchema>;

/** From a page. `hello`: it is there. */
export const fromPageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('hello') }),
  z.strictObject({ type: z.literal('shows'), id: z.int().min(1), glass: glassSchema.nullable() }),
]);
export type FromPage = z.infer<typeof fromPageSchema>;
