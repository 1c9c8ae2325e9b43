import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { useTerminalStore } from '../../../src/renderer/src/stores/terminal.ts';
import { quietStaff, snapshot } from '../fixture/snapshots.ts';

beforeEach(() => {
  setActivePinia(createPinia());
});

const at = (revision: number) => snapshot({}, { revision });

test('a newer snapshot takes the place of the one before, whole', () => {
  const store = useTerminalStore();
  store.receive(snapshot({}, { revision: 1, staff: quietStaff() }));
  expect(store.staff).toBeDefined();
  const next = at(2);
  store.receive(next);
  expect(store.snapshot).toBe(next);
  expect(store.staff).toBeUndefined();
});

test('an older snapshot is ignored, one of the same revision is not: staff may have been locked', () => {
  const store = useTerminalStore();
  store.receive(snapshot({}, { revision: 5, staff: quietStaff() }));
  store.receive(at(4));
  expect(store.snapshot?.revision).toBe(5);
  store.receive(at(5));
  expect(store.staff).toBeUndefined();
});

test('after a new connection whatever comes first is taken: a terminal that was started again counts from the beginning', () => {
  const store = useTerminalStore();
  store.receive(at(900));
  store.expectNewLine();
  store.receive(at(1));
  expect(store.snapshot?.revision).toBe(1);
  store.receive(at(0));
  expect(store.snapshot?.revision).toBe(1);
});

test('when main is gone nothing of what it said is left but the language', () => {
  const store = useTerminalStore();
  store.receive(snapshot({}, { language: 'lt', staff: quietStaff() }));
  store.forget();
  expect(store.snapshot).toBeUndefined();
  expect(store.staff).toBeUndefined();
  expect(store.language).toBe('lt');
});
