import { onMounted, onScopeDispose } from 'vue';

/** Calls back when nobody has touched the page or a key for so many milliseconds, while the component is there. */
export function useNeglect(milliseconds: number, neglected: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function touched(): void {
    clearTimeout(timer);
    timer = setTimeout(neglected, milliseconds);
  }

  onMounted(() => {
    touched();
    window.addEventListener('pointerdown', touched);
    window.addEventListener('keydown', touched);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    window.removeEventListener('pointerdown', touched);
    window.removeEventListener('keydown', touched);
  });
}
