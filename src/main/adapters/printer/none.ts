import type { PrinterPort } from '../../ports/printer.ts';
import { printerProblem } from './problems.ts';

/** The printer of a terminal that has none: it prints nothing and says why. */
export function createNoPrinter(): PrinterPort {
  const problem = printerProblem('not_configured');
  return {
    check: () => Promise.resolve({ ready: false, problem }),
    print: () => Promise.resolve({ outcome: 'failed', problem }),
    stop: () => Promise.resolve(),
  };
}
