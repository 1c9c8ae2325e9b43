import { z } from 'zod';
import { ApiError } from './world/types.ts';

/** A body of the control or phone interface, checked. @throws ApiError `invalid_parameters` with a sentence for each fault */
export function parsed<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw new ApiError('invalid_parameters', z.prettifyError(result.error).replaceAll(/\s*\n\s*/g, ' '));
}
