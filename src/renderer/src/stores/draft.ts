import { defineStore } from 'pinia';
import { computed, reactive, shallowRef } from 'vue';
import type { BillDraft, BillView } from '../../../shared/bill.ts';
import type { Currency } from '../../../shared/money.ts';

/** One line as it is being typed; the amount in minor units. */
interface DraftLine {
  readonly key: number;
  title: string;
  amount: number;
  readonly quantity?: number | undefined;
}

/** Why a draft cannot be sent yet. */
export type Missing = 'number' | 'amount' | 'total';

/** A bill being typed. It outlives a lock by time: who was called away goes on where they were. Whoever locks is done with it (staff.ts). */
export const useDraftStore = defineStore('draft', () => {
  const billId = shallowRef<string>();
  /** The number that the bill had before, for the heading. */
  const editedNumber = shallowRef('');
  const number = shallowRef('');
  const lines = reactive<DraftLine[]>([]);
  let lastKey = 0;

  const total = computed(() => lines.reduce((sum, line) => sum + line.amount, 0));
  const touched = computed(() => lines.some((line) => line.title !== '' || line.amount !== 0));
  const missing = computed<Missing | undefined>(() => {
    if (number.value.trim() === '') return 'number';
    if (lines.some((line) => line.amount === 0)) return 'amount';
    return total.value > 0 ? undefined : 'total';
  });

  function add(line: Partial<DraftLine> = {}): void {
    lines.push({ title: '', amount: 0, ...line, key: (lastKey += 1) });
  }

  function remove(index: number): void {
    lines.splice(index, 1);
  }

  /** Begins a new bill, unless one has been begun: that is gone on with. */
  function begin(suggested: string): void {
    if (billId.value === undefined && touched.value) return;
    discard();
    number.value = suggested;
    add();
  }

  /** Begins to edit this bill. */
  function edit(bill: BillView): void {
    discard();
    billId.value = bill.id;
    editedNumber.value = bill.number;
    number.value = bill.number;
    for (const { total: amount, ...line } of bill.lines) add({ ...line, amount });
  }

  function discard(): void {
    billId.value = undefined;
    number.value = '';
    lines.splice(0);
  }

  /** What is sent. A line without a text gets the one given: a receipt needs a word. */
  function asBill(currency: Currency, itemName: string): BillDraft {
    return {
      number: number.value.trim(),
      lines: lines.map(({ title, amount, quantity }) => ({
        title: title.trim() || itemName,
        total: amount,
        ...(quantity === undefined ? {} : { quantity }),
      })),
      total: total.value,
      currency,
    };
  }

  return { billId, editedNumber, number, lines, total, missing, add, remove, begin, edit, discard, asBill };
});
