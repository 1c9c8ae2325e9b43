import { describe, expect, it } from 'vitest';
import { linkAfter, unavailable, unknownLink } from '../../../../src/main/core/link/link.ts';

describe('callbacks', () => {
  const at = 1_790_000_000_000;

  it('are no part of the terminal while they are switched off', () => {
    expect(unknownLink(at).callbacks).toBeNull();
    expect(linkAfter(unknownLink(at), { type: 'apiAnswered' }, at).callbacks).toBeNull();
  });

  it.each([
    ['unproven', { status: 'unknown', since: at }],
    ['working', { status: 'ok', since: at }],
    ['silent', { status: 'failing', since: at, code: 'callbacks_silent' }],
  ] as const)('are shown to staff when they are %s, and never keep the terminal from serving', (standing, health) => {
    const link = linkAfter(unknownLink(at - 5), { type: 'callbacks', standing }, at);
    expect(link.callbacks).toMatchObject(health);
    expect(unavailable(link, 0, at + 1_000_000)).toBeUndefined();
  });
});

describe('the journal', () => {
  const at = 1_790_000_000_000;
  const failing = (code: string) =>
    linkAfter(unknownLink(at), { type: 'journal', problem: { code, message: 'It says what to do.' } }, at);

  it('that cannot be written puts the terminal out of order', () => {
    expect(unavailable(failing('journal_unwritable'), 20_000, at)).toBe('journal_failed');
  });

  it('on a full disk lets customers finish what runs', () => {
    expect(failing('disk_full').journal).toMatchObject({ status: 'failing', code: 'disk_full' });
    expect(unavailable(failing('disk_full'), 20_000, at)).toBeUndefined();
  });
});
