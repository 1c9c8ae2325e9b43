import type { FaultRuleInput } from '../../sandbox/faults.ts';
import type { PrinterState } from '../../sandbox/printer/types.ts';
import { Chance } from './chance.ts';
import { networkTrouble, printerTrouble } from './trouble.ts';

/** What somebody does. `bill` counts the bills of the run from 0, `user` the customers. */
export type Deed =
  | { readonly type: 'putIn'; readonly bill: number; readonly total: number; readonly twice: boolean }
  | { readonly type: 'staffPutIn'; readonly bill: number; readonly total: number }
  | { readonly type: 'edit'; readonly bill: number; readonly total: number }
  | { readonly type: 'withdraw'; readonly bill: number }
  | { readonly type: 'otherwise'; readonly bill: number; readonly how: 'cash' | 'card' }
  | { readonly type: 'checkIn'; readonly user: number }
  | { readonly type: 'checkOut'; readonly user: number }
  | { readonly type: 'pay'; readonly user: number; readonly pick: number }
  | { readonly type: 'refuse'; readonly user: number; readonly pick: number }
  | { readonly type: 'staff'; readonly act: 'closeSpot' | 'offerAgain' | 'reprint' | 'dismiss' }
  | { readonly type: 'foreign'; readonly amount: number }
  | { readonly type: 'network'; readonly rule: FaultRuleInput }
  | { readonly type: 'printer'; readonly change: Partial<PrinterState> }
  | { readonly type: 'printerOff' };

/** A deed and when, in milliseconds after the terminal of its life was ready (or, if it never is, killed). */
export interface Step {
  readonly at: number;
  readonly deed: Deed;
}

/**
 * When the terminal is killed: so many milliseconds after its process was started, after it was ready, after the API has
 * confirmed a payment, or after the API has got a request that it holds. What does not come is waited for a second.
 */
export type Kill =
  | { readonly after: 'start' | 'ready' | 'payment'; readonly ms: number }
  | { readonly after: 'request'; readonly ms: number; readonly held: FaultRuleInput };

/** From one start of the terminal to its kill, and the pause after it. */
export interface Life {
  readonly steps: readonly Step[];
  readonly kill: Kill;
  readonly pauseMs: number;
}

/** What becomes of the bills that are unpaid when the faults end. */
export type Ending = 'pay' | 'withdraw' | 'otherwise' | 'leave';

/** One run, drawn from its seed. */
export interface Plan {
  readonly seed: number;
  readonly lives: readonly Life[];
  readonly endings: readonly Ending[];
  /** Settings of the sandbox that no source of the API decides. */
  readonly switches: Readonly<Record<string, unknown>>;
}

const longestLifeMs = 900;

/** Draws a run: the same seed gives the same plan. */
export function planRun(seed: number): Plan {
  const chance = new Chance(seed);
  const drawing = { chance, bills: 0 };
  const lives = Array.from({ length: chance.whole(1, 3) }, (_, index) => lifeOf(drawing, index === 0));
  return {
    seed,
    lives,
    endings: Array.from({ length: drawing.bills }, () =>
      chance.weighted({ pay: 5, withdraw: 1, otherwise: 2, leave: 2 }),
    ),
    switches: switchesOf(chance),
  };
}

interface Drawing {
  readonly chance: Chance;
  /** Bills put in so far. */
  bills: number;
}

function lifeOf(drawing: Drawing, first: boolean): Life {
  const { chance } = drawing;
  const steps: Step[] = [];
  if (first || chance.happens(0.3)) steps.push({ at: chance.small(200), deed: putIn(drawing) });
  if (first || chance.happens(0.6)) steps.push({ at: chance.small(400), deed: customerPays(chance) });
  for (let count = chance.whole(0, 4); count > 0; count -= 1) {
    steps.push({ at: chance.whole(0, longestLifeMs), deed: anyDeed(drawing) });
  }
  for (let count = chance.whole(0, 4); count > 0; count -= 1) {
    steps.push({ at: chance.small(longestLifeMs), deed: { type: 'network', rule: networkTrouble(chance) } });
  }
  if (chance.happens(0.4)) steps.push({ at: chance.small(600), deed: printerDeed(chance) });
  steps.sort((left, right) => left.at - right.at);
  return { steps, kill: killOf(chance), pauseMs: chance.small(200) };
}

function killOf(chance: Chance): Kill {
  const after = chance.weighted({ start: 1, ready: 3, payment: 2, request: 3 });
  if (after === 'start') return { after, ms: chance.whole(0, 800) };
  if (after === 'ready') return { after, ms: chance.whole(0, longestLifeMs) };
  // Reading back, journaling, printing and closing the spot follow within this time.
  if (after === 'payment') return { after, ms: chance.small(1000) };
  return { after, ms: chance.small(60), held: holdingTrouble(chance) };
}

/** Requests that a kill is aimed at, each as often as it stands here. */
const aims = [
  ['POST', '^/transaction$'],
  ['POST', '^/transaction$'],
  ['POST', '/order$'],
  ['POST', '/order$'],
  ['PUT', '/confirm$'],
  ['PUT', '/confirm$'],
  ['PUT', '/confirm$'],
  ['PUT', '/order/'],
  ['DELETE', '^/transaction/'],
  ['DELETE', '^/order/'],
  ['PUT', '/close$'],
  ['GET', '^/transaction/'],
  ['GET', '^/spot/'],
] as const;

/** Holds a request or its answer long enough for the kill to come in between. */
function holdingTrouble(chance: Chance): FaultRuleInput {
  const [method, path] = chance.pick(aims);
  return { match: { method, path }, times: 1, fault: { type: chance.pick(['delay', 'delayAnswer']), ms: 400 } };
}

function putIn(drawing: Drawing): Deed {
  const { chance } = drawing;
  const bill = drawing.bills;
  drawing.bills += 1;
  const total = chance.whole(1, 5000);
  return chance.happens(0.2)
    ? { type: 'staffPutIn', bill, total }
    : { type: 'putIn', bill, total, twice: chance.happens(0.25) };
}

function customerPays(chance: Chance): Deed {
  return { type: 'pay', user: chance.whole(0, 2), pick: chance.whole(0, 9) };
}

function printerDeed(chance: Chance): Deed {
  return chance.happens(0.15) ? { type: 'printerOff' } : { type: 'printer', change: printerTrouble(chance) };
}

function anyDeed(drawing: Drawing): Deed {
  const { chance } = drawing;
  const type = chance.weighted({
    putIn: 2,
    edit: 2,
    withdraw: 1,
    otherwise: 1.5,
    checkIn: 1,
    checkOut: 1,
    pay: 3,
    refuse: 1,
    staff: 1.5,
    foreign: 0.6,
  });
  const bill = chance.whole(0, Math.max(0, drawing.bills - 1));
  const user = chance.whole(0, 2);
  switch (type) {
    case 'putIn':
      return putIn(drawing);
    case 'edit':
      return { type, bill, total: chance.whole(1, 5000) };
    case 'withdraw':
      return { type, bill };
    case 'otherwise':
      return { type, bill, how: chance.pick(['cash', 'card']) };
    case 'checkIn':
    case 'checkOut':
      return { type, user };
    case 'pay':
    case 'refuse':
      return { type, user, pick: chance.whole(0, 9) };
    case 'staff':
      return { type, act: chance.pick(['closeSpot', 'offerAgain', 'reprint', 'dismiss']) };
    case 'foreign':
      return { type, amount: chance.whole(1, 5000) };
  }
}

function switchesOf(chance: Chance): Plan['switches'] {
  const bodies = ['transaction', 'empty_object', 'nothing'] as const;
  return {
    confirmAnswer: chance.pick(bodies),
    deleteAnswer: chance.pick(bodies),
    secondConfirm: chance.pick([409, 200]),
    orderChange: chance.pick(['leaves_transaction', 'deletes_transaction']),
    deletedOrder: chance.pick(['gone', 'closed']),
    orderAfterRevoke: chance.pick(['closed', 'pending']),
    settledOrders: chance.pick(['leave_on_next_visit', 'leave_on_close', 'stay']),
  };
}
