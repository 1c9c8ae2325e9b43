import type { Transaction } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';
import type { HttpAnswer } from '../../src/main/adapters/wallet/error.ts';
import type { HttpRequest } from '../../src/main/adapters/wallet/http.ts';
import type { Bill, Offer, TerminalState } from '../../src/main/core/bill/state.ts';
import type { Commit } from '../../src/main/ports/journal.ts';
import type { BillView } from '../../src/shared/bill.ts';
import type { Snapshot } from '../../src/shared/snapshot.ts';
import type { Paper } from './printer.ts';
import type { Universe } from './universe.ts';
import { Unanswered } from './unanswered.ts';
import { Visits } from './visits.ts';

/** What may never happen, by the numbers of docs/reliability.md. */
export class Violation extends Error {
  readonly invariant: number;

  constructor(invariant: number, message: string) {
    super(message);
    this.invariant = invariant;
  }
}

interface WitnessOptions {
  readonly universe: Universe;
  readonly world: World;
  readonly limits: { readonly perMinute: number; readonly perHour: number };
}

/** Our own data in a transaction of the terminal's; undefined for those of others. */
export function ours(transaction: Transaction): { bill: string; offer: string } | undefined {
  const parameters = transaction.payments[0]?.parameters;
  if (typeof parameters !== 'object' || parameters === null || !('bill' in parameters)) return undefined;
  return parameters as { bill: string; offer: string };
}

export function totalOf(transaction: Transaction): number {
  return transaction.payments.reduce((sum, { price }) => sum + price, 0);
}

/**
 * Watches a run from outside the terminal: what it sends, commits, shows and prints. The first thing that may not
 * happen is kept; nothing of the terminal's own judgement is used.
 */
export class Witness {
  readonly #options: WitnessOptions;
  readonly #visits = new Visits();
  readonly #unanswered = new Unanswered();
  /** Bills and versions that were on a screen. */
  readonly #shown = new Set<string>();
  /** What the last answer about a transaction said: payments and status, as text. */
  readonly #read = new Map<string, { total: number; status: string }>();
  readonly #sent: number[] = [];
  /** Bills that staff said were paid in cash or by card. */
  readonly #paidOtherwise = new Set<string>();
  readonly #unmarked = new Map<number, number>();
  readonly papers: Paper[] = [];
  #pausedUntil = 0;
  state: TerminalState | undefined;
  violation: Violation | undefined;

  constructor(options: WitnessOptions) {
    this.#options = options;
  }

  /** Keeps the first violation. */
  accuse(invariant: number, message: string): void {
    if (process.env['SIM_IGNORE']?.includes(String(invariant))) return;
    this.violation ??= new Violation(invariant, message);
  }

  saidPaidOtherwise(billId: string): void {
    this.#paidOtherwise.add(billId);
  }

  /** Nobody asks the API while it refuses the account: staff's own requests do not count. */
  onSent(request: HttpRequest): void {
    const now = this.#options.universe.elapsed;
    const { perMinute, perHour } = this.#options.limits;
    if (now < this.#pausedUntil)
      this.accuse(8, `${request.method} ${request.path} was sent although the API asked to wait.`);
    this.#sent.push(now);
    const within = (width: number) => this.#sent.length - this.#sent.findIndex((time) => time > now - width);
    if (within(60_000) > perMinute) this.accuse(8, `${within(60_000)} requests in a minute.`);
    if (within(3_600_000) > perHour) this.accuse(8, `${within(3_600_000)} requests in an hour.`);
    const doubled = this.#unanswered.onSent(request);
    if (doubled !== undefined) this.accuse(2, doubled);
    const key = /\/transaction\/([^/]+)\/confirm$/.exec(request.path)?.[1];
    if (request.method === 'PUT' && key) this.#confirming(key);
  }

  onNotSent(request: HttpRequest): void {
    this.#unanswered.onNotSent(request);
  }

  onAnswer(request: HttpRequest, answer: HttpAnswer): void {
    this.#unanswered.onAnswer(request, answer);
    const wait = answer.status === 429 ? Number(answer.headers['retry-after'] ?? 0) : 0;
    if (wait > 0) this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.universe.elapsed + wait * 1000);
    if (request.method !== 'GET' || answer.status !== 200 || !answer.text.startsWith('{')) return;
    this.#remember(JSON.parse(answer.text));
  }

  /** Transactions wherever they stand in an answer. */
  #remember(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if ('transaction_key' in value && 'payments' in value && Array.isArray(value.payments)) {
      const total = value.payments.reduce((sum: number, each: { price?: number }) => sum + (each.price ?? 0), 0);
      const status = 'status' in value ? String(value.status) : '';
      this.#read.set(String(value.transaction_key), { total, status });
    }
    for (const inner of Object.values(value)) this.#remember(inner);
  }

  /** Invariant 1: what is confirmed is what was read, what the bill says, and what stood on the screen. */
  #confirming(key: string): void {
    const state = this.state;
    const offer = Object.values(state?.offers ?? {}).find((each) => each.key === key);
    const bill = offer && state?.bills[offer.billId];
    if (!offer || !bill) {
      this.accuse(1, `Confirms ${key}, which belongs to no bill.`);
      return;
    }
    const read = this.#read.get(key);
    const wanted = bill.status.name === 'open' && bill.status.offerId === offer.id && bill.version === offer.version;
    if (!wanted) this.accuse(1, `Confirms ${key} of bill ${bill.number}, which is ${bill.status.name}.`);
    if (read?.status !== 'reserved' || read.total !== bill.total.amount) {
      this.accuse(
        1,
        `Confirms ${key} for bill ${bill.number} of ${bill.total.amount}, last read as ${JSON.stringify(read)}.`,
      );
    }
    if (!this.#shown.has(`${bill.id} ${bill.version}`)) this.accuse(1, `Bill ${bill.number} was never shown.`);
  }

  onCommit({ event, before, state }: Commit): void {
    this.state = state;
    this.#visits.onCommit(before, state);
    // Numbers that may have been given in entries that are lost are skipped, and staff are told.
    if (event.type === 'started' && event.damage) return;
    const made = state.receiptsMade - (before?.receiptsMade ?? 0);
    const fresh = Object.values(state.receipts).filter(({ number }) => number > (before?.receiptsMade ?? 0));
    if (made !== fresh.length)
      this.accuse(5, `${made} receipt numbers were given, ${fresh.length} receipts were made.`);
  }

  onSnapshot(snapshot: Snapshot): void {
    const shown = [...snapshot.customer.bills, ...(snapshot.staff?.bills ?? [])];
    for (const bill of shown) {
      this.#shown.add(`${bill.id} ${bill.version}`);
      if (bill.status === 'paid') this.#paid(bill);
    }
    const strangers = this.#visits.onShown(snapshot.customer.bills, this.state);
    if (strangers) this.accuse(7, strangers);
  }

  /** Invariant 2: never shown as paid unless the API says confirmed, or staff said cash. */
  #paid(bill: BillView): void {
    const { world } = this.#options;
    const own = [...world.transactions.values()].filter((transaction) => ours(transaction)?.bill === bill.id);
    if (bill.paid?.how !== 'wallet') {
      if (!this.#paidOtherwise.has(bill.id))
        this.accuse(2, `Bill ${bill.number} is shown as paid in cash: nobody said so.`);
      const both = own.find(({ status }) => status === 'confirmed' || status === 'reserved');
      if (both) this.accuse(2, `Bill ${bill.number} is shown as paid in cash; its transaction is ${both.status}.`);
      return;
    }
    const transaction = world.transactions.get(bill.paid.transactionKey ?? '');
    if (transaction?.status !== 'confirmed' || totalOf(transaction) !== bill.total) {
      this.accuse(2, `Bill ${bill.number} is shown as paid; its transaction is ${transaction?.status ?? 'unknown'}.`);
    }
    if (own.filter(({ status }) => status === 'confirmed').length > 1)
      this.accuse(2, `Bill ${bill.number} is paid twice.`);
  }

  /** Invariant 4: never two unmarked papers of one receipt, and none for what is not paid. */
  onPaper(paper: Paper): void {
    this.papers.push(paper);
    const receipt = this.state?.receipts[paper.receiptNumber];
    const bill: Bill | undefined = receipt && this.state?.bills[receipt.billId];
    if (!receipt || (bill && bill.status.name !== 'paid')) {
      this.accuse(4, `Receipt ${paper.receiptNumber} was printed for a bill that is not paid.`);
    }
    if (paper.copy) return;
    const count = (this.#unmarked.get(paper.receiptNumber) ?? 0) + 1;
    this.#unmarked.set(paper.receiptNumber, count);
    if (count > 1) this.accuse(4, `Receipt ${paper.receiptNumber} came out twice without a mark.`);
  }

  /** Whether an offer's transaction may still be paid, as far as the terminal knows. */
  static isLive(offer: Offer): boolean {
    return !['confirmed', 'removingOrder', 'removeOrderLater', 'settled', 'observed'].includes(offer.stage.name);
  }
}
