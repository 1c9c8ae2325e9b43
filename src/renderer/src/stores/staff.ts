import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { BillView } from '../../../shared/bill.ts';
import { useTerminalStore } from './terminal.ts';

export type StaffTab = 'overview' | 'editor' | 'receipts' | 'status';

/** Where staff are on their screens. Whether they may be there is main's decision: no staff part, no staff screens. */
export const useStaffStore = defineStore('staff', () => {
  const terminal = useTerminalStore();
  const open = shallowRef(false);
  const tab = shallowRef<StaffTab>('overview');
  /** The bill being edited; undefined for a new one. */
  const editing = shallowRef<BillView>();
  const unlocked = computed(() => terminal.staff !== undefined);

  watch(unlocked, (now, before) => {
    // Locked by main: nothing of staff's screens stays.
    if (before && !now) leave();
  });

  function enter(): void {
    open.value = true;
  }

  function leave(): void {
    open.value = false;
    tab.value = 'overview';
    editing.value = undefined;
  }

  function show(next: StaffTab, bill?: BillView): void {
    editing.value = bill;
    tab.value = next;
  }

  return { open, tab, editing, unlocked, enter, leave, show };
});
