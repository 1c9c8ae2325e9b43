import { computed, reactive, readonly } from 'vue';
import type { BillDraft, BillView } from '../../../shared/bill.ts';
import type { Currency } from '../../../shared/money.ts';

/** One line as it is being typed. */
interface DraftLine {
  title: string;
  /** Minor units. */
  amount: number;
  quantity?: number;
}

/** What is being typed into. */
export type Field = { readonly name: 'number' } | { readonly name: 'title' | 'amount'; readonly line: number };

const largest = 100_000_000;

/** A bill being put together; nothing of it leaves before it is saved. */
export function useDraft(bill: BillView | undefined, itemName: () => string) {
  const draft = reactive({
    number: bill?.number ?? '',
    lines: (bill?.lines.map(({ title, total, quantity }) => ({
      title,
      amount: total,
      ...(quantity === undefined ? {} : { quantity }),
    })) ?? [{ title: '', amount: 0 }]) as DraftLine[],
  });
  const field = reactive<{ at: Field }>({ at: bill ? { name: 'amount', line: 0 } : { name: 'number' } });
  const total = computed(() => draft.lines.reduce((sum, line) => sum + line.amount, 0));
  const complete = computed(
    () => draft.number.trim() !== '' && total.value > 0 && draft.lines.every((line) => line.amount !== 0),
  );

  function lineAt(): DraftLine | undefined {
    return field.at.name === 'number' ? undefined : draft.lines[field.at.line];
  }

  /** Digits shift in from the right, as on any till. */
  function digits(text: string): void {
    const line = lineAt();
    if (!line) return;
    for (const digit of text) {
      const next = line.amount * 10 + Number(digit);
      if (next <= largest) line.amount = next;
    }
  }

  function letter(text: string): void {
    const line = lineAt();
    if (!line) draft.number = (draft.number + text).slice(0, 40);
    else line.title = (line.title + text).slice(0, 120);
  }

  function back(): void {
    const line = lineAt();
    if (!line) draft.number = draft.number.slice(0, -1);
    else if (field.at.name === 'title') line.title = line.title.slice(0, -1);
    else line.amount = Math.trunc(line.amount / 10);
  }

  function add(): void {
    draft.lines.push({ title: '', amount: 0 });
    field.at = { name: 'title', line: draft.lines.length - 1 };
  }

  function remove(index: number): void {
    draft.lines.splice(index, 1);
    field.at = { name: 'number' };
  }

  /** What is sent. A line without a text is called an item: a receipt needs a word. */
  function asBill(currency: Currency): BillDraft {
    const lines = draft.lines.map(({ title, amount, quantity }) => ({
      title: title.trim() || itemName(),
      total: amount,
      ...(quantity === undefined ? {} : { quantity }),
    }));
    return { number: draft.number.trim(), lines, total: total.value, currency };
  }

  return {
    draft,
    field: readonly(field),
    focus: (at: Field) => (field.at = at),
    total,
    complete,
    digits,
    letter,
    back,
    add,
    remove,
    asBill,
  };
}
