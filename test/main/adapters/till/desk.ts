import type { BillDraft, BillView } from '../../../../src/shared/bill.ts';
import { refusal, type Answer } from '../../../../src/shared/contract.ts';
import type { Snapshot } from '../../../../src/shared/snapshot.ts';
import type { Notice, TillCommand, TillDesk } from '../../../../src/main/ports/terminal.ts';

/** A terminal behind the till's port, as small as it can be: bills in a map, notices in a list. */
export class FixtureDesk implements TillDesk {
  readonly bills = new Map<string, BillView>();
  readonly commands: TillCommand[] = [];
  /** When set, everything is refused with it. */
  refusal: Extract<Answer, { ok: false }>['code'] | undefined;
  /** When set, what is read from the journal fails with it. */
  broken: Error | undefined;
  /** Id of the newest notice that was ever read. */
  newestRead = 0;
  readonly #keys = new Map<string, { billId: string; bodyHash: string }>();
  readonly #notices: Notice[] = [];
  readonly #listeners = new Set<(notice: Notice) => void>();

  submit(command: TillCommand): Promise<Answer> {
    this.commands.push(command);
    return Promise.resolve(this.#answer(command));
  }

  #answer(command: TillCommand): Answer {
    if (this.refusal) return refusal(this.refusal, 'Not now.');
    if (command.type === 'create') return this.#create(command);
    const bill = this.bills.get(command.billId);
    if (!bill) return refusal('bill_unknown', 'There is no such bill.');
    if (command.type === 'edit') this.#set({ ...bill, ...viewOf(command.draft), version: bill.version + 1 });
    if (command.type === 'withdraw') this.#set({ ...bill, status: 'withdrawn' });
    if (command.type === 'paidOtherwise') this.#set({ ...bill, status: 'paid', paid: { how: command.how, at: 1 } });
    return { ok: true, billId: command.billId };
  }

  #create({ draft, idempotency }: Extract<TillCommand, { type: 'create' }>): Answer {
    const earlier = this.#keys.get(idempotency.key);
    if (earlier) {
      return earlier.bodyHash === idempotency.bodyHash
        ? { ok: true, billId: earlier.billId }
        : refusal('idempotency_conflict', 'This Idempotency-Key was used for another bill.');
    }
    const id = `bill_${this.bills.size + 1}`;
    this.#keys.set(idempotency.key, { billId: id, bodyHash: idempotency.bodyHash });
    this.#set({ id, version: 1, source: 'till', status: 'preparing', createdAt: 1, ...viewOf(draft) });
    return { ok: true, billId: id };
  }

  #set(bill: BillView): void {
    this.bills.set(bill.id, bill);
    this.tell(`bill.${bill.status}`, { bill });
  }

  /** Tells a notice, as the journal would number it. */
  tell(type: string, data: Notice['data'] = {}): void {
    const notice = { id: this.#notices.length + 1, at: 1, type, data };
    this.#notices.push(notice);
    for (const listener of this.#listeners) listener(notice);
  }

  bill(id: string): BillView | undefined {
    this.#read();
    return this.bills.get(id);
  }

  #read(): void {
    if (this.broken) throw this.broken;
  }

  snapshot(): Snapshot {
    return {
      revision: 1,
      at: 5,
      language: 'en',
      terminal: { name: 'T1', locale: { en: 'en-GB', lt: 'lt-LT' } },
      spot: { code: 'PAYSERA*3:TABLE1', name: 'Table 1', place: 'Café', currency: 'EUR' },
      customer: { view: 'bill', scan: true, bills: [...this.bills.values()], offline: false, attention: false },
    };
  }

  noticesAfter(id: number, limit: number): readonly Notice[] {
    this.#read();
    const page = this.#notices.slice(id, id + limit);
    this.newestRead = Math.max(this.newestRead, page.at(-1)?.id ?? 0);
    return page;
  }

  newestNotice(): number {
    this.#read();
    return this.#notices.length;
  }

  onNotice(callback: (notice: Notice) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

function viewOf(draft: BillDraft): Pick<BillView, 'number' | 'lines' | 'total' | 'currency'> {
  return { number: draft.number, lines: draft.lines, total: draft.total, currency: draft.currency };
}
