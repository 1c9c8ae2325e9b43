import { z } from 'zod';

const fault = z.discriminatedUnion('type', [
  /** It is sent that much later. */
  z.strictObject({ type: z.literal('late'), ms: z.int().min(0).max(600_000) }),
  /** It is sent, and then again. */
  z.strictObject({ type: z.literal('twice') }),
  /** It is sent after the next one, or after ten seconds when there is none. */
  z.strictObject({ type: z.literal('outOfOrder') }),
  /** It is signed with another key than the API's. */
  z.strictObject({ type: z.literal('forged') }),
  /** It is never sent. */
  z.strictObject({ type: z.literal('lost') }),
]);
export type CallbackFault = z.infer<typeof fault>;

/** What goes wrong with callbacks, with which and how often. */
export const callbackFaultSchema = z.strictObject({
  event: z.string().max(40).optional().meta({ description: 'Type of the event; left out, all' }),
  times: z.int().min(1).optional().meta({ description: 'How many callbacks; left out, all' }),
  fault,
});
export type CallbackFaultRule = z.infer<typeof callbackFaultSchema>;

/** The rules in force. The first that fits a callback is used up by one. */
export class CallbackFaults {
  #rules: { rule: CallbackFaultRule; left: number }[] = [];

  list(): readonly (CallbackFaultRule & { readonly left: number | null })[] {
    return this.#rules.map(({ rule, left }) => ({ ...rule, left: Number.isFinite(left) ? left : null }));
  }

  add(rule: CallbackFaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#rules = [];
  }

  /** What goes wrong with this callback, if anything. */
  take(event: string): CallbackFault | undefined {
    const found = this.#rules.find(({ rule }) => rule.event === undefined || rule.event === event);
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#rules = this.#rules.filter((each) => each !== found);
    return found.rule.fault;
  }
}
