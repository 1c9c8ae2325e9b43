import { computed } from 'vue';
import type { BillView } from '../../../shared/bill.ts';
import { useTerminalStore } from '../stores/terminal.ts';

type Details = Readonly<Record<string, string | number>>;

/** Amounts and times in the form of the language at hand. Formatting happens here and on receipts only. */
export function useFormat() {
  const store = useTerminalStore();
  const tag = computed(() => store.snapshot?.terminal.locale[store.language] ?? 'en-GB');

  /** Minor units as people write them. */
  function money(amount: number, currency: string): string {
    // All our currencies are counted in hundredths (shared/money.ts), whatever the browser thinks of them.
    const places = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
    return new Intl.NumberFormat(tag.value, { style: 'currency', currency, ...places }).format(amount / 100);
  }

  /** What the bills come to: one amount where they have one currency. */
  function sum(bills: readonly Pick<BillView, 'total' | 'currency'>[]): string {
    const totals = new Map<string, number>();
    for (const { total, currency } of bills) totals.set(currency, (totals.get(currency) ?? 0) + total);
    return [...totals].map(([currency, total]) => money(total, currency)).join(' + ');
  }

  /** Milliseconds since 1970 as a time of day. */
  function time(at: number): string {
    return new Intl.DateTimeFormat(tag.value, { hour: '2-digit', minute: '2-digit' }).format(at);
  }

  /** Milliseconds since 1970 as day and time, to the second. */
  function moment(at: number): string {
    return new Intl.DateTimeFormat(tag.value, { dateStyle: 'short', timeStyle: 'medium' }).format(at);
  }

  /** The time between two moments in its largest unit: minutes, hours or days. */
  function age(since: number, now: number): string {
    const minutes = Math.max(0, Math.floor((now - since) / 60_000));
    const [value, unit] =
      minutes < 120
        ? ([minutes, 'minute'] as const)
        : minutes < 2_880
          ? ([Math.floor(minutes / 60), 'hour'] as const)
          : ([Math.floor(minutes / 1_440), 'day'] as const);
    return new Intl.NumberFormat(tag.value, { style: 'unit', unit, unitDisplay: 'short' }).format(value);
  }

  /** How long ago something was, to the second while it is fresh. */
  function ago(since: number, now: number): string {
    const seconds = Math.max(0, Math.round((now - since) / 1_000));
    if (seconds >= 120) return age(since, now);
    return new Intl.NumberFormat(tag.value, { style: 'unit', unit: 'second', unitDisplay: 'short' }).format(seconds);
  }

  /** Bytes in millions, or in thousands when they are few. */
  function bytes(count: number): string {
    const unit = count >= 1e9 ? 'gigabyte' : count >= 1e6 ? 'megabyte' : 'kilobyte';
    const value = count / { gigabyte: 1e9, megabyte: 1e6, kilobyte: 1e3 }[unit];
    return new Intl.NumberFormat(tag.value, { style: 'unit', unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(
      value,
    );
  }

  function quantity(value: number): string {
    return new Intl.NumberFormat(tag.value, { maximumFractionDigits: 3 }).format(value);
  }

  /** Details of something to be looked at: amounts come as minor units and currency, `650 EUR`. */
  function details(values: Details): Details {
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const match = /^(-?\d+) ([A-Z]{3})$/u.exec(String(value));
        return [name, match?.[2] ? money(Number(match[1]), match[2]) : value];
      }),
    );
  }

  return { money, sum, moment, time, age, ago, bytes, quantity, details };
}
