import { onMounted, onScopeDispose } from 'vue';

/** Calls back with every key that is pressed anywhere on the page, while the component is there. */
export function useKeys(pressed: (event: KeyboardEvent) => void): void {
  onMounted(() => {
    window.addEventListener('keydown', pressed);
  });
  onScopeDispose(() => {
    window.removeEventListener('keydown', pressed);
  });
}
