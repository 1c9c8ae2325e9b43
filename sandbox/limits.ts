const minuteMs = 60_000;
const hourMs = 3_600_000;

/** How many requests a client may send (api.md 11.5: 60 and 1,000). */
export interface LimitSizes {
  readonly limitPerMinute: number;
  readonly limitPerHour: number;
}

/** Counts the requests of each client. */
export class Limits {
  readonly #taken = new Map<string, readonly number[]>();

  /**
   * Milliseconds that this client must wait at that moment (milliseconds since 1970); 0 when it may ask now, which is
   * then counted. Refused requests are not counted.
   */
  take(client: string, now: number, { limitPerMinute, limitPerHour }: LimitSizes): number {
    const hour = (this.#taken.get(client) ?? []).filter((time) => time > now - hourMs);
    const minute = hour.filter((time) => time > now - minuteMs);
    const waitMs = Math.max(waitFor(hour, limitPerHour, now - hourMs), waitFor(minute, limitPerMinute, now - minuteMs));
    if (waitMs === 0) this.#taken.set(client, [...hour, now]);
    return waitMs;
  }
}

/** Until the oldest of as many as are allowed has left the window. */
function waitFor(times: readonly number[], most: number, since: number): number {
  const blocking = times.length < most ? undefined : times[times.length - most];
  return blocking === undefined ? 0 : blocking - since;
}
