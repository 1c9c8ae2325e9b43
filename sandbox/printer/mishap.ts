import type { MishapName, PrinterState } from './types.ts';

const CHANGES: Readonly<Record<Exclude<MishapName, 'power-cycle' | 'reset' | 'end'>, Partial<PrinterState>>> = {
  'paper-out': { paper: 'out' },
  'cover-open': { coverOpen: true },
  'cutter-error': { cutterError: true },
  offline: { offline: true },
  stall: { stalled: true },
  silence: { silent: true },
  garbage: { garbage: true },
  'half-open': { halfOpen: true },
};

/** What such a mishap changes; it stays so until somebody mends it. */
export function changeOf(what: keyof typeof CHANGES): Partial<PrinterState> {
  return CHANGES[what];
}

/** What a person does about all mishaps together: a new roll, the cover closed, the cable looked after. */
export const MENDED: Partial<PrinterState> = {
  paper: 'ok',
  coverOpen: false,
  cutterError: false,
  offline: false,
  stalled: false,
  silent: false,
  garbage: false,
  halfOpen: false,
  mishap: null,
};
