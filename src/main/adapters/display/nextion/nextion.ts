import type { DisplayPort } from '../../../ports/display.ts';
import { createLineDisplay, type LineOptions } from '../serial-display.ts';
import { NextionSession, type NextionProject } from './session.ts';

/**
 * A Nextion or TJC panel. It answers and can be read back, so that a code that it has cut is noticed: it would be scanned
 * without complaint, and mean something else.
 */
export function createNextionDisplay(options: LineOptions, project: NextionProject): DisplayPort {
  const refuses = (code: string): string | null => {
    if (!/^[ -~]*$/.test(code)) return 'A Nextion panel shows codes of plain letters, digits and signs only.';
    return code.length > project.longestCode
      ? `The code has ${code.length} characters, and the panel's project takes ${project.longestCode}.`
      : null;
  };
  return createLineDisplay(
    options,
    { verify: 'readback', brightness: true, refuses },
    (parts) => new NextionSession(project, parts),
  );
}
