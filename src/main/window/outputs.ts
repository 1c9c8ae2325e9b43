import type { DisplayPage, PageTrouble } from '../ports/display-pages.ts';

/** A monitor, as far as choosing one goes: the part of Electron's display that says so. */
export interface Output {
  readonly id: number;
  /** What the monitor, or its connector, is called; several may be called the same. */
  readonly label: string;
  /** Its place among the others, in points. */
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

/** Where a page goes, or why nowhere. */
export type Placement = { readonly output: Output } | { readonly trouble: PageTrouble };

/**
 * Chooses a monitor for each page: never the terminal's own, never one that another page has, and none at all where several
 * may be meant. Pages with a monitor's name or number choose first.
 * @param ownId the monitor with the terminal's own screen
 */
export function placePages(
  pages: readonly DisplayPage[],
  outputs: readonly Output[],
  ownId: number,
): ReadonlyMap<string, Placement> {
  let free = outputs.filter(({ id }) => id !== ownId);
  const placements = new Map<string, Placement>();
  const place = ({ name, output }: DisplayPage): void => {
    const fitting = free.filter(({ id, label }) => output === undefined || output === label || output === String(id));
    const [chosen] = fitting;
    if (!chosen) placements.set(name, { trouble: 'display_not_found' });
    else if (fitting.length > 1) placements.set(name, { trouble: 'display_ambiguous' });
    else {
      placements.set(name, { output: chosen });
      free = free.filter(({ id }) => id !== chosen.id);
    }
  };
  pages.filter(({ output }) => output !== undefined).forEach(place);
  pages.filter(({ output }) => output === undefined).forEach(place);
  return placements;
}
