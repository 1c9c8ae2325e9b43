import { z } from 'zod';
import type { Callback } from '../../ports/callbacks.ts';

/** The two fields of a callback, after form decoding and before anything else (api.md 12). */
export interface Form {
  /** JSON, exactly as it was signed. */
  readonly event: string;
  /** Base64. */
  readonly sign: string;
}

/** The fields of a form; null when it does not hold each of them exactly once. */
export function formOf(body: Buffer): Form | null {
  const fields = new URLSearchParams(body.toString('utf8'));
  const [events, signs] = [fields.getAll('event'), fields.getAll('sign')];
  const [event] = events;
  const [sign] = signs;
  if (event === undefined || sign === undefined || events.length > 1 || signs.length > 1) return null;
  // Base64 has no spaces: those were plus signs that the sender did not encode.
  return { event, sign: sign.replaceAll(' ', '+') };
}

/** What may stand in an event: unknown objects, types and fields are no mistake (api.md 12). */
const eventSchema = z.object({ object: z.string(), type: z.string(), data: z.unknown().optional() });
const dataSchema = z.object({ transaction_key: z.string().min(1).max(200) });

/** What an event tells of a transaction; null when it tells of something else, or nothing that can be read. */
export function callbackOf(event: string): Callback | null {
  const told = eventSchema.safeParse(jsonOf(event));
  if (!told.success || told.data.object !== 'transaction') return null;
  const data = dataSchema.safeParse(told.data.data);
  return data.success ? { key: data.data.transaction_key, kind: told.data.type.slice(0, 40) } : null;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
