import { isUnpaid } from './intents.ts';
import type { OfferStageName, PaperStage, TerminalState } from './state.ts';

/** Nothing is asked of the API any more for an offer in one of these stages; a foreign one is only looked at. */
const restingStages: readonly OfferStageName[] = ['confirmed', 'settled', 'observed'];
/** Nothing leaves for the printer any more. */
const restingPapers: readonly PaperStage['name'][] = ['printed', 'failed', 'doubtful'];

/**
 * Whether nobody would notice the terminal being gone for a minute: no bill is open, no money moves, no paper is on its
 * way and nobody is known to be checked in. A restart at any other time is safe too; it is only not polite.
 */
export function isAtRest({ bills, offers, receipts, spot }: TerminalState): boolean {
  return (
    !Object.values(bills).some(isUnpaid) &&
    Object.values(offers).every(({ stage }) => restingStages.includes(stage.name)) &&
    Object.values(receipts).every(({ paper }) => restingPapers.includes(paper.name)) &&
    !spot.somebody
  );
}
