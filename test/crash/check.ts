import type { Receipt } from '../../src/main/core/bill/state.ts';
import { billOf, disagreements } from './agreement.ts';
import type { Evidence } from './evidence.ts';

/**
 * What must hold after every run, seen from outside: the API's own records, the journal as the last kill left it, the
 * paper, and what till and staff were told. Gives a sentence, with the number of the promise in docs/reliability.md, for
 * each that was broken.
 */
export function broken(evidence: Evidence): string[] {
  return [
    ...onlyWhatWasAsked(evidence),
    ...neverTwice(evidence),
    ...shownAsPaid(evidence),
    ...money(evidence),
    ...paper(evidence),
    ...numbers(evidence),
    ...disagreements(evidence).map((sentence) => `3, 6: ${sentence}`),
    ...journal(evidence),
    ...answersAreKept(evidence),
  ];
}

const short = (key: string) => `…${key.slice(-6)}`;

function ownConfirmed({ world, terminal }: Evidence) {
  return world.transactions.flatMap((transaction) => {
    const billId = billOf(transaction, terminal);
    return transaction.status === 'confirmed' && billId !== undefined ? [{ transaction, billId }] : [];
  });
}

/** What was confirmed is exactly a bill that nobody had withdrawn, edited or paid otherwise. */
function onlyWhatWasAsked(evidence: Evidence): string[] {
  return ownConfirmed(evidence).flatMap(({ transaction, billId }) => {
    const bill = evidence.journal.bills.find(({ id }) => id === billId);
    if (!bill) return [`1: transaction ${short(transaction.key)} was confirmed for a bill that the journal has not`];
    const { status, total } = bill;
    const [payment, ...more] = transaction.payments;
    const same = more.length === 0 && payment?.price === total.amount && payment.currency === total.currency;
    if (!same) return [`1: ${payment?.price ?? 0} was confirmed for bill ${bill.number} of ${total.amount}`];
    const paid = status.name === 'paid' && status.how === 'wallet' && status.transactionKey === transaction.key;
    return paid
      ? []
      : [`1: transaction ${short(transaction.key)} was confirmed, but bill ${bill.number} is ${status.name}`];
  });
}

function neverTwice(evidence: Evidence): string[] {
  const bills = ownConfirmed(evidence).map(({ billId }) => billId);
  const twice = bills.filter((id, index) => bills.indexOf(id) !== index);
  return twice.map((id) => `2: bill ${id} was paid twice`);
}

/** A bill is told as paid once, for ever, and by wallet only when the API had it as confirmed by then. */
function shownAsPaid({ journal: { notices }, world }: Evidence): string[] {
  const found: string[] = [];
  const paid = new Map<string, number>();
  for (const { id, at, data } of notices) {
    if (!data.bill) continue;
    const { bill } = data;
    const before = paid.get(bill.id);
    if (before !== undefined)
      found.push(`2: bill ${bill.number} was told as ${bill.status} (${id}) after paid (${before})`);
    if (bill.status !== 'paid') continue;
    paid.set(bill.id, id);
    if (bill.paid?.how !== 'wallet') continue;
    const transaction = world.transactions.find(({ key }) => key === bill.paid?.transactionKey);
    // Both were told by the clock of this machine.
    if (transaction?.confirmedAt == null || transaction.confirmedAt > at) {
      found.push(`2: bill ${bill.number} was told as paid, but its transaction was not confirmed`);
    }
  }
  return found;
}

/** Every cent that left a customer is a confirmed transaction, and nothing is locked. */
function money({ world, balance }: Evidence): string[] {
  const spent = world.users.reduce((sum, user) => sum + balance - user.balance, 0);
  const taken = world.transactions
    .filter(({ status }) => status === 'confirmed')
    .reduce((sum, { payments }) => sum + payments.reduce((total, { price }) => total + price, 0), 0);
  const locked = world.users.reduce((sum, user) => sum + user.locked, 0);
  return [
    ...(spent === taken ? [] : [`2: customers have spent ${spent}, but ${taken} was confirmed`]),
    ...(locked === 0 ? [] : [`3: ${locked} is still reserved`]),
  ];
}

/** One unmarked receipt of each paid bill, or none and a doubt that staff can see; what says printed is on paper. */
function paper({ journal: { receipts, notices }, papers, staff }: Evidence): string[] {
  const found = papers
    .filter(({ number }) => !receipts.some((receipt) => receipt.number === number))
    .map(({ number }) => `4: paper came out for receipt ${number}, which the journal has not`);
  for (const receipt of receipts) {
    const own = papers.filter(({ number }) => number === receipt.number);
    const unmarked = own.filter(({ marked }) => !marked);
    const whole = own.filter((each) => each.whole);
    if (unmarked.length > 1)
      found.push(`4: receipt ${receipt.number} came out ${unmarked.length} times without a mark`);
    if (receipt.paper.name === 'printed' && whole.length === 0) {
      found.push(`4: receipt ${receipt.number} is said to be printed, but no paper came out`);
    }
    const doubted = notices.some(
      ({ type, data }) => type === 'receipt.doubtful' && data.receiptNumber === receipt.number,
    );
    if (!unmarked.some((each) => each.whole) && !doubted && !isSeen(receipt, staff)) {
      found.push(`4: receipt ${receipt.number} is not on paper, and nobody is told`);
    }
    if (receipt.paper.name === 'doubtful' && !isSeen(receipt, staff)) {
      found.push(`4: receipt ${receipt.number} is in doubt, and staff cannot see it`);
    }
  }
  return found;
}

function isSeen({ number }: Receipt, staff: Evidence['staff']): boolean {
  return staff.receipts.some((each) => each.number === number && ['doubtful', 'failed'].includes(each.print));
}

/** A receipt for each paid bill, numbered from 1 without a gap. */
function numbers({ journal: { bills, receipts } }: Evidence): string[] {
  const paid = bills.flatMap(({ id, status }) =>
    status.name === 'paid' ? [{ id, number: status.receiptNumber }] : [],
  );
  const found =
    paid.length === receipts.length ? [] : [`5: ${paid.length} bills are paid with ${receipts.length} receipts`];
  for (const [index, receipt] of receipts.entries()) {
    if (receipt.number !== index + 1) found.push(`5: receipt ${receipt.number} stands in place ${index + 1}`);
    if (!paid.some(({ id, number }) => id === receipt.billId && number === receipt.number)) {
      found.push(`5: receipt ${receipt.number} belongs to no paid bill`);
    }
  }
  return found;
}

/** The journal is sound after the kill, and holds what the terminal had said. */
function journal({ journal: { soundness, bills: kept }, bills }: Evidence): string[] {
  const found = soundness === 'ok' ? [] : [`6: SQLite finds the journal damaged: ${soundness}`];
  for (const view of bills) {
    const bill = kept.find(({ id }) => id === view.id);
    const standing = ['offered', 'preparing', 'checking'].includes(view.status) ? 'open' : view.status;
    if (bill?.status.name !== standing || bill.total.amount !== view.total || bill.version !== view.version) {
      found.push(`6: bill ${view.number} is ${view.status}, but ${bill?.status.name ?? 'missing'} in the journal`);
    }
  }
  return found;
}

/** What was answered as done is still done after every kill. */
function answersAreKept({ told, bills }: Evidence): string[] {
  return told.flatMap(({ bill: number, what, view: answered }) => {
    const bill = bills.find(({ id }) => id === answered?.id);
    if (!answered || !bill) return [`6: bill ${number} was taken, but is not there`];
    if (told.some((other) => other.bill === number && other.view?.id !== answered.id)) {
      return [`6: bill ${number} was taken twice`];
    }
    const kept =
      what === 'withdraw'
        ? bill.status === 'withdrawn' || bill.paid?.how === 'wallet'
        : what === 'otherwise'
          ? bill.status === 'paid'
          : bill.version >= answered.version && (bill.version > answered.version || bill.total === answered.total);
    return kept ? [] : [`6: ${what} of bill ${number} was answered as done, but the bill is ${bill.status}`];
  });
}
