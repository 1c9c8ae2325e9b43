/** Waits until the condition gives something else than undefined or false, looking every 10 ms; gives what it gave. */
export async function until<Value>(
  condition: () => Value | undefined | false | Promise<Value | undefined | false>,
  what: string,
  deadlineMs = 20_000,
): Promise<Value> {
  const giveUpAt = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > giveUpAt) throw new Error(`Waited ${deadlineMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
