import { weekdays, type Weekday } from '../../../shared/weekdays.ts';

/** A span in which the shop is open, by the clock on its wall. One that ends at or before its beginning ends the next day. */
export interface OpenSpan {
  readonly days: readonly Weekday[];
  /** `HH:MM` */
  readonly from: string;
  /** `HH:MM`; `24:00` is the end of the day. */
  readonly to: string;
}

const dayMinutes = 24 * 60;

function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

/** The day and the minute of the day at a moment (milliseconds since 1970) by the clock on the wall there. */
function wallTime(at: number, timeZone: string): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const day = weekdays.findIndex((name) => name === part('weekday').toLowerCase());
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

/** Whether the shop is open at that moment; always, when no spans are given. */
export function isOpen(spans: readonly OpenSpan[], at: number, timeZone: string): boolean {
  if (spans.length === 0) return true;
  const { day, minute } = wallTime(at, timeZone);
  const yesterday = (day + 6) % 7;
  return spans.some(({ days, from, to }) => {
    const begins = minutesOf(from);
    const ends = minutesOf(to) <= begins ? minutesOf(to) + dayMinutes : minutesOf(to);
    const on = (index: number) => days.some((name) => weekdays.indexOf(name) === index);
    return (
      (on(day) && minute >= begins && minute < ends) ||
      (on(yesterday) && minute + dayMinutes >= begins && minute + dayMinutes < ends)
    );
  });
}
