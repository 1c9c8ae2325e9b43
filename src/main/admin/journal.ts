import type { JournalBill } from '../../shared/admin/journal.ts';
import type { BillView } from '../../shared/bill.ts';
import { billView } from '../core/snapshot/bill-view.ts';
import { AdminError, type AdminDesk } from '../ports/admin.ts';
import type { JournalPort } from '../ports/journal.ts';
import { lifeOf } from './life.ts';

/** Of these newest notices bills are gathered: a busy evening. */
const newestNotices = 600;
const mostBills = 60;
/** Lines of a life that a screen can show; a bill has some fifty. */
const mostLines = 1_500;

/** Bills of the journal and their lives. */
export function journalDesk(
  journal: Pick<JournalPort, 'bill' | 'billsNamed' | 'life' | 'newestNotice' | 'noticesAfter'>,
): Pick<AdminDesk, 'bills' | 'billLife'> {
  return {
    bills: ({ number }) => ({ bills: number.trim() === '' ? newestBills(journal) : named(journal, number.trim()) }),
    billLife: ({ billId }) => {
      const lines: string[] = [];
      for (const line of lifeOf(billId, journal.life(billId))) {
        if (lines.length === mostLines) return { lines, cut: true };
        lines.push(line);
      }
      if (lines.length === 0) {
        throw new AdminError('bill_unknown', 'The journal has nothing of this bill any more. Look into its archives.');
      }
      return { lines, cut: false };
    },
  };
}

/** The bills that changed last, the newest first. */
export function newestBills(journal: Pick<JournalPort, 'newestNotice' | 'noticesAfter'>): JournalBill[] {
  const after = Math.max(0, journal.newestNotice() - newestNotices);
  const bills = new Map<string, JournalBill>();
  for (const { at, data } of journal.noticesAfter(after, newestNotices)) {
    if (!data.bill) continue;
    // What changed last comes last.
    bills.delete(data.bill.id);
    bills.set(data.bill.id, shown(data.bill, at));
  }
  return [...bills.values()].reverse().slice(0, mostBills);
}

function named(journal: Pick<JournalPort, 'bill' | 'billsNamed'>, number: string): JournalBill[] {
  return journal
    .billsNamed(number)
    .slice(-mostBills)
    .reverse()
    .flatMap((id) => {
      const bill = journal.bill(id);
      return bill ? [shown(billView(bill, undefined), bill.createdAt)] : [];
    });
}

function shown({ id, number, total, currency, status }: BillView, at: number): JournalBill {
  return { id, number, total, currency, status, at };
}
