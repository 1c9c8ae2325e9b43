import type { RememberedBudget } from '../core/polling/budget.ts';

/** Where the request budget outlives the process. Never throws: a terminal that cannot remember must still take payments. */
export interface RequestMemory {
  /** What was remembered last, as old as it is now; null when there is nothing. */
  load(): RememberedBudget | null;
  /** Called with each request, so it must be quick; it need not survive a power cut. */
  save(budget: RememberedBudget): void;
  /** Ends it. Idempotent. */
  close(): void;
}
