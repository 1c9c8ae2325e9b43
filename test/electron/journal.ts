import { appendFileSync } from 'node:fs';

/** What the stand-in was told to do, for tests to read: one line of JSON each. */
export interface JournalEntry {
  readonly what: string;
  readonly [detail: string]: unknown;
}

/** The environment variable that names the file. */
export const journalVariable = 'ELECTRON_STAND_IN_JOURNAL';

/** Writes one line, when a test wants to know. */
export function note(what: string, details: Record<string, unknown> = {}): void {
  const file = process.env[journalVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ what, ...details })}\n`);
}
