/** Gives up what was started. */
export type Stop = () => void;

/** Those who want to hear of something. */
export class Listeners<Args extends readonly unknown[]> {
  readonly #all = new Set<(...args: Args) => void>();

  add(listener: (...args: Args) => void): Stop {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  }

  tell(...args: Args): void {
    for (const listener of this.#all) listener(...args);
  }
}
