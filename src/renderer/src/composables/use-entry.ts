import { readonly, shallowRef } from 'vue';
import { amountOf, withDigits, withOtherSign, withoutLastDigit } from '../draft/amount-entry.ts';
import { useDraftStore } from '../stores/draft.ts';

/** What is being typed into. */
export type Field = { readonly name: 'number' } | { readonly name: 'title' | 'amount'; readonly line: number };

/** Typing into a draft, from the keys on the screen or from a keyboard. */
export function useEntry() {
  const draft = useDraftStore();
  const field = shallowRef<Field>({ name: 'amount', line: 0 });

  function changeText(change: (text: string) => string): void {
    const at = field.value;
    if (at.name === 'number') draft.number = change(draft.number).slice(0, 40);
    else {
      const line = draft.lines[at.line];
      if (line) line.title = change(line.title).slice(0, 120);
    }
  }

  function changeAmount(change: (amount: number) => number): void {
    const at = field.value;
    const line = at.name === 'amount' ? draft.lines[at.line] : undefined;
    if (line) line.amount = change(line.amount);
  }

  /** A key on an amount's field. Gives whether it was one for amounts. */
  function amountKey(key: string): boolean {
    if (/^\d$/u.test(key)) changeAmount((amount) => withDigits(amount, key));
    else if (key === 'Backspace') changeAmount(withoutLastDigit);
    else if (key === '-') changeAmount(withOtherSign);
    else return false;
    return true;
  }

  return {
    field: readonly(field),
    focus(next: Field): void {
      field.value = next;
    },
    letter(letter: string): void {
      changeText((text) => text + letter);
    },
    deleteLetter(): void {
      changeText((text) => text.slice(0, -1));
    },
    digits(digits: string): void {
      changeAmount((amount) => withDigits(amount, digits));
    },
    deleteDigit(): void {
      changeAmount(withoutLastDigit);
    },
    minus(): void {
      changeAmount(withOtherSign);
    },
    /** Something came into an amount's field in another way: pasted, or typed by a keyboard without keys. */
    amountText(text: string): void {
      changeAmount(() => amountOf(text));
    },
    amountKey,
  };
}
