import { z } from 'zod';
import type { Answer, RefusalCode } from '../../../shared/contract.ts';

/** Problem details (RFC 9457) with our stable code, and where the body was wrong. */
export const problemSchema = z.object({
  type: z.string().meta({ description: 'Always about:blank: the code tells what it is' }),
  title: z.string(),
  status: z.int(),
  detail: z.string().meta({ description: 'A sentence that says what to do' }),
  code: z.string().meta({ description: 'Stable, for programs' }),
  errors: z
    .array(
      z.object({
        pointer: z.string().meta({ description: 'JSON pointer into the body; empty for the whole' }),
        detail: z.string(),
      }),
    )
    .optional(),
});
export type Problem = z.infer<typeof problemSchema>;

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Token missing or wrong',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible now',
  413: 'Too large',
  415: 'Wrong content type',
  422: 'Not acceptable',
  429: 'Too many',
  500: 'Failed',
  503: 'Not available',
};

/** An error that is answered as problem details. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(status: number, code: string, detail: string, errors?: Problem['errors']) {
    super(detail);
    const title = titles[status] ?? 'Failed';
    this.problem = { type: 'about:blank', title, status, detail, code, ...(errors ? { errors } : {}) };
  }
}

/** HTTP statuses of what the terminal refuses. */
const statuses: Partial<Record<RefusalCode, number>> = {
  invalid: 422,
  bill_unknown: 404,
  too_many_bills: 429,
  journal_failed: 503,
  disk_full: 503,
  stopping: 503,
};

/** A refusal of the terminal as an error to throw. */
export function refused(answer: Extract<Answer, { ok: false }>): ProblemError {
  return new ProblemError(statuses[answer.code] ?? 409, answer.code, answer.message);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** A JSON pointer (RFC 6901): the whole body is the empty one. */
function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What a schema found wrong, as an error to throw. */
export function misshapen(error: z.ZodError): ProblemError {
  const errors = error.issues.map((issue) => ({
    pointer: pointerOf(issue.path),
    detail: sentence(issue.message),
  }));
  const detail = errors[0]?.detail ?? 'The body does not have the right form.';
  return new ProblemError(422, 'invalid', detail, errors);
}
