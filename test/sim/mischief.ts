import { chanceFrom } from '../../sandbox/world/chance.ts';

/** A stream of chance of its own for each name: what one party draws never changes what another one gets. */
export class Chance {
  readonly #seed: number;
  readonly #streams = new Map<string, () => number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A number in 0..1. */
  draw(name: string): number {
    let stream = this.#streams.get(name);
    if (!stream) this.#streams.set(name, (stream = chanceFrom(this.#seed * 7919 + hashOf(name))));
    return stream();
  }

  /** A whole number from `least` to `most`. */
  between(name: string, least: number, most: number): number {
    return least + Math.floor(this.draw(name) * (most - least + 1));
  }

  /** One of a list, all equally likely. @throws Error when it is empty */
  one<Item>(name: string, list: readonly Item[]): Item {
    const item = list[Math.floor(this.draw(name) * list.length)];
    if (item === undefined) throw new Error(`Nothing to choose from for ${name}.`);
    return item;
  }
}

function hashOf(text: string): number {
  let hash = 2_166_136_261;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  return hash >>> 0;
}

/**
 * Decides what goes wrong and what people do. Everything that happens has a name, the same in every run of a seed, so
 * that a failing run can be told again without what does not matter.
 */
export class Mischief {
  readonly #chance: Chance;
  readonly #left: ReadonlySet<string>;
  readonly #counts = new Map<string, number>();
  readonly #tell: (name: string) => void;
  /** What happened, in order. */
  readonly happened: string[] = [];
  #over = false;

  constructor(chance: Chance, left: ReadonlySet<string>, tell: (name: string) => void) {
    this.#chance = chance;
    this.#left = left;
    this.#tell = tell;
  }

  /** Nothing goes wrong any more. */
  end(): void {
    this.#over = true;
  }

  /** Whether this kind of thing happens now, with that probability. */
  happens(kind: string, probability: number): boolean {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const drawn = this.#chance.draw(`happens ${kind}`) < probability;
    const name = `${kind}#${count}`;
    if (!drawn || this.#over || this.#left.has(name)) return false;
    this.happened.push(name);
    this.#tell(name);
    return true;
  }
}
