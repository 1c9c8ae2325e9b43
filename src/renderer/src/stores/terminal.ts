import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Snapshot } from '../../../shared/snapshot.ts';
import type { Link } from '../bridge.ts';

/** The connection may be gone this long before the screen shows nothing of what it knew, in milliseconds. */
const blankAfterMs = 3000;

/** The snapshot, mirrored: replaced whole, older ones ignored. It decides nothing. */
export const useTerminalStore = defineStore('terminal', () => {
  const snapshot = shallowRef<Snapshot>();
  const blank = shallowRef(true);
  let blanking: ReturnType<typeof setTimeout> | undefined;

  function receive(next: Snapshot): void {
    // A smaller revision after a new connection is a terminal that was started again: everything is new then.
    if (!blank.value && snapshot.value && next.revision < snapshot.value.revision) return;
    snapshot.value = next;
    blank.value = false;
  }

  function connection(connected: boolean): void {
    clearTimeout(blanking);
    if (connected) return;
    blanking = setTimeout(() => {
      blank.value = true;
    }, blankAfterMs);
  }

  function listen({ terminal, onConnection }: Link): void {
    onConnection(connection);
    terminal.onSnapshot(receive);
  }

  const staff = computed(() => (blank.value ? undefined : snapshot.value?.staff));
  return { snapshot, blank, staff, receive, connection, listen };
});
