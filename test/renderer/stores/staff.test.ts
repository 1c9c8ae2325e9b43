import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { nextTick } from 'vue';
import { useDraftStore } from '../../../src/renderer/src/stores/draft.ts';
import { useStaffStore } from '../../../src/renderer/src/stores/staff.ts';
import { useTerminalStore } from '../../../src/renderer/src/stores/terminal.ts';
import { quietStaff, snapshot } from '../fixture/snapshots.ts';

beforeEach(() => {
  setActivePinia(createPinia());
});

/** Staff in the editor, with a bill begun. */
async function editing() {
  const [terminal, staff, draft] = [useTerminalStore(), useStaffStore(), useDraftStore()];
  terminal.receive(snapshot({}, { staff: quietStaff(), revision: 1 }));
  await nextTick();
  staff.enter();
  staff.show('editor');
  draft.begin('7');
  draft.add({ title: 'Coffee', amount: 250 });
  return { terminal, staff, draft };
}

test('a lock that was asked for lasts until main has locked', async () => {
  const { terminal, staff, draft } = await editing();
  staff.lock();
  await nextTick();
  expect([staff.open, staff.locking, draft.lines.length]).toEqual([true, true, 2]);
  terminal.receive(snapshot({}, { revision: 2 }));
  await nextTick();
  expect([staff.open, staff.locking, staff.tab, draft.lines.length]).toEqual([false, false, 'overview', 0]);
});

test.each([
  [
    'locks by itself',
    (terminal: ReturnType<typeof useTerminalStore>) => {
      terminal.receive(snapshot({}, { revision: 2 }));
    },
  ],
  [
    'is gone',
    (terminal: ReturnType<typeof useTerminalStore>) => {
      terminal.forget();
    },
  ],
])('whoever was called away goes on with what was typed after main %s', async (_name, happen) => {
  const { terminal, staff, draft } = await editing();
  happen(terminal);
  await nextTick();
  expect([staff.open, draft.number, draft.lines.length]).toEqual([false, '7', 2]);
});
