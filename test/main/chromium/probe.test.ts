import { expect, test } from 'vitest';
import { remedyAfter } from '../../../src/main/chromium/keep.ts';
import { complaintAbout } from '../../../src/main/chromium/probe.ts';

const seen = (wanted: string, shown: string) => ({ result: { type: 'object', value: { wanted, shown } } });

test('a page that shows what the core says is right, and so is one that staff work at', () => {
  expect(complaintAbout(seen('idle', 'idle'))).toBeNull();
  expect(complaintAbout(seen('bill', 'staff'))).toBeNull();
});

test.each<[string, unknown]>([
  ['another view', seen('paid', 'bill')],
  ['nothing at all', seen('idle', '')],
  ['a mistake in the page', { result: { type: 'object' }, exceptionDetails: { text: 'Uncaught (in promise)' } }],
  ['a mistake that looks like an answer', { ...seen('idle', 'idle'), exceptionDetails: {} }],
  ['an answer that is none', 'idle'],
])('%s is complained of', (_name, evaluated) => {
  expect(complaintAbout(evaluated)).toMatch(/\.$/);
});

test('one bad look may be chance, two have the page loaded anew, four have the browser started anew', () => {
  expect([1, 2, 3, 4, 5].map(remedyAfter)).toEqual(['wait', 'reload', 'wait', 'giveUp', 'giveUp']);
});
