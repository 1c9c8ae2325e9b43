import { z } from 'zod';

/**
 * For `Runtime.evaluate`, hence a text: it runs in the page. It asks the core for the snapshot over a connection of its
 * own, lets the page draw twice, looks which view stands there, and asks once more: the second question tells the core
 * that the whole way is sound (src/main/watchdog/screens.ts). A monitor that is switched off gives no frames; that is not
 * the terminal's fault, so after half a second it is enough that the page is there.
 */
export const probe = `(async () => {
  const frame = () => Promise.race([
    new Promise((drawn) => requestAnimationFrame(drawn)),
    new Promise((late) => setTimeout(late, 500)),
  ]);
  // The set-up has no core behind it yet; its page and its server are all there is.
  if (document.querySelector('[data-step]')) {
    const answer = await fetch('./setup/state');
    await frame();
    return { wanted: answer.ok ? 'setup' : 'an answer', shown: 'setup' };
  }
  const socket = new WebSocket('ws://' + location.host + '/screen');
  const ask = (id) => new Promise((resolve, reject) => {
    socket.addEventListener('close', reject);
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data);
      if (message.id === id) resolve(message.snapshot);
    });
    socket.send(JSON.stringify({ type: 'snapshot', id }));
  });
  try {
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('close', reject);
    });
    const { customer } = await ask(1);
    await frame();
    await frame();
    const view = document.querySelector('main[data-view]')?.dataset.view;
    const staff = document.querySelector('main[data-screen]') ? 'staff' : '';
    await ask(2);
    return { wanted: customer.view, shown: view ?? staff };
  } finally {
    socket.close();
  }
})()`;

/** What the evaluation gives. */
const evaluatedSchema = z.object({
  result: z.object({ value: z.object({ wanted: z.string(), shown: z.string() }).optional() }),
  exceptionDetails: z.unknown().optional(),
});

/** Null when the page shows what the core says, or staff are at work; else a sentence. */
export function complaintAbout(evaluated: unknown): string | null {
  const parsed = evaluatedSchema.safeParse(evaluated);
  const seen = parsed.success && parsed.data.exceptionDetails === undefined ? parsed.data.result.value : undefined;
  if (!seen) return 'The page is not the terminal’s, or does not reach the core.';
  if (seen.shown === seen.wanted || seen.shown === 'staff') return null;
  return `The page shows ${seen.shown || 'nothing'} where the core says ${seen.wanted}.`;
}
