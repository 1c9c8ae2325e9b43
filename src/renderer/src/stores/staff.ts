import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { useTerminalStore } from './terminal.ts';

export const staffTabs = ['overview', 'editor', 'receipts', 'status'] as const;
export type StaffTab = (typeof staffTabs)[number];

/** Where staff are on their screens. Whether they may be there is main's decision: no staff part, no staff screens. */
export const useStaffStore = defineStore('staff', () => {
  const terminal = useTerminalStore();
  const open = shallowRef(false);
  const tab = shallowRef<StaffTab>('overview');
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
  }

  function show(next: StaffTab): void {
    tab.value = next;
  }

  return { open, tab, unlocked, enter, leave, show };
});
