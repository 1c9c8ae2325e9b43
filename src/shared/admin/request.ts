import type { z } from 'zod';
import type { Role } from '../roles.ts';

/** One thing that the admin screen asks of main: who may, with what, and what the answer is. */
export interface AdminRequest<Input extends z.ZodType, Output extends z.ZodType> {
  readonly role: Role;
  readonly input: Input;
  readonly output: Output;
}

export function request<Input extends z.ZodType, Output extends z.ZodType>(
  role: Role,
  input: Input,
  output: Output,
): AdminRequest<Input, Output> {
  return { role, input, output };
}
