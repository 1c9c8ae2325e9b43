import type { TerminalState } from '../../src/main/core/bill/state.ts';
import type { BillView } from '../../src/shared/bill.ts';

/**
 * Who is at the table, as far as the terminal can know: one visit ends when the spot is read as closed, the next begins
 * when it is read as waiting or open. What one visit saw, the next may not see, unless staff offered it anew.
 */
export class Visits {
  #visit = 0;
  #present = false;
  /** Bill -> visit in which it was shown, and how often it had been offered then. */
  readonly #seen = new Map<string, { visit: number; offers: number }>();

  onCommit(before: TerminalState | null, after: TerminalState): void {
    if (before?.spot.status === after.spot.status) return;
    if (after.spot.status === 'closed') this.#present = false;
    else if ((after.spot.status === 'waiting' || after.spot.status === 'open') && !this.#present) {
      this.#present = true;
      this.#visit += 1;
    }
  }

  /** Gives what is wrong with what the customer sees, if anything is. */
  onShown(bills: readonly BillView[], state: TerminalState | undefined): string | undefined {
    for (const { id, number, status } of bills) {
      const offers = Object.values(state?.bills ?? {}).find((each) => each.id === id)?.offersMade ?? 0;
      const seen = this.#seen.get(id);
      if (seen && this.#present && seen.visit < this.#visit && seen.offers === offers) {
        return `Bill ${number} (${status}) was shown in visit ${seen.visit}, and again in visit ${this.#visit}.`;
      }
      if (this.#present) this.#seen.set(id, { visit: this.#visit, offers });
    }
    return undefined;
  }
}
