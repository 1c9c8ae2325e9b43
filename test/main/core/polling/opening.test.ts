import { describe, expect, it } from 'vitest';
import { isOpen, type OpenSpan } from '../../../../src/main/core/polling/opening.ts';

const zone = 'Europe/Vilnius';
/** A moment by the clock on the wall in Vilnius in winter (UTC+2); 23 November 2026 is a Monday. */
const at = (day: number, time: string) => Date.parse(`2026-11-${String(day)}T${time}:00+02:00`);

const lunchAndDinner: readonly OpenSpan[] = [
  { days: ['mon', 'tue'], from: '11:00', to: '15:00' },
  { days: ['mon', 'tue'], from: '17:30', to: '22:00' },
];
const bar: readonly OpenSpan[] = [{ days: ['sat', 'sun'], from: '20:00', to: '03:00' }];

describe('opening hours', () => {
  it('left out, are always', () => {
    expect(isOpen([], at(23, '04:00'), zone)).toBe(true);
  });
  it.each([
    [23, '10:59', false],
    [23, '11:00', true],
    [23, '14:59', true],
    [23, '15:00', false],
    [24, '17:30', true],
    [24, '22:00', false],
    [25, '12:00', false],
  ])('with a break at noon: on the %s at %s: %s', (day, time, open) => {
    expect(isOpen(lunchAndDinner, at(day, time), zone)).toBe(open);
  });
  it.each([
    [28, '19:59', false],
    [28, '20:00', true],
    [29, '02:59', true],
    [29, '03:00', false],
    [30, '02:59', true],
    [30, '20:00', false],
  ])('past midnight, and over the end of the week: on the %s at %s: %s', (day, time, open) => {
    expect(isOpen(bar, at(day, time), zone)).toBe(open);
  });
  it('of a whole day', () => {
    const all: readonly OpenSpan[] = [{ days: ['mon'], from: '00:00', to: '24:00' }];
    expect([at(23, '00:00'), at(23, '23:59'), at(24, '00:00')].map((moment) => isOpen(all, moment, zone))).toEqual([
      true,
      true,
      false,
    ]);
  });
  it('go by the clock of the place, in summer too', () => {
    const span: readonly OpenSpan[] = [{ days: ['wed'], from: '09:00', to: '10:00' }];
    expect(isOpen(span, Date.parse('2026-07-01T06:30:00Z'), zone)).toBe(true);
    expect(isOpen(span, Date.parse('2026-07-01T06:30:00Z'), 'Europe/Lisbon')).toBe(false);
  });
});
