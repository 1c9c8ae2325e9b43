import { assertNever } from '../../../shared/failure.ts';
import { doubtful } from '../receipt/printing.ts';
import type { Turn } from '../turn.ts';
import { create } from './offering.ts';
import { removeOrder, settle } from './retire.ts';
import type { Offer, Receipt } from './state.ts';

/**
 * After a start: the effects that were under way when the process ended have no result and never will. What changes
 * the remote side is asked for first, what is harmless is repeated, paper is never repeated silently (effect.ts).
 */
export function recover(turn: Turn): void {
  for (const offer of Object.values(turn.state.offers)) recoverOffer(turn, offer);
  for (const receipt of Object.values(turn.state.receipts)) recoverPaper(turn, receipt);
  if (turn.state.spot.closing.name === 'closing') {
    turn.setSpot({ closing: { name: 'readingBack', since: turn.revision } });
  }
}

function recoverOffer(turn: Turn, offer: Offer): void {
  const since = turn.revision;
  switch (offer.stage.name) {
    case 'creating':
      turn.stage(offer, { name: 'searching', since });
      return;
    case 'attaching':
      recoverAttaching(turn, offer);
      return;
    case 'confirming':
      turn.stage(offer, { name: 'readingBack', since });
      return;
    case 'revoking':
      turn.stage(offer, { name: 'revokeReading', since });
      return;
    case 'removingOrder':
      if (offer.orderId === null) turn.stage(offer, { name: 'settled' });
      else removeOrder(turn, offer, offer.orderId);
      return;
    case 'createLater':
      if (offer.unwanted) settle(turn, offer);
      else create(turn, offer);
      return;
    // Questions and waits go on by themselves: readings are asked for by the state, not by memory.
    case 'searching':
    case 'awaitingSpot':
    case 'attachLater':
    case 'attachLost':
    case 'offered':
    case 'checking':
    case 'readingBack':
    case 'confirmLater':
    case 'confirmed':
    case 'superseded':
    case 'revokeLater':
    case 'revokeReading':
    case 'removeOrderLater':
    case 'settled':
    case 'observed':
      return;
    default:
      assertNever(offer.stage);
  }
}

function recoverAttaching(turn: Turn, offer: Offer): void {
  // Through lists the order cannot be seen; asking again is harmless (see attachAnswerLost in calls.ts).
  if (turn.state.spot.access === 'list') turn.stage(offer, { name: 'attachLater', notBefore: turn.at });
  else turn.stage(offer, { name: 'attachLost', since: turn.revision });
}

function recoverPaper(turn: Turn, receipt: Receipt): void {
  if (receipt.paper.name === 'checkingPrinter') {
    turn.setReceipt({ ...receipt, paper: { name: 'queued', notBefore: turn.at } });
  } else if (receipt.paper.name === 'sending' || receipt.paper.name === 'sent') {
    doubtful(turn, receipt, 'The terminal was switched off while it was printing.');
  }
}
