import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { useDraftStore } from './draft.ts';
import { useTerminalStore } from './terminal.ts';

export const staffTabs = ['overview', 'editor', 'receipts', 'status'] as const;
export type StaffTab = (typeof staffTabs)[number];

/** Where staff are on their screens. Whether they may be there is main's decision: no staff part, no staff screens. */
export const useStaffStore = defineStore('staff', () => {
  const terminal = useTerminalStore();
  const draft = useDraftStore();
  const open = shallowRef(false);
  const tab = shallowRef<StaffTab>('overview');
  /** Staff have asked for the lock: nothing of their screens is shown any more, but main has not locked it yet. */
  const locking = shallowRef(false);
  /** Touches count for nothing while somebody wipes the screen. */
  const cleaning = shallowRef(false);
  const unlocked = computed(() => terminal.staff !== undefined);

  watch(unlocked, (now, before) => {
    // Locked by main: nothing of staff's screens stays. Whoever locked is done with what was being typed; whoever was
    // called away, and was locked out by time, goes on where they were.
    if (!before || now) return;
    if (locking.value) draft.discard();
    leave();
  });

  function enter(): void {
    open.value = true;
  }

  function leave(): void {
    open.value = false;
    tab.value = 'overview';
    locking.value = false;
  }

  function lock(): void {
    locking.value = true;
  }

  function clean(): void {
    cleaning.value = true;
  }

  function cleaned(): void {
    cleaning.value = false;
  }

  function show(next: StaffTab): void {
    tab.value = next;
  }

  return { open, tab, locking, cleaning, unlocked, enter, leave, lock, clean, cleaned, show };
});
