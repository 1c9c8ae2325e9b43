import { nextTick, onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { PageShowing } from '../../../shared/display-page.ts';
import { deadlines } from '../link/deadlines.ts';
import { readGlass } from './glass.ts';
import type { DisplayLine } from './line.ts';

/**
 * What the page shows: what main said last, and nothing any more once main is gone or silent. Main looks every second,
 * so silence means that it hangs. Every message is answered with what is seen after the next picture was painted; a page that is
 * hidden is not painted, and does not answer.
 */
export function useShowing(line: DisplayLine): Readonly<ShallowRef<PageShowing | null>> {
  const showing = shallowRef<PageShowing | null>(null);
  let heardAt = performance.now();

  line.messages.add((message) => {
    heardAt = performance.now();
    if (message.type === 'show') showing.value = message.showing;
    void afterPainting().then(() => {
      line.send({ type: 'shows', id: message.id, glass: readGlass(document) });
    });
  });
  line.gone.add(() => {
    showing.value = null;
  });
  const timer = setInterval(() => {
    if (performance.now() - heardAt > deadlines.gone) showing.value = null;
  }, deadlines.look / 4);
  onScopeDispose(() => {
    clearInterval(timer);
  });
  return showing;
}

/** The change is in the page with the next tick, drawn with the next frame, and seen when the one after that begins. */
async function afterPainting(): Promise<void> {
  await nextTick();
  for (let frame = 0; frame < 2; frame += 1) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
