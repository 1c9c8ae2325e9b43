import { z } from 'zod';

const fault = z.discriminatedUnion('type', [
  /** Before the work. */
  z.strictObject({ type: z.literal('delay'), ms: z.int().min(0).max(600_000) }),
  /** The work is done, the answer comes late. */
  z.strictObject({ type: z.literal('delayAnswer'), ms: z.int().min(0).max(600_000) }),
  /** The connection is cut before anything is done. */
  z.strictObject({ type: z.literal('drop') }),
  /** The work is done, the connection is cut instead of an answer. */
  z.strictObject({ type: z.literal('dropAnswer') }),
  /** Nothing is done, this HTTP status is answered. */
  z.strictObject({
    type: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfter: z.int().min(0).optional(),
  }),
  /** The work is done, but this HTTP status is answered. */
  z.strictObject({ type: z.literal('statusAfter'), status: z.int().min(500).max(599) }),
  /** A gateway's HTML page instead of JSON; nothing is done. */
  z.strictObject({ type: z.literal('garbage'), status: z.int().min(200).max(599).default(502) }),
  /** The work is done, a gateway's HTML page is answered. */
  z.strictObject({ type: z.literal('garbageAfter'), status: z.int().min(200).max(599).default(502) }),
  /** The request arrives twice, as through a gateway that repeats; the answer is that of the second. */
  z.strictObject({ type: z.literal('duplicate') }),
]);
export type Fault = z.infer<typeof fault>;

/** A regular expression, so that a wrong one is refused when it comes and not when a request does. */
const expression = z
  .string()
  .max(200)
  .refine((text) => readExpression(text) !== undefined, { message: 'Not a regular expression' });

function readExpression(text: string): RegExp | undefined {
  try {
    return new RegExp(text);
  } catch {
    return undefined;
  }
}

/** What goes wrong, for which requests, and how often. */
export const faultRuleSchema = z.strictObject({
  match: z
    .strictObject({ method: z.string().max(10).optional(), path: expression.optional() })
    .default({})
    .meta({ description: 'Method, and a regular expression for the path after /rest/v1; left out, all requests' }),
  times: z.int().min(1).optional().meta({ description: 'How many requests; left out, all' }),
  fault,
});
export type FaultRule = z.infer<typeof faultRuleSchema>;
/** A rule as it may be written: what has a default may be left out. */
export type FaultRuleInput = z.input<typeof faultRuleSchema>;

/** The rules in force. The first that matches a request is used up by one. */
export class Faults {
  #rules: { rule: FaultRule; left: number }[] = [];

  list(): readonly (FaultRule & { readonly left: number | null })[] {
    return this.#rules.map(({ rule, left }) => ({ ...rule, left: Number.isFinite(left) ? left : null }));
  }

  /** @throws ZodError when the rule is none */
  add(input: FaultRuleInput): void {
    const rule = faultRuleSchema.parse(input);
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#rules = [];
  }

  /** What goes wrong with this request, if anything. */
  take(method: string, path: string): Fault | undefined {
    const found = this.#rules.find(({ rule: { match } }) => matches(match, method, path));
    if (!found) return undefined;
    found.left -= 1;
    if (found.left <= 0) this.#rules = this.#rules.filter((each) => each !== found);
    return found.rule.fault;
  }
}

function matches(match: FaultRule['match'], method: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  return match.path === undefined || new RegExp(match.path).test(path);
}
