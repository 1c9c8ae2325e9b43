import { z } from 'zod';
import { problemSchema } from './problem.ts';

/** A zod schema as the JSON Schema that OpenAPI 3.1 holds. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
  });
  return rest;
}

const sentences: Readonly<Record<number, string>> = {
  400: 'The address, a header or the JSON is not right',
  401: 'The token is missing or wrong',
  403: 'The Host header names another machine',
  404: 'There is no such bill',
  409: 'Not possible as things stand; the code says why',
  413: 'The body is larger than 256 kB',
  415: 'The body is not application/json',
  422: 'The body does not have the right form; errors say where',
  429: 'There are too many unpaid bills',
  500: 'The terminal failed in an unforeseen way; its log says how',
  503: 'The terminal is stopping, its disk is full, or its journal cannot be read or written',
};

/** What any request may be answered. */
const always = [401, 403, 500];

/** What an answer with this body is described by. */
export function answer(description: string, schema: z.ZodType): Record<string, unknown> {
  return { description, content: { 'application/json': { schema: jsonSchema(schema) } } };
}

/** Problem details for these statuses, and for those that any request may be answered. */
export function problems(...statuses: readonly number[]): Record<string, unknown> {
  const schema = jsonSchema(problemSchema);
  return Object.fromEntries(
    [...always, ...statuses].map((status) => [
      String(status),
      { description: sentences[status] ?? 'Failed', content: { 'application/problem+json': { schema } } },
    ]),
  );
}

/** What stands at the head of the description. */
export const openApiInfo = {
  openapi: '3.1.0' as const,
  info: {
    title: 'Spot Terminal: till interface',
    description:
      "For the merchant's cash register: put bills in, edit and withdraw them, say that they were paid in cash or by card, " +
      'and hear what becomes of them. Amounts are whole minor units (cents), times are milliseconds since 1970.',
    version: '1',
    license: { name: 'MIT', identifier: 'MIT' },
  },
  components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' } } },
  security: [{ token: [] as string[] }],
};
