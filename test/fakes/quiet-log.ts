import type { Log } from '../../src/main/ports/log.ts';

/** A log that keeps its lines, for tests that look at them. */
export function keptLog(): Log & { readonly lines: readonly { level: string; message: string; fields?: unknown }[] } {
  const lines: { level: string; message: string; fields?: unknown }[] = [];
  const at = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    lines.push(fields ? { level, message, fields } : { level, message });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
