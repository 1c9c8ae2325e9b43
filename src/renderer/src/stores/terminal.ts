import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Language, Snapshot } from '../../../shared/snapshot.ts';
import type { Link } from '../bridge.ts';

/** The snapshot, mirrored: replaced whole, older ones ignored, forgotten when main is gone. It decides nothing. */
export const useTerminalStore = defineStore('terminal', () => {
  /** What main last said; undefined before it has said anything, and when it has been gone for too long. */
  const snapshot = shallowRef<Snapshot>();
  /** Outlives the snapshot, so that "one moment" is said in the language that was chosen. */
  const language = shallowRef<Language>('en');
  let newLine = true;

  function receive(next: Snapshot): void {
    // A terminal that was started again counts from the beginning: after a new connection a smaller revision is no older.
    if (!newLine && snapshot.value && next.revision < snapshot.value.revision) return;
    newLine = false;
    snapshot.value = next;
    language.value = next.language;
  }

  function expectNewLine(): void {
    newLine = true;
  }

  function forget(): void {
    snapshot.value = undefined;
  }

  /** Mirrors this terminal from now on. */
  function mirror(link: Link): void {
    link.onLine(expectNewLine);
    link.onGone(forget);
    link.terminal.onSnapshot(receive);
    link.start();
  }

  const staff = computed(() => snapshot.value?.staff);
  return { snapshot, language, staff, receive, expectNewLine, forget, mirror };
});
