/** What of a terminal is looked at, in the order in which it is. */
export const parts = [
  'configuration',
  'key',
  'data_folder',
  'disk',
  'journal',
  'screens',
  'fonts',
  'screen',
  'code',
  'till',
  'clock',
  'api',
  'spot',
  'budget',
  'printer',
  'display',
] as const;
export type Part = (typeof parts)[number];

/** What was found of one part. */
export interface Finding {
  readonly part: Part;
  /** Which one, where there are several. */
  readonly name?: string;
  /** `skipped`: it could not be looked at, because of another part or because a running terminal has it. */
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  /** For programs; `ok` when all is well. */
  readonly code: string;
  /** A sentence that says what is so, or what to do. Never holds a secret. */
  readonly message: string;
}

type Rest = Omit<Finding, 'status'>;

/** A finding that is as it should be. */
export function fine(part: Part, message: string, name?: string): Finding {
  return { part, status: 'ok', code: 'ok', message, ...(name !== undefined && { name }) };
}

/** A finding that keeps the terminal, or this part of it, from working. */
export function failed(rest: Rest): Finding {
  return { ...rest, status: 'failed' };
}

/** A finding that somebody should hear of before it becomes worse. */
export function warning(rest: Rest): Finding {
  return { ...rest, status: 'warning' };
}

/** A part that could not be looked at. */
export function skipped(part: Part, message: string, name?: string): Finding {
  return { part, status: 'skipped', code: 'skipped', message, ...(name !== undefined && { name }) };
}

/** An error of ours as a finding: its own code and sentence. */
export function failure(part: Part, error: unknown): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unexpected';
  return failed({ part, code, message: error instanceof Error ? error.message : String(error) });
}
