import type { DisplayPort } from '../../../ports/display.ts';
import { createLineDisplay, type LineOptions } from '../serial-display.ts';
import { DgusSession, type DgusProject } from './session.ts';

/** A DWIN DGUS II panel or a clone. It can be read back; its acknowledgements prove nothing. */
export function createDgusDisplay(options: LineOptions, project: DgusProject): DisplayPort {
  const refuses = (code: string): string | null => {
    if (!/^[ -~]*$/.test(code)) return 'A DGUS panel shows codes of plain letters, digits and signs only.';
    return code.length > project.longestCode
      ? `The code has ${code.length} characters, and the panel is set up for ${project.longestCode}.`
      : null;
  };
  return createLineDisplay(
    options,
    { verify: 'readback', brightness: true, refuses },
    (parts) => new DgusSession(project, parts),
  );
}
