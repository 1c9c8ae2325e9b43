/** 60 requests a minute and 1,000 an hour for each client (api.md 11.5). */
export class Limits {
  readonly #taken = new Map<string, number[]>();

  /** Whether this client may ask once more at that moment (milliseconds). Refused requests do not count. */
  take(client: string, now: number): boolean {
    const recent = (this.#taken.get(client) ?? []).filter((time) => time > now - 3_600_000);
    const lastMinute = recent.filter((time) => time > now - 60_000).length;
    if (recent.length >= 1000 || lastMinute >= 60) return false;
    recent.push(now);
    this.#taken.set(client, recent);
    return true;
  }
}
