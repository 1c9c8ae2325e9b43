import { chanceFrom } from '../../sandbox/world/chance.ts';

/** Everything that is left to chance in a run, from one seed. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = chanceFrom(seed);
  }

  /** Whether something of this likelihood (0..1) happens. */
  happens(likelihood: number): boolean {
    return this.#next() < likelihood;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.#next() * (most - least + 1));
  }

  /** A whole number from 0 to `most`, small ones more often. */
  small(most: number): number {
    return Math.floor(this.#next() ** 2 * (most + 1));
  }

  /** One of them. @throws Error when there is none */
  pick<Each>(list: readonly Each[]): Each {
    const found = list[Math.floor(this.#next() * list.length)];
    if (found === undefined) throw new Error('There is nothing to pick from.');
    return found;
  }

  /** One of the names, each as likely as its weight. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(weights) as Name[];
    let left = this.#next() * names.reduce((sum, name) => sum + weights[name], 0);
    return names.find((name) => (left -= weights[name]) < 0) ?? this.pick(names);
  }
}
