import type { Answer } from '../../../shared/contract.ts';
import { assertNever } from '../../../shared/failure.ts';
import type { EffectId } from '../../../shared/ids.ts';
import { paperEnded, paperSent, printerChecked } from '../receipt/printing.ts';
import { closeAnswered } from '../spot/closing.ts';
import { swept } from '../spot/earlier.ts';
import { observedSeen, strangerMet } from '../spot/foreign.ts';
import { spotRead } from '../spot/spot.ts';
import { unknownSpot } from '../spot/state.ts';
import { Turn } from '../turn.ts';
import { offerAwaiting, offerCalled } from './calls.ts';
import { countersAfter, journalDamaged } from './damage.ts';
import type { Effect } from './effect.ts';
import type { CallResult, TerminalEvent } from './event.ts';
import { intended } from './intents.ts';
import { searched, transactionSeen } from './reads.ts';
import { recover } from './recover.ts';
import type { Settings, TerminalState } from './state.ts';
import { timePasses } from './tick.ts';

/** What `decide` gives: the new state (the same object when nothing changed), the effects, and an intent's answer. */
export interface Decision {
  readonly state: TerminalState;
  readonly effects: readonly Effect[];
  readonly answer: Answer | undefined;
}

/** The state of a terminal that has never been started. */
export function newState(settings: Settings, at: number): TerminalState {
  return {
    revision: 0,
    firstStartedAt: at,
    settings,
    effectsMade: 0,
    receiptsMade: 0,
    spot: unknownSpot,
    bills: {},
    offers: {},
    receipts: {},
    attention: {},
    pin: { wrongTries: 0, lockedUntil: 0 },
  };
}

/**
 * The only place where the terminal chooses (design.md 2). Pure and total: no clock, no I/O, no chance, no exceptions;
 * an event that does not apply gives the same state back.
 */
export function decide(state: TerminalState, event: TerminalEvent): Decision {
  const known = countersAfter(state, event.type === 'started' ? event.damage : undefined);
  const turn = new Turn(known, event.at);
  happened(turn, event, state);
  timePasses(turn);
  const changed = turn.state !== state;
  return {
    state: changed ? { ...turn.state, revision: turn.revision } : state,
    effects: turn.effects,
    answer: turn.answer,
  };
}

function happened(turn: Turn, event: TerminalEvent, before: TerminalState): void {
  switch (event.type) {
    case 'started':
      started(turn, event.settings);
      if (event.damage) journalDamaged(turn, event.damage, before.receiptsMade);
      return;
    case 'journalFaultFound':
      turn.raise('journal_fault', { details: { message: event.message } });
      return;
    case 'tick':
      return;
    case 'intent':
      return intended(turn, event.intent);
    case 'called':
      return called(turn, event.effectId, event.result);
    case 'spotRead':
      return spotRead(turn, event);
    case 'transactionRead':
      return transactionRead(turn, event);
    case 'searched': {
      const offer = turn.offer(event.offerId);
      if (offer) searched(turn, offer, event.transaction, event.asOf);
      return;
    }
    case 'swept':
      return swept(turn, event.transactions, event.asOf);
    case 'printerChecked':
      return printerChecked(turn, event);
    case 'paperSent':
      return paperSent(turn, event.effectId);
    case 'paperEnded':
      return paperEnded(turn, event.effectId, event.result);
    case 'pinTried':
      return pinTried(turn, event.right);
    case 'pinLockOver':
      return turn.change({ pin: { wrongTries: 0, lockedUntil: 0 } });
    default:
      return assertNever(event);
  }
}

/** Each start counts as a change: it is evidence, and readings from before it do not count any more. */
function started(turn: Turn, settings: Settings): void {
  const { spot } = turn.state;
  const moved =
    settings.locationId !== turn.state.settings.locationId || settings.identifier !== turn.state.settings.identifier;
  // What may be read is tried anew at each start: permissions change (api.md 17.1).
  const known = moved ? unknownSpot : { ...spot, access: 'untried' as const };
  // A lock-out begins anew: nobody knows how long the terminal was off, and whoever can restart it must not gain by that.
  const lockedUntil = turn.state.pin.lockedUntil > 0 ? turn.at + settings.pinLockOutMs : 0;
  const pin = { ...turn.state.pin, lockedUntil };
  turn.change({ settings, pin, spot: { ...known, sweep: turn.revision } });
  recover(turn);
}

function called(turn: Turn, effectId: EffectId, result: CallResult): void {
  const { closing } = turn.state.spot;
  if (closing.name === 'closing' && closing.effectId === effectId) {
    closeAnswered(turn, result);
    return;
  }
  const offer = offerAwaiting(turn, effectId);
  if (offer) offerCalled(turn, offer, result);
}

function transactionRead(turn: Turn, event: Extract<TerminalEvent, { type: 'transactionRead' }>): void {
  const offer = Object.values(turn.state.offers).find((each) => each.key === event.key);
  if (offer) {
    transactionSeen(turn, offer, event.transaction, event.asOf);
    observedSeen(turn, offer, event.transaction);
  } else if (event.transaction && event.key in turn.state.spot.unread) {
    strangerMet(turn, event.transaction, turn.state.spot.unread[event.key] ?? null);
  }
}

function pinTried(turn: Turn, right: boolean): void {
  const { pin, settings } = turn.state;
  if (right) {
    if (pin.wrongTries > 0 || pin.lockedUntil > 0) turn.change({ pin: { wrongTries: 0, lockedUntil: 0 } });
    return;
  }
  const wrongTries = pin.wrongTries + 1;
  const locked = wrongTries >= settings.pinWrongTries;
  turn.change({
    pin: locked
      ? { wrongTries: 0, lockedUntil: turn.at + settings.pinLockOutMs }
      : { wrongTries, lockedUntil: pin.lockedUntil },
  });
}
