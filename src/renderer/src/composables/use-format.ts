import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useTerminalStore } from '../stores/terminal.ts';

/** Amounts and times in the form of the language at hand. Formatting happens here and on receipts only. */
export function useFormat() {
  const store = useTerminalStore();
  const { locale } = useI18n();
  const tag = computed(() => store.snapshot?.terminal.locale[locale.value as 'en' | 'lt'] ?? 'en-GB');

  /** Minor units as people write them. */
  function money(amount: number, currency: string): string {
    return new Intl.NumberFormat(tag.value, { style: 'currency', currency }).format(amount / 100);
  }

  /** Milliseconds since 1970 as a time of day. */
  function time(at: number): string {
    return new Intl.DateTimeFormat(tag.value, { hour: '2-digit', minute: '2-digit' }).format(at);
  }

  function quantity(value: number): string {
    return new Intl.NumberFormat(tag.value, { maximumFractionDigits: 3 }).format(value);
  }

  /** Details of something to be looked at: amounts come as minor units and currency, `650 EUR`. */
  function details(values: Readonly<Record<string, string | number>>): Record<string, string | number> {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const match = /^(-?\d+) ([A-Z]{3})$/.exec(String(value));
        return [name, match?.[2] ? money(Number(match[1]), match[2]) : value];
      }),
    );
  }

  return { money, time, quantity, details };
}
