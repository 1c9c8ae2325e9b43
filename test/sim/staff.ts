import type { BillDraft, BillView } from '../../src/shared/bill.ts';
import type { Answer, IntentInput, IntentName, ScreenSession } from '../../src/shared/contract.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';
import type { Chance, Mischief } from './mischief.ts';
import { nowAndThen, type PeopleOptions } from './people.ts';
import type { TerminalProcess } from './process.ts';
import type { Witness } from './witness.ts';

/** What staff and the till work with. */
export interface ServiceOptions extends Pick<PeopleOptions, 'universe' | 'chance' | 'mischief' | 'trace' | 'until'> {
  readonly process: TerminalProcess;
  readonly witness: Witness;
  /** The staff screen as it is now; undefined while the terminal is away. */
  readonly screen: () => { readonly session: ScreenSession; readonly snapshot: Snapshot } | undefined;
}

const titles = ['Coffee', 'Soup', 'Cake', 'Šakotis', 'Water'];

function draftOf(chance: Chance, number: string): BillDraft {
  const lines = Array.from({ length: chance.between('lines', 1, 3) }, () => ({
    title: chance.one('title', titles),
    total: chance.between('line total', 100, 2000),
  }));
  return { number, lines, total: lines.reduce((sum, { total }) => sum + total, 0), currency: 'EUR' };
}

/** Staff at the screen: they put bills in, edit, withdraw, take cash, offer again, close the spot. */
export function staff(options: ServiceOptions): void {
  const { chance, screen } = options;
  let made = 0;
  nowAndThen(options, 'staff', [3000, 25_000], () => {
    const seen = screen();
    if (!seen) return;
    const hands = new Hands(options, seen.session);
    const bills = seen.snapshot.staff?.bills ?? [];
    const own = bills.filter(({ source }) => source !== 'foreign');
    const unpaid = own.filter(({ status }) => !['paid', 'withdrawn', 'expired'].includes(status));
    if (unpaid.length < 2 && hands.does('createBill', 0.5, () => ({ draft: draftOf(chance, `S${(made += 1)}`) })))
      return;
    const [bill] = unpaid.length === 0 ? [] : [chance.one('bill for staff', unpaid)];
    if (bill && aboutBill(hands, bill, options)) return;
    for (const item of seen.snapshot.staff?.attention ?? []) {
      if (item.dismissable) hands.does('dismissAttention', 0.05, () => ({ id: item.id }));
    }
    for (const { number } of seen.snapshot.staff?.receipts ?? []) {
      hands.does('reprintReceipt', 0.01, () => ({ receiptNumber: number }));
    }
    hands.does('closeSpot', 0.04, () => ({}));
  });
}

function aboutBill(hands: Hands, bill: BillView, { chance, witness }: ServiceOptions): boolean {
  const stuck = bill.status === 'refused';
  const billId = bill.id;
  return (
    (stuck && hands.does('offerBillAgain', 0.5, () => ({ billId }))) ||
    hands.does('editBill', 0.1, () => ({ billId, draft: draftOf(chance, bill.number) })) ||
    hands.does('withdrawBill', stuck ? 0.2 : 0.05, () => ({ billId })) ||
    hands.does('payBillOtherwise', stuck ? 0.2 : 0.08, () => {
      witness.saidPaidOtherwise(billId);
      return { billId, how: chance.one('other way', ['cash', 'card'] as const) };
    })
  );
}

/** A pair of hands at the screen. */
class Hands {
  readonly #mischief: Mischief;
  readonly #options: ServiceOptions;
  readonly #session: ScreenSession;

  constructor(options: ServiceOptions, session: ScreenSession) {
    this.#mischief = options.mischief;
    this.#options = options;
    this.#session = session;
  }

  /** Touches the screen, perhaps; gives whether it was touched. */
  does<Name extends IntentName>(name: Name, probability: number, input: () => IntentInput<Name>): boolean {
    if (!this.#mischief.happens(`staff ${name}`, probability)) return false;
    this.#options.trace.tell('staff', name);
    void this.#session.intent(name, input()).then((answer) => {
      if (!answer.ok) this.#options.trace.tell('staff', `${name} was refused: ${answer.code}`);
    });
    return true;
  }
}

interface Request {
  readonly draft: BillDraft;
  readonly key: string;
  billId: string | undefined;
}

/** The till: puts bills in, and repeats requests that went unanswered, or for no reason at all. */
export function till(options: ServiceOptions): void {
  const { chance, mischief, trace, process } = options;
  const requests: Request[] = [];
  nowAndThen(options, 'till', [10_000, 60_000], () => {
    if (mischief.happens('till sends a bill', 0.35)) {
      requests.push({
        draft: draftOf(chance, `T${requests.length + 1}`),
        key: `key-${requests.length + 1}`,
        billId: undefined,
      });
    }
    for (const request of requests) {
      if (request.billId !== undefined && !mischief.happens('till repeats a bill', 0.05)) continue;
      trace.tell('till', `sends bill ${request.draft.number}`);
      send(process, request, options);
    }
  });
}

function send(process: TerminalProcess, request: Request, { witness, trace }: ServiceOptions): void {
  const { terminal } = process;
  if (!terminal) return;
  const idempotency = { key: request.key, bodyHash: request.draft.number };
  const answered = (answer: Answer) => {
    if (!process.alive || process.terminal !== terminal) return;
    if (!answer.ok) trace.tell('till', `was refused: ${answer.code}`);
    else if (request.billId !== undefined && request.billId !== answer.billId) {
      witness.accuse(2, `The till repeated ${request.key} and got another bill.`);
    } else request.billId = answer.billId;
  };
  process.guarded(() => void terminal.submit({ type: 'create', draft: request.draft, idempotency }).then(answered));
}
