import type { FaultRuleInput } from '../../sandbox/faults.ts';
import type { PrinterState } from '../../sandbox/printer/types.ts';
import type { Chance } from './chance.ts';

/** Which requests meet a fault: any, or those in which money is made, moved or given back. */
const targets = [
  {},
  {},
  { method: 'GET' },
  { method: 'POST', path: '^/transaction$' },
  { method: 'POST', path: '/order$' },
  { method: 'PUT', path: '/confirm$' },
  { method: 'PUT', path: '/confirm$' },
  { method: 'PUT', path: '/close$' },
  { method: 'DELETE' },
  { path: '^/transaction' },
] as const;

/** A fault of the API or of the way to it. */
export function networkTrouble(chance: Chance): FaultRuleInput {
  return { match: chance.pick(targets), times: chance.whole(1, 2), fault: faultOf(chance) };
}

function faultOf(chance: Chance): FaultRuleInput['fault'] {
  const type = chance.weighted({
    delay: 3,
    delayAnswer: 3,
    drop: 2,
    dropAnswer: 3,
    status: 2,
    statusAfter: 2,
    garbage: 1,
    garbageAfter: 1,
    duplicate: 2,
  });
  switch (type) {
    case 'delay':
    case 'delayAnswer':
      // Now and then longer than the terminal waits.
      return { type, ms: chance.happens(0.15) ? 1200 : chance.whole(20, 400) };
    case 'status':
      return chance.happens(0.3)
        ? { type, status: 429, retryAfter: 1 }
        : { type, status: chance.pick([500, 502, 503, 504]) };
    case 'statusAfter':
      return { type, status: chance.pick([500, 502, 503, 504]) };
    default:
      return { type };
  }
}

/** Something wrong with the receipt printer; it lasts until the faults end, or until something else goes wrong. */
export function printerTrouble(chance: Chance): Partial<PrinterState> {
  const kind = chance.weighted({
    slow: 4,
    paperOut: 1,
    coverOpen: 1,
    offline: 1,
    silent: 1,
    refuse: 1,
    stalled: 1,
    reset: 2,
    noProcessIds: 1,
    well: 1,
  });
  switch (kind) {
    case 'slow':
      return { speed: chance.whole(60, 250) };
    case 'paperOut':
      return { paper: 'out' };
    case 'reset':
      // Less than a receipt: the connection ends in the middle of one.
      return { resetAfterBytes: chance.whole(1, 900) };
    case 'noProcessIds':
      return { processIds: false };
    case 'well':
      return { paper: 'ok', coverOpen: false, offline: false, silent: false, refuse: false, stalled: false };
    case 'coverOpen':
    case 'offline':
    case 'silent':
    case 'refuse':
    case 'stalled':
      return { [kind]: true };
  }
}
